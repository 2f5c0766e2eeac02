/**
 * Two versions that play at once, of which one is heard: both are decoded and started on one clock, so that the
 * switch keeps the position to the sample, and each has the gain that brings it to the loudness of the quieter one.
 */

import { signal } from "@preact/signals";
import type { Asset, Comparison } from "../api/types";
import * as player from "./player";

export type SideName = "a" | "b";

export const MOST_SECONDS = 900;
const FADE_SECONDS = 0.008;

export const heardSide = signal<SideName>("a");
export const comparing = signal(false);
export const comparePosition = signal(0);

interface Voice {
  readonly buffer: AudioBuffer;
  readonly level: number;
  readonly gain: GainNode;
  source: AudioBufferSourceNode | null;
}

let context: AudioContext | null = null;
let voices: Record<SideName, Voice> | null = null;
let [startedAt, offset] = [0, 0];

/** Decode both files; throws what the browser says where it can't. */
export async function prepare(a: Asset, b: Asset, levels: Comparison): Promise<number> {
  pause();
  voices = null;
  context ??= new AudioContext();
  const [first, second] = await Promise.all([voice(context, a, levels.a.gain_db), voice(context, b, levels.b.gain_db)]);
  voices = { a: first, b: second };
  offset = 0;
  comparePosition.value = 0;
  return Math.max(first.buffer.duration, second.buffer.duration);
}

async function voice(on: AudioContext, file: Asset, gainDb: number): Promise<Voice> {
  const answer = await fetch(file.url);
  const buffer = await on.decodeAudioData(await answer.arrayBuffer());
  const gain = on.createGain();
  gain.gain.value = 0;
  gain.connect(on.destination);
  return { buffer, level: 10 ** (gainDb / 20), gain, source: null };
}

export async function play(): Promise<void> {
  if (!context || !voices) return;
  player.element.pause();
  await context.resume();
  startedAt = context.currentTime + 0.02;
  for (const side of ["a", "b"] as const) {
    const one = voices[side];
    one.source = context.createBufferSource();
    one.source.buffer = one.buffer;
    one.source.connect(one.gain);
    one.gain.gain.value = side === heardSide.peek() ? one.level : 0;
    one.source.start(startedAt, Math.min(offset, one.buffer.duration));
  }
  comparing.value = true;
  tick();
}

export function pause(): void {
  if (!voices || !comparing.peek()) return;
  offset = now();
  comparing.value = false;
  for (const one of Object.values(voices)) {
    one.source?.stop();
    one.source = null;
  }
  comparePosition.value = offset;
}

export function seekBoth(seconds: number): void {
  const plays = comparing.peek();
  pause();
  offset = Math.max(0, seconds);
  comparePosition.value = offset;
  if (plays) void play();
}

/** Hear the other side from the same position on. */
export function hear(side: SideName): void {
  heardSide.value = side;
  if (!context || !voices) return;
  for (const name of ["a", "b"] as const) {
    const { gain, level } = voices[name];
    gain.gain.setTargetAtTime(name === side ? level : 0, context.currentTime, FADE_SECONDS / 3);
  }
}

function now(): number {
  return context ? offset + Math.max(0, context.currentTime - startedAt) : offset;
}

function tick(): void {
  if (!comparing.peek() || !voices) return;
  comparePosition.value = now();
  const end = Math.max(voices.a.buffer.duration, voices.b.buffer.duration);
  if (comparePosition.value >= end) {
    pause();
    offset = 0;
    comparePosition.value = 0;
  } else requestAnimationFrame(tick);
}
