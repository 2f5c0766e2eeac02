/** Where the user is: project, thread, file and panel, kept in the address so that a reload and a link lead back. */

import { computed, signal } from "@preact/signals";

export type Panel = "listen" | "figures" | "conflicts" | "history";
/** What a narrow screen shows; a wide one shows all three. */
export type View = "project" | "chat" | "work";

interface Place {
  readonly project: string;
  readonly thread: string;
  readonly file: string;
}

const PANELS: readonly Panel[] = ["listen", "figures", "conflicts", "history"];

function read(): Place {
  const [project = "", thread = "", file = ""] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return { project, thread: thread || "main", file };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

const place = signal<Place>(read());
addEventListener("hashchange", () => (place.value = read()));

export const projectName = computed(() => place.value.project);
export const threadId = computed(() => place.value.thread);
export const fileId = computed(() => place.value.file);
export const panel = signal<Panel>("listen");
export const view = signal<View>("chat");
export const panels = PANELS;

export function go(to: Partial<Place>, replace = false): void {
  const next = { ...place.value, ...to };
  const address = `#/${[next.project, next.thread, next.file].map(encodeURIComponent).join("/")}`;
  history[replace ? "replaceState" : "pushState"](null, "", address);
  place.value = next;
}

/** Show a file in the panel for listening, wherever the user was. */
export function openFile(id: string, show: Panel = "listen"): void {
  go({ file: id }, true);
  panel.value = show;
  view.value = "work";
}
