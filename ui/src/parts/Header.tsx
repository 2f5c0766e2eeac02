/** The bar at the top: which project, who plays which role, and on narrow screens which part is shown. */

import { api } from "../api/client";
import { tried } from "../state/notices";
import { go, projectName, view, type View } from "../state/place";
import { busy, refreshStudio, studio } from "../state/studio";
import { Models } from "./Models";
import { NewName } from "./NewName";

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
      <Models />
    </header>
  );
}

function toMessage(event: Event): void {
  event.preventDefault();
  view.value = "chat";
  document.getElementById("message")?.focus();
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
