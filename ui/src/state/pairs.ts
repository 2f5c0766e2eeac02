/** Which sound came before another: what a turn made out of what. */

import type { Asset, Message } from "../api/types";

export interface Pair {
  readonly before: string;
  readonly after: string;
}

/** The pair that a sound is part of: what it was made of, else the newest that was made of it. */
export function pairOf(sound: string, messages: readonly Message[], assets: ReadonlyMap<string, Asset>): Pair | null {
  for (const message of messages.toReversed()) {
    const made = (message.artifacts ?? []).map((one) => one.id).filter((id) => assets.get(id)?.kind === "audio");
    const used = (message.tasks ?? []).flatMap((one) => one.inputs).filter((id) => assets.get(id)?.kind === "audio");
    const before = used.find((id) => !made.includes(id));
    const after = made.at(-1);
    if (before && made.includes(sound)) return { before, after: sound };
    if (after && used.includes(sound) && !made.includes(sound)) return { before: sound, after };
  }
  return null;
}
