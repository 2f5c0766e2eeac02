/** What went wrong, in words, until the user puts it away. */

import { signal } from "@preact/signals";
import { StudioError } from "../api/client";
import type { Fault } from "../api/types";

export interface Notice extends Fault {
  readonly key: number;
}

export const notices = signal<readonly Notice[]>([]);
/** One line for those who hear the page; the newest replaces the older. */
export const said = signal("");

let keys = 0;

export function tellFault(fault: Fault): void {
  const same = notices.value.some((one) => one.tried === fault.tried && one.happened === fault.happened);
  if (!same) notices.value = [...notices.value, { ...fault, key: ++keys }];
}

export function putAway(key: number): void {
  notices.value = notices.value.filter((one) => one.key !== key);
}

/** Run something that asks the server; a refusal becomes a notice and `undefined`. */
export async function tried<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (fault) {
    if (!(fault instanceof StudioError)) throw fault;
    tellFault(fault.fault);
    return undefined;
  }
}
