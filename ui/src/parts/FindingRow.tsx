/** Findings as rows: name, value with unit, evidence; method, source and confidence on demand. */

import type { Finding, Json } from "../api/types";
import { studio } from "../state/studio";
import { aspectName, clock, foundText, number } from "../state/wording";

export function FindingRows({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul class="findings">
      {findings.map((one) => (
        <FindingRow key={one.id} finding={one} />
      ))}
    </ul>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const says = studio.value?.aspects?.[finding.aspect]?.says;
  const { start, end } = finding.subject;
  return (
    <li>
      <details class="finding">
        <summary>
          <span class="finding-name">{aspectName(finding.aspect)}</span>
          <span class="finding-value">{foundText(finding)}</span>
          <span class={`evidence ${finding.evidence}`}>{finding.evidence}</span>
        </summary>
        <dl class="finding-more">
          {says && <Row term="What" text={says} />}
          {Array.isArray(finding.value) && <Row term="Entries" text={listText(finding.value)} />}
          {start != null && <Row term="Where" text={`${clock(start)}${end != null ? ` to ${clock(end)}` : ""}`} />}
          <Row term="Method" text={finding.method || "not told"} />
          <Row term="Source" text={finding.source} />
          <Row term="Confidence" text={number(finding.confidence)} />
        </dl>
      </details>
    </li>
  );
}

function Row({ term, text }: { readonly term: string; readonly text: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{text}</dd>
    </>
  );
}

const MOST = 24;

function listText(value: readonly Json[]): string {
  const shown = value.slice(0, MOST).map((one) => (Array.isArray(one) ? one.map(plain).join(" ") : plain(one)));
  return shown.join(", ") + (value.length > MOST ? ` and ${value.length - MOST} more` : "");
}

function plain(value: Json): string {
  if (typeof value === "number") return number(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
