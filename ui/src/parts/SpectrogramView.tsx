/** The spectrogram of the stretch in sight, below the wave to the second, with findings drawn at their place. */

import { useSignal } from "@preact/signals";
import type { Mark, Spectrogram } from "../api/types";
import { position, seek } from "../audio/player";
import type { Stretch } from "../audio/waveform";
import { drawing, sound, spectrogram, spectrogramFault, stretch } from "../state/hearing";
import { clock, hertz, sentence } from "../state/wording";
import { heightOf, pictureIn, type Window } from "./scales";
import { percent } from "./Waveform";

const LABELS = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];

export function SpectrogramView() {
  const [shown, seen, fault] = [spectrogram.value, stretch.value, spectrogramFault.value];
  const told = useSignal<Mark | null>(null);
  if (fault)
    return (
      <p class="failed">
        {sentence(fault.happened)}. {fault.do}
      </p>
    );
  if (!shown || !seen) return <div class="spectrogram-view waits">Drawing the spectrogram …</div>;
  const view: Window = { ...seen, low: shown.hertz[0], high: Math.min(shown.hertz[1], (sound.value?.sample_rate_hz ?? 96000) / 2) };
  const marks = shown.marks.filter((one) => one.end >= seen.from && one.start <= seen.to);
  return (
    <section class="spectrogram" aria-label="Spectrogram" aria-busy={drawing.value}>
      <div class="spectrogram-view">
        <img
          src={shown.url}
          style={pictureIn(view, shown)}
          alt={`Spectrogram, ${clock(seen.from)} to ${clock(seen.to)}, ${hertz(view.low)} to ${hertz(view.high)}`}
        />
        {LABELS.filter((one) => one > view.low && upIn(one, view, shown) < 0.95).map((one) => (
          <span key={one} class="hertz" style={{ bottom: percent(upIn(one, view, shown)) }} aria-hidden="true">
            {one >= 1000 ? `${one / 1000}k` : one}
          </span>
        ))}
        <Cursor seen={seen} />
        {marks.map((one) => (
          <PlotMark
            key={`${one.aspect}${one.start}${one.low}`}
            one={one}
            view={view}
            shown={shown}
            tell={(mark) => (told.value = mark)}
          />
        ))}
      </div>
      <p class="told" aria-live="polite">
        {told.value ? describe(told.value) : hint(marks.length)}
      </p>
    </section>
  );
}

function hint(marks: number): string {
  if (!marks) return "No findings with a place in this stretch";
  return marks === 1 ? "One finding at its place: point at it" : `${marks} findings at their place: point at one`;
}

interface MarkProps {
  readonly one: Mark;
  readonly view: Window;
  readonly shown: Spectrogram;
  readonly tell: (mark: Mark | null) => void;
}

function PlotMark({ one, view, shown, tell }: MarkProps) {
  const length = view.to - view.from;
  const [left, right] = [clamp((one.start - view.from) / length), clamp((one.end - view.from) / length)];
  const [bottom, top] = [upIn(one.low ?? view.low, view, shown), upIn(one.high ?? view.high, view, shown)];
  return (
    <button
      type="button"
      class={one.aspect.startsWith("structure") ? "plot-mark section" : "plot-mark"}
      style={{ left: percent(left), width: percent(right - left), bottom: percent(bottom), height: percent(top - bottom) }}
      aria-label={`${describe(one)}. Go there`}
      onPointerEnter={() => tell(one)}
      onPointerLeave={() => tell(null)}
      onFocus={() => tell(one)}
      onBlur={() => tell(null)}
      onClick={() => seek(one.start)}
    />
  );
}

function Cursor({ seen }: { readonly seen: Stretch }) {
  const share = (position.value - seen.from) / (seen.to - seen.from);
  return share >= 0 && share <= 1 ? <span class="plot-cursor" style={{ left: percent(share) }} /> : null;
}

function describe(mark: Mark): string {
  const where = `${clock(mark.start)} to ${clock(mark.end)}`;
  const band = mark.low !== null && mark.high !== null && mark.low > 0 ? `, ${hertz(mark.low)} to ${hertz(mark.high)}` : "";
  return `${mark.text}, ${where}${band}`;
}

/** The share of the view's height below a frequency. */
function upIn(value: number, view: Window, shown: Spectrogram): number {
  return clamp(heightOf(value, { scale: shown.scale, hertz: [view.low, view.high] }));
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
