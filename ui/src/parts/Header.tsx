/** The bar at the top: which project, who plays which role, and on narrow screens which part is shown. */

import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { api } from "../api/client";
import { tried } from "../state/notices";
import { go, projectName, view, type View } from "../state/place";
import { busy, refreshStudio, studio } from "../state/studio";
import { NewName } from "./NewName";
import { Lesser } from "./Turn";

export function Header() {
  const info = studio.value;
  const names = info?.projects.map((one) => one.name) ?? [];
  const shown = names.includes(projectName.value) ? names : [projectName.value, ...names];
  const open = (name: string): void => {
    go({ project: name, thread: "main", file: "" });
    view.value = "chat";
  };
  return (
    <header class="header">
      <a class="skip" href="#message" onClick={toMessage}>
        To the message
      </a>
      <h1>
        grym <span>studio</span>
      </h1>
      <div class="project-choice">
        <select aria-label="Project" value={projectName.value} onChange={(event) => open(event.currentTarget.value)}>
          {shown.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <NewName
        what="project"
        make={async (name) => {
          if (!(await tried(api.createProject(name)))) return;
          await refreshStudio();
          open(name);
        }}
      />
      <Roles />
    </header>
  );
}

function toMessage(event: Event): void {
  event.preventDefault();
  view.value = "chat";
  document.getElementById("message")?.focus();
}

/** Who works on less than was wanted, said plainly. */
function Roles() {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent && event.key !== "Escape") return;
      if (event instanceof PointerEvent && box.current?.contains(event.target as Node)) return;
      open.value = false;
    };
    addEventListener("keydown", close);
    addEventListener("pointerdown", close);
    return () => {
      removeEventListener("keydown", close);
      removeEventListener("pointerdown", close);
    };
  }, []);
  const roles = studio.value?.roles ?? [];
  if (!roles.length) return null;
  const lesser = roles.filter((one) => one.used !== one.wanted);
  const bare = roles.every((one) => one.used === "instruments");
  const text = bare ? "Instruments only" : lesser.length ? `${lesser.length} of ${roles.length} roles on less` : "All roles as set";
  return (
    <div class="roles" ref={box}>
      <button type="button" class={lesser.length ? "badge less" : "badge"} aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        <span class="badge-dot" aria-hidden="true" />
        {text}
      </button>
      {open.value && (
        <div class="popover" role="region" aria-label="Who plays which role">
          {lesser.length > 0 && <p>Instruments measure as always. What a model would add is missing where it says so:</p>}
          <Lesser roles={lesser} />
          {roles.filter((one) => one.used === one.wanted).map((one) => (
            <p key={one.role}>
              <strong>{one.role.replace("_", " ")}</strong> {one.used}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

const VIEWS: readonly (readonly [View, string])[] = [["project", "Project"], ["chat", "Chat"], ["work", "Listen"]];

/** Which part a narrow screen shows. */
export function ViewBar() {
  return (
    <div class="view-bar" role="group" aria-label="Parts of the page">
      {VIEWS.map(([name, label]) => (
        <button type="button" key={name} aria-pressed={view.value === name} onClick={() => (view.value = name)}>
          {label}
          {name === "chat" && busy.value ? <span class="pulse" aria-hidden="true" /> : null}
        </button>
      ))}
    </div>
  );
}
