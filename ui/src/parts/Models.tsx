/** Who plays which role in the next turns of this project, what is missing and how to get it, and the limits. */

import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { LimitOption, ModelOption, RoleOptions } from "../api/types";
import { choice, choose, chooseLimit, chooseModel, chooseNothing, isChosen, loadOptions, options } from "../state/choice";
import { projectName } from "../state/place";
import { studio } from "../state/studio";
import { sentence } from "../state/wording";
import { agentName } from "./agents";
import { Icon } from "./Icon";

const LIMITS: Readonly<Record<string, string>> = {
  max_rounds: "Rounds", max_tasks: "Tasks", model_seconds: "Seconds a model may take",
};

/** The mark in the header that says who works, and the panel behind it. */
export function Models() {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const mark = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      if (!open.peek()) return;
      if (event instanceof KeyboardEvent && event.key !== "Escape") return;
      if (event instanceof PointerEvent && box.current?.contains(event.target as Node)) return;
      open.value = false;
      if (event instanceof KeyboardEvent) mark.current?.focus();
    };
    addEventListener("keydown", close);
    addEventListener("pointerdown", close);
    return () => {
      removeEventListener("keydown", close);
      removeEventListener("pointerdown", close);
    };
  }, []);
  const state = stateNow();
  if (!state) return null;
  return (
    <div class="roles" ref={box}>
      <button
        ref={mark}
        type="button"
        class={state.less ? "badge less" : "badge"}
        aria-expanded={open.value}
        aria-label={`${state.text}: models and limits`}
        onClick={() => {
          open.value = !open.value;
          if (open.value) void loadOptions();
        }}
      >
        <span class="badge-dot" aria-hidden="true" />
        <span class="badge-text">{state.text}</span>
        {isChosen.value && <span class="badge-own">chosen</span>}
      </button>
      {open.value && <Panel />}
    </div>
  );
}

/** What the next turn has, in few words. */
function stateNow(): { readonly text: string; readonly less: boolean } | null {
  const roles = studio.value?.roles ?? [];
  if (!roles.length) return null;
  const { profile, models } = choice.value;
  const used = roles.map((one) => models[one.role] ?? (profile === "instruments" ? "instruments" : one.used));
  if (used.every((one) => one === "instruments")) return { text: "Instruments alone", less: true };
  const bare = used.filter((one) => one === "instruments").length;
  return bare ? { text: `${bare} of ${roles.length} roles on instruments`, less: true } : { text: "All roles have a model", less: false };
}

function Panel() {
  const told = options.value;
  return (
    <div class="popover models" role="region" aria-label="Models and limits">
      <div class="models-head">
        <h2>Models for {projectName.value}</h2>
        {isChosen.value && (
          <button type="button" class="quiet small" onClick={chooseNothing}>
            <Icon name="back" /> As the settings say
          </button>
        )}
      </div>
      <p class="faint">Instruments always measure. A model adds a plan, an ear, an eye, or code. Holds from the next message on.</p>
      {!told && <p role="status">Looking what is there …</p>}
      {told && (
        <>
          <label class="models-row">
            <span>All roles</span>
            <select
              aria-label="All roles"
              value={choice.value.profile}
              onChange={(event) => choose({ profile: event.currentTarget.value })}
            >
              <option value="">As the settings say</option>
              {told.profiles.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.says}
                </option>
              ))}
            </select>
          </label>
          {told.roles.map((one) => (
            <RoleRow key={one.role} role={one} />
          ))}
          <fieldset class="limits">
            <legend>At most, in one turn</legend>
            {told.limits.map((one) => (
              <LimitRow key={one.name} limit={one} />
            ))}
          </fieldset>
        </>
      )}
    </div>
  );
}

function RoleRow({ role }: { readonly role: RoleOptions }) {
  const own = choice.value.models[role.role] ?? "";
  const follows = choice.value.profile === "instruments" ? "instruments" : role.used;
  const lacks = choice.value.profile === "" ? role.lacks : null;
  const missing = own ? role.models.find((one) => one.model === own && !one.there) : lacks;
  const names = role.models.map((one) => one.model);
  return (
    <div class="models-role">
      <label class="models-row">
        <span>{agentName(role.role)}</span>
        <select
          aria-label={`Model of ${agentName(role.role)}`}
          value={own}
          onChange={(event) => chooseModel(role.role, event.currentTarget.value)}
        >
          <option value="">{choice.value.profile ? "As above" : `Now: ${short(follows)}`}</option>
          {own && !names.includes(own) && <option value={own}>{short(own)}</option>}
          {role.models.map((one) => (
            <option key={one.model} value={one.model}>
              {short(one.model)}
              {one.there ? "" : " (missing)"}
            </option>
          ))}
        </select>
      </label>
      {missing && <Missing model={missing} />}
    </div>
  );
}

function Missing({ model }: { readonly model: ModelOption }) {
  return (
    <details class="missing">
      <summary>
        {short(model.model)} is missing<span class="unseen">: how to get it</span>
      </summary>
      <p>{sentence(model.why)}.</p>
      {model.get.map((one) => (
        <code key={one}>{one}</code>
      ))}
    </details>
  );
}

function LimitRow({ limit }: { readonly limit: LimitOption }) {
  const own = choice.value.limits[limit.name];
  return (
    <label class="models-row" title={limit.says}>
      <span>{LIMITS[limit.name] ?? limit.name}</span>
      <input
        type="number"
        inputMode="numeric"
        min={limit.least}
        max={limit.most}
        placeholder={String(limit.most)}
        value={own ?? ""}
        onChange={(event) => {
          const given = Math.round(event.currentTarget.valueAsNumber);
          const held = Number.isFinite(given) ? Math.min(Math.max(given, limit.least), limit.most) : null;
          chooseLimit(limit.name, held);
          event.currentTarget.value = held === null ? "" : String(held);
        }}
      />
    </label>
  );
}

/** A model's name without the runtime that has it: `ollama:deepseek-r1:14b` as `deepseek-r1:14b`. */
function short(model: string): string {
  if (model === "instruments") return "instruments alone";
  return model
    .replace(/^(llamacpp|transformers|gama|scripted):.*\//, "")
    .replace(/^(ollama|openai|llamacpp|transformers|gama|scripted):/, "")
    .replace(/^https?:\/\/([^/]+).*#/, "$1 · ");
}
