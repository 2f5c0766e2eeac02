/** The project's turns with their steps: who did what, what it saw, and what it cost. */

import type { PastTurn } from "../api/types";
import { past } from "../state/studio";
import { count, took, when } from "../state/wording";

export function History() {
  const turns = past.value;
  if (!turns) return <p class="empty">Reading the history …</p>;
  if (!turns.length) return <p class="empty">No turns yet.</p>;
  return (
    <ol class="history">
      {turns.toReversed().map((one) => (
        <li key={`${one.thread}/${one.turn}`}>
          <PastTurnRow turn={one} />
        </li>
      ))}
    </ol>
  );
}

function PastTurnRow({ turn }: { readonly turn: PastTurn }) {
  return (
    <details>
      <summary>
        <span class="history-what">{turn.request || "(files only)"}</span>
        <span class="faint">
          {turn.thread} {turn.turn} · {when(turn.when)} · {took(turn.seconds)} · {count(turn.steps.length, "step")}
        </span>
      </summary>
      <ol class="steps">
        {turn.steps.map((one) => (
          <li key={one.id}>
            <span class="agent">{one.who.split("/")[0]?.replace("_", " ")}</span>
            <span class="step-what">{one.what}</span>
            <span class="faint">
              {one.outcome.replace("_", " ")}
              {one.tokens_in ? ` · ${one.tokens_in} tokens in` : ""}
              {one.tokens_out ? ` · ${one.tokens_out} out` : ""}
              {one.seconds >= 0.05 ? ` · ${took(one.seconds)}` : ""}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
