/** Figures, times and sizes as a reader writes them. */

import type { Finding, Json } from "../api/types";

const SHORT: Readonly<Record<string, string>> = {
  "duration.seconds": "Length", "sample_rate.hz": "Sample rate", channels: "Channels",
  "tempo.bpm": "Tempo", "tempo.alternatives_bpm": "Other tempos", beats: "Beats", downbeats: "Downbeats",
  meter: "Meter", key: "Key", chords: "Chords", "melody.notes": "Melody", "onsets.per_second": "Onsets",
  "loudness.integrated_lufs": "Integrated loudness", "loudness.short_term_max_lufs": "Loudest 3 s",
  "loudness.momentary_max_lufs": "Loudest 400 ms", "loudness.range_lu": "Loudness range",
  "loudness.true_peak_dbtp": "True peak", "dynamics.crest_db": "Crest factor", dc_offset: "DC offset",
  "clipping.samples": "Clipped samples", "clipping.spans": "Clipping", dropouts: "Drop-out", clicks: "Click",
  "silence.start_seconds": "Silence at the start", "silence.end_seconds": "Silence at the end",
  "spectrum.centroid_hz": "Centroid", "spectrum.rolloff_hz": "Roll-off (85 %)",
  "spectrum.bandwidth_hz": "Bandwidth", "spectrum.cutoff_hz": "Low-pass cut-off",
  "stereo.correlation": "Correlation", "stereo.width": "Width", "stereo.balance_db": "Balance",
  "hum.hz": "Mains hum", "structure.sections": "Sections", "voice.spans": "Voice", "tone.hz": "Tone",
  "sweep.hz": "Sweep", "harmonic_percussive.ratio_db": "Harmonic over percussive",
  "heard.description": "By ear", "seen.description": "By eye", "picture.shows": "Shows",
};

export function aspectName(aspect: string): string {
  const band = /^spectrum\.band_db\.(.+)$/.exec(aspect)?.[1];
  if (band) return `Band ${band.replace("_", " ")}`;
  return SHORT[aspect] ?? sentence(aspect.replaceAll(/[._]/g, " "));
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A number with the minus sign of print and at most three digits that matter after the point. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  const text = value.toLocaleString("en-GB", { maximumFractionDigits: digits, useGrouping: false });
  return text.replace("-", "−");
}

export function valueText(value: Json, unit: string): string {
  if (value === null) return "can’t be told";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return unit ? `${number(value)} ${unit}` : number(value);
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length <= 4 && value.every((one) => typeof one === "number"))
    return `${value.map((one) => number(Number(one))).join(" · ")} ${unit}`.trim();
  return `${value.length} ${value.length === 1 ? "entry" : "entries"}`;
}

/** What a finding says; no value with some confidence means that there is none of it. */
export function foundText({ value, unit, confidence }: Finding): string {
  return value === null && confidence > 0 ? "none" : valueText(value, unit);
}

/** 75.25 → “1:15.3”. */
export function clock(seconds: number, exact = true): string {
  const tenths = exact ? Math.round(seconds * 10) : Math.round(seconds) * 10;
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  const shown = exact ? (rest / 10).toFixed(1).padStart(4, "0") : String(rest / 10).padStart(2, "0");
  return `${minutes}:${shown}`;
}

export function took(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function hertz(value: number): string {
  return value >= 1000 ? `${number(value / 1000)} kHz` : `${number(value)} Hz`;
}

export function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function when(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "";
  const today = new Date().toDateString() === moment.toDateString();
  return today
    ? moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : moment.toLocaleDateString([], { day: "numeric", month: "short" });
}

export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
