/** Before and after at the same loudness: one clock, an instant switch, and what each really measures. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api/client";
import type { Asset, Comparison, Side } from "../api/types";
import * as comparator from "../audio/comparator";
import type { SideName } from "../audio/comparator";
import { sound } from "../state/hearing";
import { tellFault, tried } from "../state/notices";
import { pairOf } from "../state/pairs";
import { projectName } from "../state/place";
import { assets, thread } from "../state/studio";
import { clock, number } from "../state/wording";
import { Icon } from "./Icon";

export function Compare() {
  const before = useSignal("");
  const after = useSignal("");
  const matched = useSignal<Comparison | null>(null);
  const seconds = useSignal(0);
  const busy = useSignal(false);
  const heard = sound.value?.id ?? "";
  const sounds = [...assets.value.values()].filter((one) => one.kind === "audio");
  useEffect(() => {
    const pair = pairOf(heard, thread.value?.messages ?? [], assets.value);
    const a = pair?.before ?? heard;
    const b = pair?.after ?? sounds.findLast((one) => one.id !== heard)?.id ?? "";
    if (a === before.value && b === after.value) return;
    [before.value, after.value] = [a, b];
    forget();
  }, [heard, thread.value, assets.value]);
  useEffect(() => comparator.pause, []);
  const forget = (): void => {
    comparator.pause();
    matched.value = null;
  };
  if (sounds.length < 2) return null;
  const prepare = async (): Promise<void> => {
    const [a, b] = [assets.value.get(before.value), assets.value.get(after.value)];
    if (!a || !b || busy.value) return;
    busy.value = true;
    matched.value = (await ready(a, b, (length) => (seconds.value = length))) ?? null;
    busy.value = false;
  };
  return (
    <section class="compare" aria-label="Compare two versions">
      <h3>Compare at matched loudness</h3>
      <div class="compare-choice">
        <Choice label="A" chosen={before.value} sounds={sounds} choose={(id) => (forget(), (before.value = id))} />
        <Choice label="B" chosen={after.value} sounds={sounds} choose={(id) => (forget(), (after.value = id))} />
      </div>
      {matched.value ? (
        <Switch matched={matched.value} seconds={seconds.value} />
      ) : (
        <button type="button" disabled={busy.value || before.value === after.value || !after.value} onClick={() => void prepare()}>
          {busy.value ? "Matching …" : "Match and compare"}
        </button>
      )}
    </section>
  );
}

async function ready(a: Asset, b: Asset, tell: (seconds: number) => void): Promise<Comparison | undefined> {
  const longest = Math.max(a.seconds ?? 0, b.seconds ?? 0);
  if (longest > comparator.MOST_SECONDS) {
    tellFault({
      tried: `comparing ${a.name} with ${b.name}`,
      happened: `a comparison holds both whole, and takes at most ${comparator.MOST_SECONDS / 60} minutes`,
      do: "Ask for excerpts of both",
    });
    return undefined;
  }
  const levels = await tried(api.compare(projectName.peek(), a.id, b.id));
  if (!levels) return undefined;
  try {
    tell(await comparator.prepare(a, b, levels));
    return levels;
  } catch {
    tellFault({
      tried: `comparing ${a.name} with ${b.name}`,
      happened: "this browser can’t decode one of them",
      do: "Compare WAV, FLAC, MP3 or OGG files",
    });
    return undefined;
  }
}

interface ChoiceProps {
  readonly label: string;
  readonly chosen: string;
  readonly sounds: readonly Asset[];
  readonly choose: (id: string) => void;
}

function Choice({ label, chosen, sounds, choose }: ChoiceProps) {
  return (
    <label>
      <span class="compare-letter">{label}</span>
      <select aria-label={`Version ${label}`} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        {sounds.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Switch({ matched, seconds }: { readonly matched: Comparison; readonly seconds: number }) {
  const at = comparator.comparePosition.value;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), []);
  const turn = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    comparator.hear(comparator.heardSide.value === "a" ? "b" : "a");
  };
  return (
    <div class="compare-switch" ref={box} onKeyDown={turn}>
      <button
        type="button"
        class="play"
        aria-label={comparator.comparing.value ? "Pause the comparison" : "Play the comparison"}
        onClick={() => (comparator.comparing.value ? comparator.pause() : void comparator.play())}
      >
        <Icon name={comparator.comparing.value ? "pause" : "play"} />
      </button>
      <div class="sides-switch" role="group" aria-label="Which is heard (key X changes)">
        <SideButton side="a" label="A" of={matched.a} />
        <SideButton side="b" label="B" of={matched.b} />
      </div>
      <input
        type="range"
        class="seek"
        aria-label="Position in the comparison"
        aria-valuetext={`${clock(at)} of ${clock(seconds)}`}
        min={0}
        max={Math.max(0.1, seconds)}
        step={0.1}
        value={at}
        onInput={(event) => comparator.seekBoth(Number(event.currentTarget.value))}
      />
      <span class="time">{clock(at)}</span>
    </div>
  );
}

function SideButton({ side, label, of }: { readonly side: SideName; readonly label: string; readonly of: Side }) {
  return (
    <button type="button" aria-pressed={comparator.heardSide.value === side} onClick={() => comparator.hear(side)}>
      <strong>{label}</strong>
      <span>{of.lufs === null ? "silent" : `${number(of.lufs)} LUFS`}</span>
      <span class="faint">
        {of.gain_db === 0 ? "as it is" : `${of.gain_db > 0 ? "+" : ""}${number(of.gain_db)} dB`}
      </span>
    </button>
  );
}
