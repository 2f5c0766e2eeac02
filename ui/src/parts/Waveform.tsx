/** The wave, and below it the findings that have a place in time: each leads there. */

import { useEffect, useRef } from "preact/hooks";
import { position, seek } from "../audio/player";
import { drawWave, type Stretch, type Wave } from "../audio/waveform";
import { marks, peaks, stretch, zoom } from "../state/hearing";
import type { MarkKind, TimeMark } from "../state/marks";
import { clock } from "../state/wording";

const LANES: readonly (readonly [MarkKind, string])[] = [
  ["section", "Sections"], ["chord", "Chords"], ["voice", "Voice"], ["fault", "Faults"], ["note", "Findings"],
];

export function Waveform() {
  const box = useRef<HTMLDivElement>(null);
  const wave = useRef<Wave | null>(null);
  const drawn = peaks.value;
  useEffect(() => {
    if (!box.current || !drawn) return undefined;
    wave.current = drawWave(box.current, drawn, (seen) => (stretch.value = seen));
    return () => wave.current?.remove();
  }, [drawn]);
  useEffect(() => wave.current?.zoom(zoom.value), [zoom.value, drawn]);
  const seen = stretch.value;
  return (
    <section class="wave-part" aria-label="Waveform">
      <div class="wave" ref={box} aria-hidden="true" />
      {!drawn && <div class="wave-wait" aria-hidden="true" />}
      {seen && <Ruler seen={seen} />}
      {seen && <Lanes seen={seen} />}
    </section>
  );
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];

function Ruler({ seen }: { readonly seen: Stretch }) {
  const length = seen.to - seen.from;
  const step = STEPS.find((one) => length / one <= 7) ?? 1800;
  const ticks: number[] = [];
  for (let at = Math.ceil(seen.from / step) * step; at < seen.to - length * 0.04; at += step) ticks.push(at);
  return (
    <div class="ruler" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ left: percent((at - seen.from) / length) }}>
          {clock(at, step < 1)}
        </span>
      ))}
    </div>
  );
}

function Lanes({ seen }: { readonly seen: Stretch }) {
  const visible = marks.value.filter((one) => one.end >= seen.from && one.start <= seen.to);
  return (
    <div class="lanes">
      {LANES.map(([kind, label]) => {
        const own = visible.filter((one) => one.kind === kind);
        return own.length ? <Lane key={kind} kind={kind} label={label} marks={own} seen={seen} /> : null;
      })}
    </div>
  );
}

interface LaneProps {
  readonly kind: MarkKind;
  readonly label: string;
  readonly marks: readonly TimeMark[];
  readonly seen: Stretch;
}

function Lane({ kind, label, marks: own, seen }: LaneProps) {
  const length = seen.to - seen.from;
  return (
    <ul class={`lane ${kind}`} aria-label={label}>
      {own.map((one) => {
        const start = Math.max(one.start, seen.from);
        const wide = (Math.min(one.end, seen.to) - start) / length;
        const here = position.value >= one.start && position.value < one.end;
        return (
          <li key={one.key} style={{ left: percent((start - seen.from) / length), width: percent(wide) }}>
            <button
              type="button"
              class={here ? "mark here" : "mark"}
              title={`${one.label}, ${clock(one.start)} to ${clock(one.end)}`}
              aria-label={`${label}: ${one.label}, ${clock(one.start)} to ${clock(one.end)}. Go there`}
              onClick={() => seek(one.start)}
            >
              {wide > 0.02 ? one.label : ""}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`;
}
