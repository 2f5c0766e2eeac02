/** A run as its news tell it: pure, so that replaying the news gives the same again. */

import type { Approval, Fault, Outcome, RunNews, SliceReport, Task, TurnEvent } from "../api/types";

export type RunStatus = "running" | "waiting" | "ended";

export interface Run {
  readonly id: string;
  readonly status: RunStatus;
  readonly tasks: readonly Task[];
  readonly slices: readonly SliceReport[];
  /** What each task is about right now, and how far it is. */
  readonly now: Readonly<Record<string, TurnEvent>>;
  /** Everything that was told, oldest first. */
  readonly lines: readonly TurnEvent[];
  readonly answer: string;
  readonly approvals: readonly Approval[];
  readonly result: Outcome | null;
  readonly fault: Fault | null;
  readonly exitCode: number | null;
}

const MOST_LINES = 400;

export function begun(id: string): Run {
  return {
    id, status: "running", tasks: [], slices: [], now: {}, lines: [], answer: "", approvals: [],
    result: null, fault: null, exitCode: null,
  };
}

export function heard(run: Run, news: RunNews): Run {
  switch (news.name) {
    case "event":
      return withEvent(run, news.data);
    case "plan":
      return { ...run, tasks: news.data.tasks, slices: news.data.slices ?? run.slices };
    case "token":
      return { ...run, answer: run.answer + news.data.text };
    case "approval":
      return {
        ...run,
        status: "waiting",
        approvals: [...run.approvals.filter((one) => one.id !== news.data.id), news.data],
      };
    case "decided":
      return decided(run, news.data.id);
    case "result":
      return {
        ...run,
        result: news.data,
        answer: news.data.answer,
        tasks: news.data.tasks ?? run.tasks,
        slices: news.data.slices ?? run.slices,
      };
    case "error":
      return { ...run, fault: news.data };
    case "end":
      return { ...run, status: "ended", exitCode: news.data.exit_code };
  }
}

function decided(run: Run, id: string): Run {
  const approvals = run.approvals.filter((one) => one.id !== id);
  return { ...run, approvals, status: approvals.length ? "waiting" : "running" };
}

function withEvent(run: Run, event: TurnEvent): Run {
  const key = event.task || event.node;
  const now = { ...run.now };
  if (event.kind === "judged" || event.kind === "node_end") delete now[key];
  else if (event.text && event.kind !== "planned") now[key] = event;
  const lines = event.text || event.error ? [...run.lines, event].slice(-MOST_LINES) : run.lines;
  return { ...run, now, lines, tasks: withTask(run.tasks, event), slices: withSlice(run.slices, event) };
}

/** The tasks as single events tell them, until the next whole plan comes. */
function withTask(tasks: readonly Task[], event: TurnEvent): readonly Task[] {
  const { task: id, status } = event;
  if (!id || !status) return tasks;
  if (tasks.some((one) => one.id === id)) return tasks.map((one) => (one.id === id ? { ...one, status } : one));
  if (event.kind !== "planned") return tasks;
  const planned: Task = {
    id, status, agent: event.node, objective: event.text, inputs: [], needs: [], priority: 1, reason: "", rounds: 0,
    criteria: [],
  };
  return [...tasks, planned];
}

function withSlice(slices: readonly SliceReport[], event: TurnEvent): readonly SliceReport[] {
  if (event.kind !== "node_start" || event.tokens == null) return slices;
  const slice: SliceReport = {
    agent: event.node, tokens: event.tokens, kept: event.kept ?? 0, dropped: event.dropped ?? 0,
    ...(event.task ? { task: event.task } : {}),
  };
  const others = slices.filter((one) => one.agent !== slice.agent || one.task !== slice.task);
  return [...others, slice];
}
