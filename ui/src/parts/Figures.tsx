/** Exact figures of the file at hand, in groups, each with unit and evidence; more on demand. */

import type { Finding } from "../api/types";
import { file, project } from "../state/studio";
import { FindingRows } from "./FindingRow";

const GROUPS: readonly (readonly [string, RegExp])[] = [
  ["Loudness and dynamics", /^(loudness|dynamics)/],
  ["Faults", /^(clipping|dc_offset|hum|dropouts|clicks|silence|spectrum\.cutoff)/],
  ["Rhythm and harmony", /^(tempo|beats|downbeats|meter|key|chords|melody|onsets|harmonic|structure)/],
  ["Spectrum", /^spectrum/],
  ["Stereo", /^stereo/],
  ["Heard and seen", /^(heard|seen|voice|picture|tone|sweep|score)/],
  ["File", /./],
];

export function Figures() {
  const shown = file.value;
  if (!shown) return <p class="empty">Choose a file.</p>;
  const about = (project.value?.findings ?? []).filter((one) => one.subject.id === shown.id);
  if (!about.length) return <p class="empty">Nothing was measured of {shown.name} yet. Ask for it.</p>;
  return (
    <>
      {grouped(about).map(([title, findings]) => (
        <section class="figures" key={title} aria-label={title}>
          <h3>{title}</h3>
          <FindingRows findings={findings} />
        </section>
      ))}
    </>
  );
}

function grouped(findings: readonly Finding[]): readonly (readonly [string, readonly Finding[]])[] {
  const left = new Set(findings);
  return GROUPS.map(([title, fits]) => {
    const own = [...left].filter((one) => fits.test(one.aspect));
    own.forEach((one) => left.delete(one));
    return [title, own] as const;
  }).filter(([, own]) => own.length > 0);
}
