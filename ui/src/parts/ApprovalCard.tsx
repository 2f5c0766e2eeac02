/** Asks whether code that a model wrote may run: shown whole, with what changed; approve, edit or reject. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Approval, Json } from "../api/types";
import { decide } from "../state/asking";
import { sentence } from "../state/wording";
import { Code, Diff } from "./CodeDiff";

export function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const files = sources(approval);
  const edited = useSignal<Readonly<Record<string, string>> | null>(null);
  const reason = useSignal("");
  const sent = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    requestAnimationFrame(() => heading.current?.scrollIntoView({ block: "start" }));
  }, []);
  const first = approval.action_requests[0];
  const mayEdit = approval.review_configs.some((one) => one.allowed_decisions.includes("edit")) && files.length > 0;
  const answer = async (type: "approve" | "edit" | "reject"): Promise<void> => {
    sent.value = true;
    await decide({
      id: approval.id,
      type,
      ...(type === "reject" && reason.value.trim() ? { message: reason.value.trim() } : {}),
      ...(type === "edit" && edited.value ? { files: { ...Object.fromEntries(files), ...edited.value } } : {}),
    });
    sent.value = false;
  };
  return (
    <section class="approval" aria-labelledby={`approval-${approval.id}`}>
      <h3 id={`approval-${approval.id}`} ref={heading} tabIndex={-1}>
        May this code run?
      </h3>
      {leading(first?.description ?? "").map((text) => (
        <p key={text}>{text}</p>
      ))}
      {approval.action_requests.filter((one) => one.name !== "run_code").map((one) => (
        <p class="approval-also" key={one.description}>{one.description}</p>
      ))}
      {approval.diff && (
        <details open>
          <summary>What changed since the last version</summary>
          <Diff text={approval.diff} />
        </details>
      )}
      {files.map(([name, text]) => (
        <details key={name} open={!approval.diff}>
          <summary class="file-name">{name}</summary>
          {edited.value ? (
            <textarea
              class="code-edit"
              aria-label={`Edit ${name}`}
              spellcheck={false}
              rows={Math.min(24, text.split("\n").length + 1)}
              value={edited.value[name] ?? text}
              onInput={(event) => (edited.value = { ...edited.value, [name]: event.currentTarget.value })}
            />
          ) : (
            <Code name={name} text={text} />
          )}
        </details>
      ))}
      <div class="approval-actions">
        {edited.value ? (
          <>
            <button type="button" class="primary" disabled={sent.value} onClick={() => void answer("edit")}>
              Run my version
            </button>
            <button type="button" onClick={() => (edited.value = null)}>
              Drop my changes
            </button>
          </>
        ) : (
          <>
            <button type="button" class="primary" disabled={sent.value} onClick={() => void answer("approve")}>
              Approve
            </button>
            {mayEdit && (
              <button type="button" onClick={() => (edited.value = {})}>
                Edit
              </button>
            )}
          </>
        )}
        <button type="button" class="refuse" disabled={sent.value} onClick={() => void answer("reject")}>
          Reject
        </button>
        <input
          class="approval-reason"
          aria-label="Reason, for the author of the code"
          placeholder="Reason for a rejection (the author is told)"
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </div>
    </section>
  );
}

/** The files of the program, by name. */
function sources(approval: Approval): readonly (readonly [string, string])[] {
  const files = approval.action_requests.find((one) => one.name === "run_code")?.args["files"] ?? {};
  const named = typeof files === "object" && files !== null && !Array.isArray(files) ? Object.entries(files) : [];
  return named.flatMap(([name, text]: readonly [string, Json]) => (typeof text === "string" ? [[name, text] as const] : []));
}

/** What stands before the code in the description: who wrote what for which end. */
function leading(description: string): readonly string[] {
  const end = description.search(/\n\n(Changed:|\S+\n```)/);
  return (end < 0 ? description : description.slice(0, end)).split("\n\n").map((one, index) => (index ? sentence(one) : one));
}
