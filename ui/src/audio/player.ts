/** The one sound that plays: its element lives as long as the page, whatever is shown. */

import { signal } from "@preact/signals";
import type { Asset } from "../api/types";

export const element = new Audio();
element.preload = "metadata";

export const playing = signal(false);
export const position = signal(0);
/** The file that is loaded. */
export const loaded = signal<Asset | null>(null);
export const unplayable = signal(false);

element.addEventListener("play", () => (playing.value = true));
element.addEventListener("pause", () => (playing.value = false));
element.addEventListener("seeked", () => (position.value = element.currentTime));
element.addEventListener("timeupdate", () => (position.value = element.currentTime));
element.addEventListener("error", () => (unplayable.value = loaded.peek() !== null));

let frame = 0;
function tick(): void {
  position.value = element.currentTime;
  frame = playing.peek() ? requestAnimationFrame(tick) : 0;
}
playing.subscribe((plays) => {
  if (plays && !frame) tick();
});

/** Load a file, silent; the one that is loaded already goes on. */
export function load(file: Asset): void {
  if (loaded.peek()?.id === file.id) return;
  element.pause();
  loaded.value = file;
  unplayable.value = false;
  position.value = 0;
  element.src = file.url;
}

export function toggle(): void {
  if (element.paused) void element.play().catch(() => (unplayable.value = true));
  else element.pause();
}

export function seek(seconds: number): void {
  const last = Number.isFinite(element.duration) ? element.duration : (loaded.peek()?.seconds ?? 0);
  element.currentTime = Math.min(Math.max(0, seconds), Math.max(0, last - 0.01));
  position.value = element.currentTime;
}
