/** What the page knows of the studio, the open project and the open thread, and how it comes to know it. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { api } from "../api/client";
import { follow } from "../api/stream";
import type { Asset, PastTurn, Project, RunningTurn, StudioInfo, Thread } from "../api/types";
import { said, tellFault, tried } from "./notices";
import { fileId, go, projectName, threadId } from "./place";
import { begun, heard, type Run } from "./run";

export const studio = signal<StudioInfo | null>(null);
export const project = signal<Project | null>(null);
export const thread = signal<Thread | null>(null);
export const run = signal<Run | null>(null);
/** What the running turn was asked, and with which files. */
export const asked = signal<RunningTurn | null>(null);
export const connected = signal(true);
export const past = signal<readonly PastTurn[] | null>(null);

/** The files of the project, with those that the running turn brings. */
export const assets = computed(
  () => new Map([...(project.value?.assets ?? []), ...(asked.value?.attached ?? [])].map((one) => [one.id, one])),
);
export const file = computed<Asset | null>(() => assets.value.get(fileId.value) ?? null);
export const busy = computed(() => run.value !== null && run.value.status !== "ended");
export const findings = computed(() => new Map((project.value?.findings ?? []).map((one) => [one.id, one])));

let stop = (): void => undefined;

export async function start(): Promise<void> {
  const info = await tried(api.studio());
  if (!info) return;
  studio.value = info;
  if (!projectName.peek()) go({ project: info.projects[0]?.name ?? "default" }, true);
  effect(() => {
    const name = projectName.value;
    untracked(() => void loadProject(name));
  });
  effect(() => {
    const [name, id] = [projectName.value, threadId.value];
    untracked(() => void loadThread(name, id));
  });
}

export async function loadProject(name = projectName.peek()): Promise<void> {
  if (project.peek()?.project !== name) project.value = null;
  past.value = null;
  const known = await tried(api.project(name));
  if (name !== projectName.peek() || !known) return;
  project.value = known;
  if (!known.assets.some((one) => one.id === fileId.peek())) {
    const sound = known.assets.findLast((one) => one.kind === "audio") ?? known.assets.at(-1);
    if (sound) go({ file: sound.id }, true);
  }
}

export async function loadThread(name = projectName.peek(), id = threadId.peek()): Promise<void> {
  stop();
  run.value = null;
  asked.value = null;
  thread.value = null;
  const known = await tried(api.thread(name, id));
  if (name !== projectName.peek() || id !== threadId.peek() || !known) return;
  thread.value = known;
  if (!known.run) return;
  const running = typeof known.run === "string" ? { id: known.run, request: "" } : known.run;
  watch(running);
}

/** Show a run as it goes on, from its beginning. */
export function watch(running: RunningTurn): void {
  stop();
  asked.value = running;
  const brought = running.attached?.find((one) => one.kind === "audio");
  if (brought && brought.id !== fileId.peek()) go({ file: brought.id }, true);
  run.value = begun(running.id);
  connected.value = true;
  stop = follow(running.id, {
    news: (news) => {
      if (run.value) run.value = heard(run.value, news);
      if (news.name === "approval") said.value = "Waiting for your decision on code";
      if (news.name === "error") tellFault(news.data);
      if (news.name === "end") void ended(news.data.exit_code);
    },
    connected: (stands) => (connected.value = stands),
    lost: () => void loadThread(),
  });
}

async function ended(exitCode: number): Promise<void> {
  const told: Record<number, string> = {
    0: "Done", 1: "Answered; not everything could be done", 2: "Failed", 3: "Waiting for you", 130: "Cancelled",
  };
  const [name, id] = [projectName.peek(), threadId.peek()];
  const known = await tried(api.thread(name, id));
  await loadProject(name);
  said.value = told[exitCode] ?? "Ended";
  if (!known || name !== projectName.peek() || id !== threadId.peek()) return;
  thread.value = known;
  run.value = null;
  asked.value = null;
  void refreshStudio();
}

export async function refreshStudio(): Promise<void> {
  const info = await tried(api.studio());
  if (info) studio.value = info;
}

export async function loadPast(): Promise<void> {
  past.value = (await tried(api.history(projectName.peek()))) ?? [];
}

export async function loadEarlier(): Promise<void> {
  const first = thread.peek()?.messages[0];
  if (!first || first.turn <= 1) return;
  const older = await tried(api.earlier(projectName.peek(), threadId.peek(), first.turn));
  const now = thread.peek();
  if (older && now) thread.value = { ...now, messages: [...older.messages, ...now.messages] };
}
