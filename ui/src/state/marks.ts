/** Findings that have a place in time, as marks on the waveform. */

import type { Finding, Json, Mark, Project, Section } from "../api/types";
import { aspectName, clock } from "./wording";

export type MarkKind = "section" | "fault" | "chord" | "voice" | "note";

export interface TimeMark {
  readonly key: string;
  readonly kind: MarkKind;
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

const KINDS: Readonly<Record<string, MarkKind>> = {
  "structure.sections": "section", "clipping.spans": "fault", dropouts: "fault", clicks: "fault",
  chords: "chord", "voice.spans": "voice",
};

/** All marks of a file, by kind and then by time. */
export function marksOf(project: Project, asset: string, seconds: number): readonly TimeMark[] {
  const about = project.findings.filter((one) => one.subject.kind === "asset" && one.subject.id === asset);
  const marks = [
    ...named(project.sections, about),
    ...about.flatMap((one) => [...listed(one), ...placed(one), ...silent(one, seconds)]),
  ];
  return marks.filter((one) => one.start < seconds).sort((a, b) => a.start - b.start);
}

/** What the server draws into the spectrogram, as a mark on the waveform. */
export function fromPicture(mark: Mark): TimeMark {
  const key = `${mark.aspect}@${mark.start}-${mark.end}`;
  return { key, kind: KINDS[mark.aspect] ?? "note", label: mark.text, start: mark.start, end: mark.end };
}

function named(sections: readonly Section[], about: readonly Finding[]): TimeMark[] {
  const bars = numbers(about.find((one) => one.aspect === "downbeats")?.value ?? null);
  return sections.flatMap((one) => {
    const start = one.start ?? (one.first_bar !== null ? bars[one.first_bar - 1] : undefined);
    const end = one.end ?? (one.last_bar !== null ? bars[one.last_bar] : undefined);
    if (start === undefined || end === undefined) return [];
    return [{ key: `section-${one.name}`, kind: "section" as const, label: one.name, start, end }];
  });
}

function listed(finding: Finding): TimeMark[] {
  const kind = KINDS[finding.aspect];
  if (!kind || !Array.isArray(finding.value)) return [];
  return finding.value.flatMap((entry: Json, index) => {
    const { start, end, label } = span(entry);
    if (start === undefined || end === undefined) return [];
    const text = label || aspectName(finding.aspect);
    return [{ key: `${finding.id}-${index}`, kind, label: text, start, end }];
  });
}

function placed(finding: Finding): TimeMark[] {
  const { start, end } = finding.subject;
  if (start == null || KINDS[finding.aspect]) return [];
  const text = typeof finding.value === "string" ? finding.value : aspectName(finding.aspect);
  return [{ key: finding.id, kind: "note", label: text, start, end: end ?? start }];
}

function silent(finding: Finding, seconds: number): TimeMark[] {
  const length = typeof finding.value === "number" ? finding.value : 0;
  if (length < 0.25) return [];
  const label = `Silence, ${clock(length)}`;
  if (finding.aspect === "silence.start_seconds")
    return [{ key: finding.id, kind: "fault", label, start: 0, end: length }];
  if (finding.aspect === "silence.end_seconds")
    return [{ key: finding.id, kind: "fault", label, start: Math.max(0, seconds - length), end: seconds }];
  return [];
}

function span(entry: Json): { start?: number; end?: number; label?: string } {
  if (Array.isArray(entry)) {
    const [start, end, label] = entry as readonly Json[];
    if (typeof start !== "number" || typeof end !== "number") return {};
    return { start, end, ...(typeof label === "string" ? { label } : {}) };
  }
  if (typeof entry !== "object" || entry === null) return {};
  const { start, end, label } = entry as { readonly [key: string]: Json };
  if (typeof start !== "number" || typeof end !== "number") return {};
  return { start, end, ...(typeof label === "string" ? { label } : {}) };
}

function numbers(value: Json): readonly number[] {
  return Array.isArray(value) ? value.filter((one): one is number => typeof one === "number") : [];
}
