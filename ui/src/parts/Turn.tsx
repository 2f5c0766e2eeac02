/** One turn of the conversation: what was asked, what was done, and the answer with its evidence. */

import type { Finding, Message, Outcome, Role } from "../api/types";
import { count, took, when } from "../state/wording";
import { Artifacts, Attached } from "./Artifacts";
import { ConflictCard } from "./ConflictCard";
import { FindingRows } from "./FindingRow";
import { Markdown } from "./Markdown";
import { Plan } from "./Plan";

export function Turn({ message }: { readonly message: Message }) {
  return (
    <article class="turn" aria-label={`Turn ${message.turn}`}>
      <Request text={message.request} files={message.attached} at={message.at} />
      <Answer outcome={message} />
    </article>
  );
}

export function Request(props: { readonly text: string; readonly files: Message["attached"]; readonly at?: string }) {
  return (
    <div class="request">
      <h3 class="unseen">You{props.at ? `, ${when(props.at)}` : ""}</h3>
      {props.text && <p>{props.text}</p>}
      {props.files.length > 0 && <Attached files={props.files} />}
    </div>
  );
}

export function Answer({ outcome }: { readonly outcome: Outcome }) {
  const { tasks = [], slices = [], artifacts = [], conflicts = [], degraded = [], findings = [] } = outcome;
  return (
    <div class="answer">
      <h3 class="unseen">The studio</h3>
      <Markdown text={outcome.answer} />
      {artifacts.length > 0 && <Artifacts made={artifacts} />}
      {conflicts.map((one, index) => (
        <ConflictCard key={index} conflict={one} known={findings} />
      ))}
      {tasks.length > 0 && (
        <details class="work-done">
          <summary>
            {summary(outcome)}
          </summary>
          <Plan tasks={tasks} slices={slices} />
          {findings.length > 0 && <Evidence findings={findings} />}
          {degraded.length > 0 && <Lesser roles={degraded} />}
        </details>
      )}
    </div>
  );
}

function summary({ tasks = [], findings = [], seconds }: Outcome): string {
  const done = tasks.filter((one) => one.status === "done").length;
  const parts = [done === tasks.length ? `${count(done, "task")} done` : `${done} of ${count(tasks.length, "task")} done`];
  if (findings.length) parts.push(count(findings.length, "finding"));
  if (seconds) parts.push(took(seconds));
  return parts.join(" · ");
}

function Evidence({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <>
      <h4>Evidence</h4>
      <FindingRows findings={findings} />
    </>
  );
}

export function Lesser({ roles }: { readonly roles: readonly Role[] }) {
  return (
    <ul class="lesser">
      {roles.map((one) => (
        <li key={one.role}>
          <strong>{one.role.replace("_", " ")}</strong> works on {one.used}, not on {one.wanted}: {one.why}
        </li>
      ))}
    </ul>
  );
}
