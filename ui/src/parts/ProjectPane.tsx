/** The project as a tree: threads, what is wanted, sections with elements, files; and the search. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Asset, Project, Section } from "../api/types";
import { api } from "../api/client";
import { mention } from "../state/asking";
import { tried } from "../state/notices";
import { fileId, go, openFile, projectName, threadId, view } from "../state/place";
import { findings, loadProject, project } from "../state/studio";
import { clock, count, size, when } from "../state/wording";
import { assetIcon } from "./Artifacts";
import { Icon } from "./Icon";
import { NewName } from "./NewName";
import { Search } from "./Search";

export function ProjectPane() {
  const known = project.value;
  return (
    <nav class="project" aria-label="Project">
      <Search />
      {known && (
        <>
          <Threads known={known} />
          <Wanted known={known} />
          <Parts known={known} />
          <Files known={known} />
        </>
      )}
    </nav>
  );
}

function Threads({ known }: { readonly known: Project }) {
  const here = threadId.value;
  const listed = known.threads.some((one) => one.id === here);
  const threads = listed ? known.threads : [...known.threads, { id: here, title: here, turns: 0, at: "" }];
  const open = (id: string): void => {
    go({ thread: id });
    view.value = "chat";
  };
  return (
    <section aria-labelledby="threads-title">
      <div class="pane-head">
        <h2 id="threads-title">Threads</h2>
        <NewName what="thread" make={async (name) => open(name)} />
      </div>
      <ul class="rows">
        {threads.map((one) => (
          <li key={one.id} class={one.id === here && one.turns ? "renamable" : undefined}>
            <button type="button" class="row" title={one.title} aria-current={one.id === here ? "true" : undefined} onClick={() => open(one.id)}>
              <span class="row-name">{one.title || one.id}</span>
              <span class="faint">{one.turns ? when(one.at) : "new"}</span>
            </button>
            {one.id === here && one.turns > 0 && <Rename id={one.id} title={one.title} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A pencil beside the open thread; behind it, its name. An empty name gives back its first words. */
function Rename({ id, title }: { readonly id: string; readonly title: string }) {
  const given = useSignal<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const open = given.value !== null;
  useEffect(() => field.current?.select(), [open]);
  const close = (): void => {
    given.value = null;
    opener.current?.focus();
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        class="quiet small"
        aria-label="Rename this thread"
        aria-expanded={open}
        onClick={() => (given.value = open ? null : title)}
      >
        <Icon name="pencil" />
      </button>
      {open && (
        <form
          class="rename"
          onSubmit={(event) => {
            event.preventDefault();
            void tried(api.rename(projectName.value, id, given.value ?? "")).then(() => loadProject()).then(close);
          }}
          onKeyDown={(event) => event.key === "Escape" && close()}
        >
          <input
            ref={field}
            aria-label="Name of this thread"
            placeholder="Its first words"
            maxLength={80}
            value={given.value ?? ""}
            onInput={(event) => (given.value = event.currentTarget.value)}
          />
          <button type="submit">Rename</button>
        </form>
      )}
    </>
  );
}

function Wanted({ known }: { readonly known: Project }) {
  const wanted = known.settings.filter((one) => !["section", "element"].includes(one.field));
  if (!wanted.length && !known.timeline.length) return null;
  return (
    <section aria-labelledby="wanted-title">
      <h2 id="wanted-title">Wanted</h2>
      <dl class="wanted">
        {wanted.map((one) => (
          <div key={`${one.field}${one.value}`}>
            <dt>{one.field}</dt>
            <dd>{one.value}</dd>
          </div>
        ))}
        {known.timeline.map((one) => (
          <div key={one.text}>
            <dt>{one.what || "due"}</dt>
            <dd>{one.date ?? one.text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Parts({ known }: { readonly known: Project }) {
  if (!known.sections.length && !known.elements.length) return null;
  const through = known.elements.filter((one) => !known.sections.some((part) => part.name === one.section));
  return (
    <section aria-labelledby="parts-title">
      <h2 id="parts-title">Sections and elements</h2>
      <ul class="tree">
        {known.sections.map((one) => (
          <li key={one.name}>
            <span class="tree-name">{one.name}</span> <span class="faint">{extent(one)}</span>
            <Elements known={known} of={known.elements.filter((part) => part.section === one.name)} />
            <About kind="section" name={one.name} />
          </li>
        ))}
      </ul>
      <Elements known={known} of={through} />
    </section>
  );
}

function Elements({ known, of }: { readonly known: Project; readonly of: Project["elements"] }) {
  if (!of.length) return null;
  return (
    <ul class="tree">
      {of.map((one) => (
        <li key={one.name}>
          <span class="tree-name">{one.name}</span> <span class="faint">{one.kind.replace("_", " ")}</span>
          {one.assets.map((id) => {
            const file = known.assets.find((asset) => asset.id === id);
            return file ? <FileRow key={id} file={file} /> : null;
          })}
          <About kind="element" name={one.name} />
        </li>
      ))}
    </ul>
  );
}

function About({ kind, name }: { readonly kind: "section" | "element"; readonly name: string }) {
  const about = [...findings.value.values()].filter((one) => one.subject.kind === kind && one.subject.id === name);
  return about.length ? <span class="faint"> · {count(about.length, "finding")}</span> : null;
}

function Files({ known }: { readonly known: Project }) {
  return (
    <section aria-labelledby="files-title">
      <div class="pane-head">
        <h2 id="files-title">Files</h2>
        {known.assets.length > 0 && (
          <button type="button" class="quiet small" onClick={() => void takeAway(known.project)}>
            <Icon name="down" /> All results
          </button>
        )}
      </div>
      {known.assets.length === 0 && <p class="empty">None yet. Drop some anywhere on the page.</p>}
      <ul class="rows">
        {known.assets.toReversed().map((one) => (
          <li key={one.id}>
            <FileRow file={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

async function takeAway(name: string): Promise<void> {
  const address = await tried(api.archive(name));
  if (address) location.assign(address);
}

function FileRow({ file }: { readonly file: Asset }) {
  const about = [...findings.value.values()].filter((one) => one.subject.id === file.id).length;
  const fact = file.seconds ? clock(file.seconds, false) : file.size_bytes ? size(file.size_bytes) : "";
  return (
    <span class="file-row">
      <button
        type="button"
        class="row"
        title={`${file.name}: ${about ? count(about, "finding") : "nothing measured yet"}`}
        aria-current={fileId.value === file.id ? "true" : undefined}
        onClick={() => openFile(file.id)}
      >
        <Icon name={assetIcon(file.kind)} />
        <span class="row-name">{file.name}</span>
        <span class="faint row-facts">{fact}</span>
      </button>
      <button
        type="button"
        class="quiet small"
        aria-label={`Attach ${file.name} to the message`}
        onClick={() => {
          mention(file);
          view.value = "chat";
        }}
      >
        <Icon name="clip" />
      </button>
    </span>
  );
}

function extent(one: Section): string {
  if (one.start !== null && one.end !== null) return `${clock(one.start, false)}–${clock(one.end, false)}`;
  return one.first_bar !== null ? `bars ${one.first_bar}–${one.last_bar ?? "end"}` : "";
}
