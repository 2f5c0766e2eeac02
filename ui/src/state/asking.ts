/** The message that is being written: its words, its files on their way, and sending it. */

import { computed, signal } from "@preact/signals";
import { api, StudioError, upload } from "../api/client";
import type { Asset, Decision, Fault } from "../api/types";
import { chosen } from "./choice";
import { said, tried } from "./notices";
import { projectName, threadId, view } from "./place";
import { loadProject, run, thread, watch } from "./studio";

export interface Attachment {
  readonly key: number;
  readonly name: string;
  readonly share: number;
  readonly asset: Asset | null;
  readonly fault: Fault | null;
  readonly stop: AbortController;
}

export const words = signal("");
export const attachments = signal<readonly Attachment[]>([]);
export const uploading = computed(() => attachments.value.some((one) => !one.asset && !one.fault));
export const ready = computed(() => attachments.value.flatMap((one) => (one.asset ? [one.asset] : [])));

/** What the last command of the page did, for the reader. */
export const note = signal("");

let keys = 0;

/** Send files on their way at once, each by itself; what is refused says why beside its name. */
export function attach(files: Iterable<File>): void {
  view.value = "chat";
  for (const file of files) void attachOne(file);
}

async function attachOne(file: File): Promise<void> {
  const key = ++keys;
  const stop = new AbortController();
  const entry: Attachment = { key, name: file.name, share: 0, asset: null, fault: null, stop };
  attachments.value = [...attachments.value, entry];
  try {
    const asset = await upload(projectName.peek(), file, (share) => change(key, { share }), stop.signal);
    change(key, { asset, share: 1 });
    said.value = `${file.name} attached`;
  } catch (fault) {
    if (fault instanceof StudioError) change(key, { fault: fault.fault });
    else if (!(fault instanceof DOMException)) throw fault;
  }
}

function change(key: number, to: Partial<Attachment>): void {
  attachments.value = attachments.value.map((one) => (one.key === key ? { ...one, ...to } : one));
}

export function detach(key: number): void {
  attachments.value.find((one) => one.key === key)?.stop.abort();
  attachments.value = attachments.value.filter((one) => one.key !== key);
}

/** Bring a file of the project into the message. */
export function mention(asset: Asset): void {
  if (ready.peek().some((one) => one.id === asset.id)) return;
  const entry = { key: ++keys, name: asset.name, share: 1, asset, fault: null, stop: new AbortController() };
  attachments.value = [...attachments.value, entry];
}

export async function send(): Promise<void> {
  const [request, files] = [words.peek().trim(), ready.peek()];
  if ((!request && !files.length) || uploading.peek()) return;
  const begun = await tried(api.ask(projectName.peek(), threadId.peek(), request, files.map((one) => one.id), chosen()));
  if (!begun) return;
  words.value = "";
  attachments.value = [];
  note.value = "";
  said.value = "Sent";
  watch({ id: begun.run, request, attached: files });
}

export async function goOn(): Promise<void> {
  const request = thread.peek()?.unfinished?.request ?? "";
  const begun = await tried(api.resume(projectName.peek(), threadId.peek(), chosen()));
  if (begun) watch({ id: begun.run, request });
}

/** Take back what the last turn stated; says what that was. */
export async function undo(): Promise<void> {
  const back = await tried(api.undo(projectName.peek(), threadId.peek()));
  if (!back) return;
  const [gone, again] = [back.given_up.join("; "), back.restored.join("; ")];
  note.value = [gone ? `Taken back: ${gone}` : "Nothing had to be taken back", again ? `holds again: ${again}` : ""]
    .filter(Boolean)
    .join(". ");
  said.value = note.value;
  await loadProject();
}

export async function cancel(): Promise<void> {
  const running = run.peek();
  if (running) await tried(api.cancel(running.id));
}

export async function decide(decision: Decision): Promise<void> {
  const running = run.peek();
  if (!running) return;
  const taken = await tried(api.decide(running.id, decision));
  if (taken) said.value = `Decision sent: ${decision.type}`;
}
