/** All contradictions of the project: what is open first. */

import { project } from "../state/studio";
import { ConflictCard } from "./ConflictCard";

export function Conflicts() {
  const all = project.value?.conflicts ?? [];
  const sorted = all.toSorted((a, b) => Number(a.status === "settled") - Number(b.status === "settled"));
  if (!all.length) return <p class="empty">No contradictions: everything that is known fits together.</p>;
  return (
    <div class="conflicts">
      {sorted.map((one) => (
        <ConflictCard key={`${one.aspect}${one.findings.join()}`} conflict={one} />
      ))}
    </div>
  );
}
