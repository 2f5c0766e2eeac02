/** Which models and limits the next turns of a project have: chosen on this page, kept by the browser. */

import { computed, effect, signal } from "@preact/signals";
import type { Choice, ModelOptions } from "../api/types";
import { api } from "../api/client";
import { tried } from "./notices";
import { projectName } from "./place";

const NONE: Choice = { profile: "", models: {}, limits: {} };

export const choice = signal<Choice>(NONE);
export const options = signal<ModelOptions | null>(null);
export const isChosen = computed(
  () => choice.value.profile !== "" || [...Object.values(choice.value.models), ...Object.values(choice.value.limits)].length > 0,
);

effect(() => {
  choice.value = read(projectName.value);
});

export function choose(to: Partial<Choice>): void {
  choice.value = { ...choice.peek(), ...to };
  try {
    if (isChosen.peek()) localStorage.setItem(key(projectName.peek()), JSON.stringify(choice.peek()));
    else localStorage.removeItem(key(projectName.peek()));
  } catch {
    // a browser that keeps nothing: the choice holds until the page is closed
  }
}

export const chooseNothing = (): void => choose(NONE);

/** A role's model for the next turns; empty leaves it to the profile and the settings. */
export function chooseModel(role: string, model: string): void {
  choose({ models: changed(choice.peek().models, role, model || null) });
}

export function chooseLimit(name: string, value: number | null): void {
  choose({ limits: changed(choice.peek().limits, name, value) });
}

export async function loadOptions(): Promise<void> {
  const told = await tried(api.models());
  if (told) options.value = told;
}

/** What a request carries of the choice. */
export function chosen(): object {
  const { profile, models, limits } = choice.peek();
  return { ...(profile ? { profile } : {}), models, ...limits };
}

function changed<T>(held: Readonly<Record<string, T>>, name: string, value: T | null): Readonly<Record<string, T>> {
  const { [name]: _, ...rest } = held;
  return value === null ? rest : { ...rest, [name]: value };
}

function key(project: string): string {
  return `grym.models.${project}`;
}

function read(project: string): Choice {
  try {
    const held: unknown = JSON.parse(localStorage.getItem(key(project)) ?? "null");
    return isChoice(held) ? held : NONE;
  } catch {
    return NONE;
  }
}

function isChoice(held: unknown): held is Choice {
  return (
    typeof held === "object" && held !== null && "profile" in held && typeof held.profile === "string" &&
    "models" in held && typeof held.models === "object" && held.models !== null &&
    "limits" in held && typeof held.limits === "object" && held.limits !== null
  );
}
