/** The news of a run, over a connection that comes back by itself and misses nothing. */

import { api } from "./client";
import type { RunNews } from "./types";

const NAMES: readonly RunNews["name"][] = [
  "event", "plan", "token", "approval", "decided", "result", "error", "end",
];

export interface Listener {
  readonly news: (news: RunNews) => void;
  /** Whether the connection stands; it is tried again while it doesn't. */
  readonly connected: (stands: boolean) => void;
  /** The server knows the run no more: look at the thread again. */
  readonly lost: () => void;
}

/** Follow a run from its beginning; returns what ends the following. */
export function follow(run: string, listener: Listener): () => void {
  const source = new EventSource(api.events(run));
  let ended = false;
  const close = (): void => {
    ended = true;
    source.close();
  };
  for (const name of NAMES)
    source.addEventListener(name, (message) => {
      if (!(message instanceof MessageEvent) || ended) return;
      if (name === "end") close();
      listener.news({ name, data: JSON.parse(String(message.data)) } as RunNews);
    });
  source.onopen = () => listener.connected(true);
  source.onerror = (happened) => {
    if (ended || happened instanceof MessageEvent) return;
    listener.connected(false);
    if (source.readyState === EventSource.CLOSED) {
      ended = true;
      listener.lost();
    }
  };
  return close;
}
