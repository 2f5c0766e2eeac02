/** The turn that runs now: the plan as it goes, the answer as it is written, decisions that it waits for. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RunningTurn } from "../api/types";
import type { Run } from "../state/run";
import { connected } from "../state/studio";
import { sentence, took } from "../state/wording";
import { agentName } from "./agents";
import { ApprovalCard } from "./ApprovalCard";
import { Answer, Request } from "./Turn";
import { Markdown } from "./Markdown";
import { Plan } from "./Plan";
import { Told } from "./Told";

export function LiveTurn({ run, asked }: { readonly run: Run; readonly asked: RunningTurn }) {
  return (
    <article class="turn live" aria-label="The turn that runs now" aria-busy={run.status === "running"}>
      {asked.request || asked.attached?.length ? <Request text={asked.request} files={asked.attached ?? []} /> : null}
      {run.result ? <Answer outcome={run.result} /> : <Working run={run} />}
      {run.fault && (
        <p class="failed">
          <strong>{sentence(run.fault.tried)}</strong>: <Told text={`${run.fault.happened}. ${run.fault.do}`} />
        </p>
      )}
    </article>
  );
}

function Working({ run }: { readonly run: Run }) {
  const last = run.lines.at(-1);
  return (
    <div class="answer">
      <h3 class="unseen">The studio works</h3>
      <Plan tasks={run.tasks} slices={run.slices} now={run.now} held={run.status === "waiting"} />
      {run.answer && <Markdown text={run.answer} />}
      {run.approvals.map((one) => (
        <ApprovalCard key={one.id} approval={one} />
      ))}
      <p class="progress-line">
        <Elapsed running={run.status === "running"} />
        {!connected.value && <span class="lost">The connection is lost; trying again …</span>}
        {connected.value && run.status === "waiting" && <span>waits for your decision</span>}
        {connected.value && run.status === "running" && (
          <span>{last ? `${agentName(last.node)}: ${last.text || last.error}` : "reading the request"}</span>
        )}
      </p>
      {run.lines.length > 0 && (
        <details class="lines">
          <summary>All that happened</summary>
          <ol>
            {run.lines.map((one, index) => (
              <li key={index}>
                <span class="agent">{agentName(one.node)}</span> {one.error ? `failed: ${one.error}` : one.text}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function Elapsed({ running }: { readonly running: boolean }) {
  const seconds = useSignal(0);
  useEffect(() => {
    const from = performance.now();
    const timer = setInterval(() => (seconds.value = (performance.now() - from) / 1000), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="elapsed">
      <span class={running ? "pulse" : "pulse still"} aria-hidden="true" />
      <span aria-hidden="true">{took(seconds.value)}</span>
    </span>
  );
}
