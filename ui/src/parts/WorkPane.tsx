/** The file at hand and the project's record, as tabs. */

import { go, panel, panels, type Panel } from "../state/place";
import { file, loadPast, past, project } from "../state/studio";
import { Conflicts } from "./Conflicts";
import { Figures } from "./Figures";
import { History } from "./History";
import { Listen } from "./Listen";

const NAMES: Readonly<Record<Panel, string>> = {
  listen: "Listen", figures: "Figures", conflicts: "Conflicts", history: "History",
};

export function WorkPane() {
  const shown = panel.value;
  const turn = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = panels[(panels.indexOf(shown) + step + panels.length) % panels.length] ?? "listen";
    panel.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  };
  if (shown === "history" && past.value === null) void loadPast();
  return (
    <aside class="work" aria-label="File and record">
      <FileChoice />
      <div class="tabs" role="tablist" aria-label="What is shown" onKeyDown={turn}>
        {panels.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={shown === name}
            aria-controls="work-panel"
            tabIndex={shown === name ? 0 : -1}
            onClick={() => (panel.value = name)}
          >
            {NAMES[name]}
            <Amount name={name} />
          </button>
        ))}
      </div>
      <div class="panel" role="tabpanel" id="work-panel" aria-labelledby={`tab-${shown}`} tabIndex={0}>
        {shown === "listen" && <Listen />}
        {shown === "figures" && <Figures />}
        {shown === "conflicts" && <Conflicts />}
        {shown === "history" && <History />}
      </div>
    </aside>
  );
}

function Amount({ name }: { readonly name: Panel }) {
  const open = project.value?.conflicts.length ?? 0;
  return name === "conflicts" && open ? <span class="amount">{open}</span> : null;
}

function FileChoice() {
  const known = project.value?.assets ?? [];
  if (!known.length) return null;
  return (
    <div class="file-choice">
      <select aria-label="File" value={file.value?.id ?? ""} onChange={(event) => go({ file: event.currentTarget.value }, true)}>
        {known.toReversed().map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  );
}
