/** Every call of the studio's API; no other file talks to the server, but for the stream of a run. */

import type {
  Asset, Comparison, Decision, Fault, Hit, PastTurn, ModelOptions, Peaks, Project, Spectrogram, StudioInfo, Thread,
} from "./types";
import { WORD, spoken } from "./word";

/** A refusal in the server's own words. */
export class StudioError extends Error {
  constructor(readonly fault: Fault, readonly status: number) {
    super(`${fault.tried}: ${fault.happened}. ${fault.do}`);
  }
}

const part = encodeURIComponent;
const project = (name: string): string => `/api/projects/${part(name)}`;
const thread = (name: string, id: string): string => `${project(name)}/threads/${part(id)}`;
const asset = (name: string, id: string): string => `${project(name)}/assets/${part(id)}`;

function isFault(value: unknown): value is Fault {
  return typeof value === "object" && value !== null && "happened" in value && "do" in value;
}

/** The server's words where it gave some; else what the status means. */
export function faultOf(status: number, body: string, tried: string): Fault {
  try {
    const told: unknown = JSON.parse(body);
    const error = typeof told === "object" && told !== null && "error" in told ? told.error : told;
    if (isFault(error)) return error;
  } catch {
    // not JSON: told by the status below
  }
  if (status === 401 || status === 403)
    return { tried, happened: "this page has no key to the studio", do: "Open the address that `grym studio` printed" };
  if (status === 0)
    return { tried, happened: "the studio does not answer", do: "See whether `grym studio` still runs" };
  return { tried, happened: `the studio answered with ${status}`, do: "Try again; `grym doctor` looks for causes" };
}

async function call<T>(tried: string, path: string, body?: object): Promise<T> {
  const request: RequestInit = body
    ? { method: "POST", headers: { ...WORD, "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : { headers: WORD };
  let answer: Response;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new StudioError(faultOf(0, "", tried), 0);
  }
  const text = await answer.text();
  if (!answer.ok) throw new StudioError(faultOf(answer.status, text, tried), answer.status);
  return (text ? JSON.parse(text) : {}) as T;
}

/** The address of something to take away, once the server has said that it is there. */
async function available(tried: string, path: string): Promise<string> {
  const enough = new AbortController();
  const answer = await fetch(path, { signal: enough.signal });
  if (!answer.ok) throw new StudioError(faultOf(answer.status, await answer.text(), tried), answer.status);
  enough.abort();
  return path;
}

/** A project comes to be with its first turn; until then the server knows none of that name. */
async function fresh<T>(asked: Promise<T>, none: T): Promise<T> {
  try {
    return await asked;
  } catch (fault) {
    if (fault instanceof StudioError && fault.status === 404) return none;
    throw fault;
  }
}

function nothingYet(name: string): Project {
  return {
    project: name, at: "", settings: [], sections: [], elements: [], timeline: [], notes: [], assets: [],
    findings: [], conflicts: [], threads: [],
  };
}

export const api = {
  studio: () => call<StudioInfo>("opening the studio", "/api/studio"),
  models: () => call<ModelOptions>("looking for models", "/api/models"),
  createProject: (name: string) => call<object>(`creating ${name}`, "/api/projects", { name }),
  project: (name: string) => fresh(call<Project>(`opening ${name}`, project(name)), nothingYet(name)),
  thread: (name: string, id: string) => call<Thread>(`opening the thread ${id}`, thread(name, id)),
  earlier: (name: string, id: string, before: number) =>
    call<Thread>("reading earlier turns", `${thread(name, id)}?before=${before}`),
  history: (name: string) =>
    fresh(call<PastTurn[]>("reading the history", `${project(name)}/history?limit=60`), []),
  search: (name: string, words: string) =>
    call<Hit[]>(`searching for ${words}`, `${project(name)}/search?q=${part(words)}&limit=20`),
  peaks: (name: string, id: string, points: number) =>
    call<Peaks>("drawing the waveform", `${asset(name, id)}/peaks?points=${points}`),
  spectrogram: async (name: string, id: string, from: number, to: number): Promise<Spectrogram> => {
    const stretch = `from=${from.toFixed(3)}&to=${to.toFixed(3)}`;
    const told = await call<Spectrogram>("drawing the spectrogram", `${asset(name, id)}/spectrogram?${stretch}`);
    return { ...told, url: spoken(told.url) };
  },
  compare: (name: string, a: string, b: string) =>
    call<Comparison>("matching the loudness", `${project(name)}/compare?a=${part(a)}&b=${part(b)}`),
  ask: (name: string, id: string, request: string, assets: readonly string[], chosen: object) =>
    call<{ run: string }>("sending the request", `${thread(name, id)}/runs`, { request, assets, ...chosen }),
  resume: (name: string, id: string, chosen: object) =>
    call<{ run: string }>("going on", `${thread(name, id)}/runs`, { request: "", assets: [], resume: true, ...chosen }),
  rename: (name: string, id: string, title: string) =>
    call<{ title: string }>("renaming the thread", `${thread(name, id)}/title`, { title }),
  undo: (name: string, id: string) =>
    call<{ given_up: string[]; restored: string[] }>("taking the last turn back", `${thread(name, id)}/undo`, {}),
  cancel: (run: string) => call<object>("cancelling", `/api/runs/${part(run)}/cancel`, {}),
  decide: (run: string, decision: Decision) =>
    call<object>("sending the decision", `/api/runs/${part(run)}/decision`, decision),
  archive: (name: string) => available("collecting the results", spoken(`${project(name)}/archive`)),
  events: (run: string): string => spoken(`/api/runs/${part(run)}/events`),
};

/** Send a file as it is, telling how much of it is there, from 0 to 1. */
export function upload(name: string, file: File, progress: (share: number) => void, stop: AbortSignal): Promise<Asset> {
  const tried = `attaching ${file.name}`;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${project(name)}/assets?name=${part(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, said] of Object.entries(WORD)) request.setRequestHeader(name, said);
    request.upload.onprogress = (news) => news.lengthComputable && progress(news.loaded / news.total);
    request.onload = () =>
      request.status < 300
        ? resolve(JSON.parse(request.responseText) as Asset)
        : reject(new StudioError(faultOf(request.status, request.responseText, tried), request.status));
    request.onerror = () => reject(new StudioError(faultOf(0, "", tried), 0));
    request.onabort = () => reject(new DOMException("taken back", "AbortError"));
    stop.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
