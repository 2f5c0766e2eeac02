/** One contradiction: both sides with their evidence, which one holds, by which rule, and why. */

import type { Conflict, Finding } from "../api/types";
import { findings } from "../state/studio";
import { aspectName, foundText } from "../state/wording";

interface Props {
  readonly conflict: Conflict;
  /** Findings of the turn, where it is shown in one. */
  readonly known?: readonly Finding[];
}

export function ConflictCard({ conflict, known = [] }: Props) {
  const sides = conflict.findings.map((id) => ({
    id,
    finding: known.find((one) => one.id === id) ?? findings.value.get(id),
  }));
  return (
    <article class={`conflict ${conflict.status}`}>
      <h4>
        {aspectName(conflict.aspect)}
        <span class="tag">{conflict.status}</span>
      </h4>
      {sides.some((one) => one.finding) && (
        <ul class="sides">
          {sides.map(({ id, finding }) => (
            <li key={id} class={id === conflict.kept ? "side kept" : "side"}>
              <strong>{finding ? foundText(finding) : "an earlier entry"}</strong>
              {finding && <span class={`evidence ${finding.evidence}`}>{finding.evidence}</span>}
              {id === conflict.kept && <span class="holds">holds</span>}
            </li>
          ))}
        </ul>
      )}
      <p>{conflict.why}</p>
      {conflict.rule && <p class="faint">Rule: {conflict.rule}</p>}
    </article>
  );
}
