/** What is known of the sound at hand for drawing it: its wave, the stretch in sight, its spectrogram. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { api, StudioError } from "../api/client";
import type { Asset, Fault, Mark, Peaks, Spectrogram } from "../api/types";
import type { Stretch } from "../audio/waveform";
import { load } from "../audio/player";
import { fromPicture, marksOf, type TimeMark } from "./marks";
import { projectName } from "./place";
import { file, project } from "./studio";

export const sound = computed<Asset | null>(() => (file.value?.kind === "audio" ? file.value : null));
export const peaks = signal<Peaks | null>(null);
export const stretch = signal<Stretch | null>(null);
export const spectrogram = signal<Spectrogram | null>(null);
export const spectrogramFault = signal<Fault | null>(null);
/** How many times the wave is drawn wider than the panel. */
export const zoom = signal(1);
export const drawing = signal(false);

const PEAK_POINTS = 3000;
const SETTLED_MS = 250;

export const marks = computed<readonly TimeMark[]>(() => {
  const [known, heard] = [project.value, sound.value];
  if (!known || !heard) return [];
  const own = marksOf(known, heard.id, heard.seconds ?? Number.MAX_VALUE);
  const more = placed(spectrogram.value, heard.seconds ?? 0).map(fromPicture).filter((one) => one.kind === "note" && !own.some((mark) => same(mark, one)));
  return [...own, ...more];
});

/** The marks of a picture that tell of a place, not of all the time that it shows. */
function placed(picture: Spectrogram | null, length: number): readonly Mark[] {
  if (!picture) return [];
  const shown = Math.min(picture.seconds[1], length) - picture.seconds[0];
  return picture.marks.filter((one) => Math.min(one.end, length) - one.start < 0.9 * shown);
}

function same(a: TimeMark, b: TimeMark): boolean {
  return Math.abs(a.start - b.start) < 0.02 && Math.abs(a.end - b.end) < 0.02;
}

/** Keep what is drawn in step with the sound at hand; returns what ends that. */
export function keepDrawn(): () => void {
  const ends = [
    effect(() => {
      const heard = sound.value;
      if (heard) untracked(() => void open(heard));
    }),
    effect(() => {
      const [heard, seen] = [sound.value, stretch.value];
      if (!heard || !seen) return undefined;
      const timer = setTimeout(() => void draw(heard, seen), spectrogram.peek() ? SETTLED_MS : 0);
      return () => clearTimeout(timer);
    }),
  ];
  return () => ends.forEach((end) => end());
}

let opened = "";

async function open(heard: Asset): Promise<void> {
  load(heard);
  if (opened === heard.id && peaks.peek()) return;
  opened = heard.id;
  zoom.value = 1;
  peaks.value = spectrogram.value = spectrogramFault.value = stretch.value = null;
  try {
    const got = await api.peaks(projectName.peek(), heard.id, PEAK_POINTS);
    if (opened !== heard.id) return;
    peaks.value = got;
    stretch.value = { from: 0, to: got.seconds };
  } catch (fault) {
    if (!(fault instanceof StudioError)) throw fault;
    spectrogramFault.value = fault.fault;
  }
}

async function draw(heard: Asset, seen: Stretch): Promise<void> {
  drawing.value = true;
  try {
    const got = await api.spectrogram(projectName.peek(), heard.id, seen.from, seen.to);
    if (opened === heard.id) spectrogram.value = got;
    spectrogramFault.value = null;
  } catch (fault) {
    if (!(fault instanceof StudioError)) throw fault;
    spectrogramFault.value = fault.fault;
  } finally {
    drawing.value = false;
  }
}
