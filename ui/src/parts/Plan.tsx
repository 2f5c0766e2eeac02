/** Who does what: the tasks with their state, what each agent was handed, and what happens right now. */

import type { Criterion, SliceReport, Task, TurnEvent } from "../api/types";
import { aspectName, count, valueText } from "../state/wording";
import { agentName } from "./agents";
import { Icon } from "./Icon";

const STATUS: Readonly<Record<Task["status"], string>> = {
  planned: "planned", done: "done", not_met: "not met", failed: "failed", skipped: "skipped", waiting: "waiting",
};

/** What a task does, by its newest event, where it is more than working. */
const DOING: Readonly<Record<string, string>> = {
  waiting: "waiting", loading: "loading", thinking: "thinking", retry: "again", task_end: "checking",
};

interface Props {
  readonly tasks: readonly Task[];
  readonly slices: readonly SliceReport[];
  readonly now?: Readonly<Record<string, TurnEvent>>;
  /** Whether the work stands still until the user decides. */
  readonly held?: boolean;
}

export function Plan({ tasks, slices, now = {}, held = false }: Props) {
  const others = Object.entries(now).filter(([key]) => !tasks.some((task) => task.id === key));
  return (
    <div class="plan">
      <ol class="tasks" aria-label="Plan">
        {tasks.map((task) => (
          <TaskLine key={task.id} task={task} now={now[task.id]} needs={needsOf(task, tasks)} held={held} />
        ))}
      </ol>
      {others.map(([key, event]) => (
        <p class="happening" key={key}>
          <span class="pulse" aria-hidden="true" />
          <span class="agent">{agentName(event.node)}</span> {event.text}
        </p>
      ))}
      {slices.length > 0 && <Slices slices={slices} />}
    </div>
  );
}

function needsOf(task: Task, tasks: readonly Task[]): string {
  const open = task.needs.filter((id) => tasks.some((one) => one.id === id && one.status === "planned"));
  return task.status === "planned" && open.length ? `after ${count(open.length, "other task")}` : "";
}

interface LineProps {
  readonly task: Task;
  readonly now: TurnEvent | undefined;
  readonly needs: string;
  readonly held: boolean;
}

function TaskLine({ task, now, needs, held }: LineProps) {
  const works = now !== undefined && task.status === "planned";
  const doing = held ? "waits for you" : (DOING[now?.kind ?? ""] ?? "working");
  const state = works ? doing : STATUS[task.status];
  return (
    <li class={`task ${works ? "works" : task.status}`}>
      <span class="task-dot" aria-hidden="true">
        {task.status === "done" && <Icon name="check" />}
      </span>
      <span class="agent">{agentName(task.agent)}</span>
      <span class="task-what">{task.objective}</span>
      <span class="task-state">
        {state}
        {task.rounds > 1 ? `, round ${task.rounds}` : ""}
      </span>
      {(needs || (works && now.text !== task.objective)) && <span class="task-note">{works ? now.text : needs}</span>}
      {works && now.share != null && (
        <progress class="task-note" max={1} value={now.share} aria-label={`${task.objective}: ${now.text}`} />
      )}
      {task.why && task.status !== "done" && <span class="task-note">{task.why}</span>}
      {task.criteria.length > 0 && (
        <ul class="criteria">
          {task.criteria.map((one) => (
            <Met key={`${one.aspect}${one.op}${String(one.value)}`} one={one} />
          ))}
        </ul>
      )}
    </li>
  );
}

const OPS: Readonly<Record<Criterion["op"], string>> = { "==": "", "<=": "at most ", ">=": "at least " };

function Met({ one }: { readonly one: Criterion }) {
  const wanted = `${OPS[one.op]}${valueText(one.value, one.unit)}${one.tolerance ? ` ± ${one.tolerance}` : ""}`;
  const verdict = one.met === null ? "not measured yet" : one.met ? "met" : "not met";
  return (
    <li class={one.met === null ? "" : one.met ? "met" : "missed"}>
      {aspectName(one.aspect)} <strong>{one.measured === null ? "…" : valueText(one.measured, one.unit)}</strong>, wanted{" "}
      {wanted}: {verdict}
    </li>
  );
}

function Slices({ slices }: { readonly slices: readonly SliceReport[] }) {
  return (
    <p class="slices">
      Context handed over:{" "}
      {slices.map((one, index) => (
        <span key={index} title={`${one.kept} entries kept, ${one.dropped} left out`}>
          <span class="agent">{agentName(one.agent)}</span> {one.tokens} tokens
          <span class="faint"> ({one.kept} in, {one.dropped} out)</span>
        </span>
      ))}
    </p>
  );
}
