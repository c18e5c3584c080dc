import type { Context } from '@opentelemetry/api';
import { loopKey } from './context-keys.ts';
import type { OrchEvent } from './events.ts';
import type { Kind } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import type { AnyFacts } from './kinds.ts';
import { CallLoops, HandoffLoops, ProgressLoops, type Loop } from './loops.ts';
import { env, settings } from './settings.ts';

const namesAtMost = 32;

/** What is watched of one run, or of one branch of it: branches that do the same side by side are no loop. */
class LoopWatch {
  readonly handoffs: HandoffLoops;
  private readonly flows = new Map<string, Flow>();
  private readonly progress = new Map<string, ProgressLoops>();
  private readonly inner = new Map<string, LoopWatch>();

  private readonly outer: LoopWatch | undefined;

  constructor(outer?: LoopWatch) {
    this.outer = outer;
    this.handoffs = outer?.handoffs ?? new HandoffLoops();
  }

  /** What a tool does inside, over all its calls. Its own calls end later than those, and are another sequence. */
  inside(tool: string): LoopWatch {
    return known(this.inner, tool, () => new LoopWatch(this));
  }

  /** The calls of an agent, by its name: a loop may go through many of its turns. */
  flow(agent: string): Flow {
    return known(this.flows, agent, () => new Flow());
  }

  /** Here and further out: a breaker inside a tool speaks of that tool's calls. */
  pause(): void {
    for (const flow of this.flows.values()) flow.loops.pause();
    this.outer?.pause();
  }

  progressOf(name: string): ProgressLoops {
    return known(this.progress, name, () => new ProgressLoops());
  }
}

class Flow {
  readonly loops = new CallLoops();
  /** When the last call ended. One that began before that ran beside it, and is no repetition of it. */
  endedMs = 0;
}

/** The map stays small: the name that came first leaves first. */
const known = <T>(map: Map<string, T>, name: string, create: () => T): T => {
  let found = map.get(name);
  if (found === undefined) {
    map.set(name, (found = create()));
    const [first] = map.keys();
    if (map.size > namesAtMost && first !== undefined) map.delete(first);
  }
  return found;
};

const watchOf = (ctx: Context): LoopWatch | undefined =>
  ctx.getValue(loopKey) as LoopWatch | undefined;

/** Workflows and branches are watched on their own; an agent is when nothing around it is. */
export const withLoopWatch = (ctx: Context, kind: Kind, name: string, facts: AnyFacts): Context => {
  const outer = watchOf(ctx);
  if (kind === 'tool') return outer ? ctx.setValue(loopKey, outer.inside(name)) : ctx;
  const begins =
    kind === 'workflow' ||
    (kind === 'step' && facts['type'] === 'branch') ||
    (kind === 'agent' && outer === undefined);
  return begins && reportsLoops() ? ctx.setValue(loopKey, new LoopWatch()) : ctx;
};

const reportsLoops = (): boolean =>
  (settings().loops ??= env('ORCHESCOPE_LOOPS')?.toLowerCase() !== 'off');

/** True where the calls of tools are watched: only there is it worth while to look at their arguments. */
export const isWatched = (ctx: Context): boolean => watchOf(ctx) !== undefined;

export type WatchedCall = {
  readonly name: string;
  readonly agent: string;
  readonly args: string | undefined;
  readonly result: string | undefined;
  readonly startedMs: number;
  readonly endedMs: number;
};

/** A call of a tool has ended: does it close a loop? One whose arguments nobody knows cannot. */
export const watchCall = (ctx: Context, call: WatchedCall): Loop | undefined => {
  const flow = watchOf(ctx)?.flow(call.agent);
  if (!flow || call.args === undefined) return undefined;
  const beside = call.startedMs < flow.endedMs;
  flow.endedMs = Math.max(flow.endedMs, call.endedMs);
  return beside ? undefined : flow.loops.add(call.name, `${call.name} ${call.args}`, call.result);
};

export const watchHandoff = (ctx: Context, { from, to }: AnyFacts): Loop | undefined =>
  typeof from === 'string' && typeof to === 'string'
    ? watchOf(ctx)?.handoffs.add(from, to)
    : undefined;

/** Steps that wait or try again do so on purpose. */
const onPurpose: ReadonlySet<unknown> = new Set(['wait', 'backoff', 'approval', 'attempt']);

export const watchStep = (ctx: Context, name: string, facts: AnyFacts): Loop | undefined => {
  const watch = watchOf(ctx);
  if (watch === undefined) return undefined;
  if (onPurpose.has(facts['type'])) watch.pause();
  const { progress, loop } = facts;
  if (progress === undefined) return undefined;
  const round = typeof loop === 'string' ? loop : name;
  return watch.progressOf(round).add(round, fingerprint(progress) ?? '');
};

/** Where a retry, a breaker or a limiter is in charge, the same call again is no mindless one. */
export const watchEvent = (ctx: Context, event: OrchEvent): void => {
  const { type } = event;
  if (type === 'retry' || type === 'breaker' || (type === 'rejected' && limiters.has(event.by)))
    watchOf(ctx)?.pause();
};

const limiters: ReadonlySet<string> = new Set(['breaker', 'rate_limit', 'backpressure']);
