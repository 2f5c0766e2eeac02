/** The words of the studio's API, as docs/json.md and docs/studio.md define them. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Fault {
  readonly tried: string;
  readonly happened: string;
  readonly do: string;
}

export interface Role {
  readonly role: string;
  readonly wanted: string;
  readonly used: string;
  readonly why: string;
}

export interface ModelOption {
  readonly model: string;
  readonly there: boolean;
  readonly why: string;
  /** What to type to get it. */
  readonly get: readonly string[];
}

export interface RoleOptions {
  readonly role: string;
  readonly wanted: string;
  readonly used: string;
  /** What is wanted and is not there. */
  readonly lacks: ModelOption | null;
  readonly models: readonly ModelOption[];
}

export interface LimitOption {
  readonly name: string;
  readonly says: string;
  readonly least: number;
  readonly most: number;
}

export interface ModelOptions {
  readonly profiles: readonly { readonly name: string; readonly says: string }[];
  readonly roles: readonly RoleOptions[];
  readonly limits: readonly LimitOption[];
}

/** What the user wants of the next turns; what is left out, the settings say. */
export interface Choice {
  readonly profile: string;
  readonly models: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, number>>;
}

export interface AspectLabel {
  readonly says: string;
  readonly unit: string;
}

export interface ProjectLine {
  readonly name: string;
  readonly turns: number;
  readonly at: string;
}

export interface StudioInfo {
  readonly version: string;
  readonly home: string;
  readonly roles: readonly Role[];
  readonly projects: readonly ProjectLine[];
  readonly aspects?: Readonly<Record<string, AspectLabel>>;
}

export type AssetKind = "audio" | "image" | "midi" | "score" | "text" | "archive";

export interface Asset {
  readonly id: string;
  readonly name: string;
  readonly kind: AssetKind;
  readonly suffix: string;
  readonly size_bytes?: number;
  readonly seconds?: number | null;
  readonly sample_rate_hz?: number | null;
  readonly channels?: number | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly url: string;
}

export type Evidence = "measured" | "executed" | "heard" | "seen" | "inferred" | "user";

export interface Subject {
  readonly kind: "asset" | "section" | "element";
  readonly id: string;
  readonly start?: number | null;
  readonly end?: number | null;
}

export interface Finding {
  readonly id: string;
  readonly subject: Subject;
  readonly aspect: string;
  readonly value: Json;
  readonly unit: string;
  readonly evidence: Evidence;
  readonly source: string;
  readonly method: string;
  readonly confidence: number;
}

export interface Criterion {
  readonly aspect: string;
  readonly op: "==" | "<=" | ">=";
  readonly value: Json;
  readonly tolerance?: number | null;
  readonly unit: string;
  readonly measured: Json;
  readonly met: boolean | null;
}

export type TaskStatus = "planned" | "done" | "not_met" | "failed" | "skipped" | "waiting";

export interface Task {
  readonly id: string;
  readonly agent: string;
  readonly objective: string;
  readonly inputs: readonly string[];
  readonly needs: readonly string[];
  readonly priority: number;
  readonly reason: string;
  readonly status: TaskStatus;
  readonly rounds: number;
  readonly criteria: readonly Criterion[];
  readonly why?: string;
}

export interface SliceReport {
  readonly agent: string;
  readonly task?: string;
  readonly tokens: number;
  readonly kept: number;
  readonly dropped: number;
}

export interface Artifact {
  readonly id: string;
  readonly name: string;
  readonly folder?: string;
  readonly kind: string;
  readonly made_by: string;
  readonly url: string;
}

export interface Conflict {
  readonly aspect: string;
  readonly findings: readonly string[];
  readonly kept: string | null;
  readonly rule: string;
  readonly why: string;
  readonly status: "open" | "settled";
}

export interface Recommendation {
  readonly text: string;
  readonly findings: readonly string[];
  readonly aspect: string;
}

export interface Ask {
  readonly question: string;
  readonly missing: string;
}

/** What a turn came to; a message of a thread may know only part of it. */
export interface Outcome {
  readonly answer: string;
  readonly tasks?: readonly Task[];
  readonly findings?: readonly Finding[];
  readonly recommendations?: readonly Recommendation[];
  readonly conflicts?: readonly Conflict[];
  readonly artifacts?: readonly Artifact[];
  readonly slices?: readonly SliceReport[];
  readonly asks?: readonly Ask[];
  readonly degraded?: readonly Role[];
  readonly seconds?: number;
}

export interface Message extends Outcome {
  readonly turn: number;
  readonly at: string;
  readonly request: string;
  readonly attached: readonly Asset[];
}

export interface RunningTurn {
  readonly id: string;
  readonly request: string;
  readonly attached?: readonly Asset[];
}

export interface Thread {
  readonly messages: readonly Message[];
  readonly run: RunningTurn | string | null;
  readonly approvals: readonly Approval[];
  readonly unfinished?: { readonly request: string } | null;
}

export interface ThreadLine {
  readonly id: string;
  readonly title: string;
  readonly turns: number;
  readonly at: string;
}

export interface Setting {
  readonly field: string;
  readonly value: string;
}

export interface Section {
  readonly name: string;
  readonly role: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly first_bar: number | null;
  readonly last_bar: number | null;
  readonly text: string;
}

export interface Element_ {
  readonly name: string;
  readonly kind: string;
  readonly section: string;
  readonly assets: readonly string[];
  readonly text: string;
}

export interface Note {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly place: { readonly level: string; readonly name: string };
  readonly assets: readonly string[];
}

export interface Project {
  readonly project: string;
  readonly at: string;
  readonly settings: readonly Setting[];
  readonly sections: readonly Section[];
  readonly elements: readonly Element_[];
  readonly timeline: readonly { readonly what: string; readonly date: string | null; readonly text: string }[];
  readonly notes: readonly Note[];
  readonly assets: readonly Asset[];
  readonly findings: readonly Finding[];
  readonly conflicts: readonly Conflict[];
  readonly threads: readonly ThreadLine[];
}

export interface Step {
  readonly id: string;
  readonly round: number;
  readonly who: string;
  readonly what: string;
  readonly outcome: string;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly seconds: number;
}

export interface PastTurn {
  readonly thread: string;
  readonly turn: number;
  readonly when: string;
  readonly request: string;
  readonly answer: string;
  readonly steps: readonly Step[];
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly seconds: number;
}

export interface Hit {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly score: number | null;
  readonly began: { readonly thread: string; readonly turn: number; readonly at: string };
  readonly ended: { readonly at: string; readonly why: string } | null;
}

export interface Peaks {
  readonly seconds: number;
  readonly peaks: readonly (readonly [number, number])[];
}

export interface Mark {
  readonly aspect: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly low: number | null;
  readonly high: number | null;
}

export type FrequencyScale = "mel" | "log" | "linear";

export interface Spectrogram {
  readonly url: string;
  readonly plot: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly picture: { readonly width: number; readonly height: number };
  readonly seconds: readonly [number, number];
  readonly hertz: readonly [number, number];
  readonly scale: FrequencyScale;
  readonly marks: readonly Mark[];
}

export interface Side {
  readonly lufs: number | null;
  readonly gain_db: number;
}

export interface Comparison {
  readonly a: Side;
  readonly b: Side;
}

export interface ActionRequest {
  readonly name: string;
  readonly args: { readonly [key: string]: Json };
  readonly description: string;
}

export interface Approval {
  readonly id: string;
  readonly action_requests: readonly ActionRequest[];
  readonly review_configs: readonly { readonly action_name: string; readonly allowed_decisions: readonly string[] }[];
  readonly diff?: string;
}

export interface Decision {
  readonly id: string;
  readonly type: "approve" | "edit" | "reject";
  readonly message?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** One thing that happens in a turn while its user waits. */
export interface TurnEvent {
  readonly kind: string;
  readonly node: string;
  readonly text: string;
  readonly task?: string;
  readonly model?: string;
  readonly seconds?: number | null;
  /** Of a task: when it is planned or judged. */
  readonly status?: TaskStatus;
  readonly share?: number | null;
  readonly left?: number | null;
  readonly error?: string;
  readonly tokens?: number | null;
  readonly kept?: number | null;
  readonly dropped?: number | null;
}

/** What the stream of a run tells, by the name of the event. */
export type RunNews =
  | { readonly name: "event"; readonly data: TurnEvent }
  | { readonly name: "plan"; readonly data: { readonly tasks: readonly Task[]; readonly slices?: readonly SliceReport[] } }
  | { readonly name: "token"; readonly data: { readonly text: string } }
  | { readonly name: "approval"; readonly data: Approval }
  | { readonly name: "decided"; readonly data: { readonly id: string; readonly type: string } }
  | { readonly name: "result"; readonly data: Outcome }
  | { readonly name: "error"; readonly data: Fault }
  | { readonly name: "end"; readonly data: { readonly exit_code: number } };
