import type { Context, Span } from '@opentelemetry/api';
import { activeWithin } from '../ambient.ts';
import { genAi } from '../attributes.ts';
import { within } from '../context.ts';
import type { Facts, Kind } from '../facts.ts';
import { startForeign } from '../foreign.ts';
import { safely } from '../safely.ts';
import type { AnySpec, Op, Spec } from '../spec.ts';
import { at } from './json.ts';
import { modelEnded } from './langchain-current.ts';

/** A run of LangChain's while it lasts. */
export type Run = {
  readonly parentRunId: string | undefined;
  /** Where runs inside stand. Plumbing has no operation and hands on its parent's place. */
  readonly context: Context | undefined;
  readonly span: Span | undefined;
  readonly op: Op<Kind> | undefined;
  readonly kind: Kind | undefined;
  readonly startedMs: number;
  readonly threadId: string | undefined;
  /** The task of its graph that this run is a try of. */
  readonly task: Try | undefined;
  /** The last try of each task inside that failed. */
  failed: Map<string, FailedTry> | undefined;
  streams: boolean;
};

type Try = { readonly id: string; readonly attempt: number };
export type FailedTry = { readonly attempt: number; readonly span: Span; readonly reason: string };

/** By LangChain's id, for all handlers: one that is given twice makes no second span. */
const runs = new Map<string, Run>();

export const runOfId = (runId: string | undefined): Run | undefined => runs.get(runId ?? '');

type Opening = {
  readonly runId: string;
  readonly parentRunId: string | undefined;
  /** Undefined for plumbing. */
  readonly spec: AnySpec | undefined;
  /** LangChain's word for it. */
  readonly type: string;
  readonly threadId?: string | undefined;
  readonly task?: Try;
};

export const open = ({ runId, parentRunId, spec, type, threadId, task }: Opening): Run => {
  const outer = runOfId(parentRunId);
  const start = (): Op<Kind> | undefined =>
    spec &&
    startForeign(below(spec, outer), { integration: 'langchain', source: { type, id: runId } });
  // A thread is a conversation, of every span below.
  const op =
    outer || threadId === undefined
      ? start()
      : within({ attributes: { [genAi.conversationId]: threadId } }, start);
  const run: Run = {
    parentRunId,
    context: op?.context ?? outer?.context,
    span: op?.span ?? outer?.span,
    op,
    kind: spec?.kind,
    startedMs: performance.now(),
    threadId,
    task,
    failed: undefined,
    streams: false,
  };
  runs.set(runId, run);
  return run;
};

/** Below the run around; below the user's own span where there is one inside that run. */
const below = (spec: AnySpec, outer: Run | undefined): Spec<Kind> => {
  const parent = outer?.span && (activeWithin(outer.span) ?? outer.context);
  return { ...spec, ...(parent && { parent }) } as unknown as Spec<Kind>;
};

/** Facts of whatever kind the run is; LangChain's callbacks tell us which they are. */
export const write = <K extends Kind>(run: Run | undefined, facts: Partial<Facts[K]>): void => {
  run?.op?.set(facts as Partial<Facts[Kind]>);
};

/** Ends a run after its last facts. */
export const close = (
  what: string,
  runId: string,
  tell: (run: Run) => void,
  error?: Error,
): void => {
  const run = runs.get(runId);
  if (!run) return;
  runs.delete(runId);
  safely(what, () => tell(run));
  finish(run, error);
};

/** Ends a run that threw. LangGraph throws as well to pause and to leave a subgraph: no failures. */
export const fail = (what: string, runId: string, error: unknown): void => {
  const run = runs.get(runId);
  if (!run) return;
  runs.delete(runId);
  const isMove = safely(what, () => isBubbleUp(error)) === true;
  if (isMove) safely(what, () => tellInterrupt(run, error));
  else safely(what, () => rememberFailure(run, error));
  finish(run, isMove ? undefined : (error ?? new Error('failed without an error')));
};

const finish = (run: Run, error: unknown): void => {
  if (run.kind === 'llm') modelEnded(run.parentRunId);
  run.op?.end(error);
};

const isBubbleUp = (error: unknown): boolean => at(error, 'is_bubble_up') === true;

/** Interrupts that a span tells of already: they pass through every run around. */
const told = new WeakSet<object>();

const tellInterrupt = ({ op }: Run, error: unknown): void => {
  const isInterrupt = /^(?:Graph|Node)Interrupt$/.test(String(at(error, 'name')));
  if (!isInterrupt || op === undefined || told.has(error as object)) return;
  told.add(error as object);
  op.emit({ type: 'interrupt', reason: 'interrupt' });
};

const rememberFailure = ({ parentRunId, task, op }: Run, error: unknown): void => {
  const graph = runOfId(parentRunId);
  if (!graph || !task || !op) return;
  const reason = String(at(error, 'name') ?? 'error');
  graph.failed ??= new Map();
  graph.failed.set(task.id, { attempt: task.attempt, span: op.span, reason });
};
