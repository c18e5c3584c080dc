/** Reads what a round of evaluations needs: the same thing once, many things in one statement, and none for another's fault. */
import type { Reading } from '../reading.ts';
import { toShareKey } from '../../store/shared-window-sql.ts';
import type { WindowAsk } from '../../store/window-sql.ts';
import type { WindowRead } from '../../store/read-window.ts';

export type ReadWindows = (
  projectId: string,
  asks: readonly WindowAsk[],
  signal: AbortSignal,
) => Promise<readonly WindowRead[]>;

/** What was asked for, or why there is no answer. */
export type Answer =
  | { readonly type: 'read'; readonly read: WindowRead }
  | { readonly type: 'failed'; readonly message: string };

export type MeasureOptions = {
  readonly readWindows: ReadWindows;
  readonly projectId: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
};

/** Many share a scan; a statement of more is no faster, and takes the others with it when it fails. */
const asksPerStatement = 64;
const usualTimeoutMs = 10_000;
const attempts = 3;
/** After it the rest of a round is given up: one store that hangs must not keep all other projects waiting. */
const roundLimitMs = 20_000;

/** In the order of the asks. Never rejects: an ask that cannot be read says so itself. */
export async function measure(
  asks: readonly WindowAsk[],
  options: MeasureOptions,
): Promise<readonly Answer[]> {
  const keys = asks.map(keyOf);
  const unique = new Map(asks.map((ask, at) => [keys[at] ?? '', ask]));
  const answers = new Map<string, Answer>();
  const { timeoutMs = usualTimeoutMs } = options;
  const limit = AbortSignal.timeout(Math.max(roundLimitMs, 2 * timeoutMs));
  const limited = { ...options, timeoutMs, signal: AbortSignal.any([options.signal, limit]) };
  const entries = [...unique].sort(byShareKey);
  for (let from = 0; from < entries.length; from += asksPerStatement) {
    const some = entries.slice(from, from + asksPerStatement);
    const read = await readTogether(
      some.map(([, ask]) => ask),
      limited,
    );
    for (const [at, [key]] of some.entries()) answers.set(key, read[at] ?? noAnswer);
  }
  return keys.map((key) => answers.get(key) ?? noAnswer);
}

type Entry = readonly [key: string, ask: WindowAsk];

/** Those that can be read by one scan stand together. */
function byShareKey([, a]: Entry, [, b]: Entry): number {
  const [left, right] = [toShareKey(a), toShareKey(b)];
  return left < right ? -1 : Number(left > right);
}

const noAnswer: Answer = { type: 'failed', message: 'it was not read' };

async function readTogether(
  asks: readonly WindowAsk[],
  options: MeasureOptions,
  tried = 0,
): Promise<readonly Answer[]> {
  const first = await attempt(asks, options);
  if (first.type === 'read') return first.reads.map((read) => ({ type: 'read', read }));
  const [ask] = asks;
  if (ask !== undefined && asks.length === 1)
    return [await readAgain(ask, { ...first, tried: tried + 1 }, options)];
  if (options.signal.aborted) return asks.map(() => first);
  // One of them is at fault, or the store is: whoever is asked with it is asked again without.
  const middle = asks.length >> 1;
  return [
    ...(await readTogether(asks.slice(0, middle), options, tried + 1)),
    ...(await readTogether(asks.slice(middle), options, tried + 1)),
  ];
}

type Failed = Extract<Answer, { type: 'failed' }> & { readonly tried: number };

async function readAgain(
  ask: WindowAsk,
  { message, tried: before }: Failed,
  options: MeasureOptions,
): Promise<Answer> {
  let last: Answer = { type: 'failed', message };
  for (let tried = before; tried < attempts && !options.signal.aborted; tried += 1) {
    const again = await attempt([ask], options);
    const [read] = again.type === 'read' ? again.reads : [];
    if (read !== undefined) return { type: 'read', read };
    if (again.type === 'failed') last = again;
  }
  return last;
}

type Attempt =
  | { readonly type: 'read'; readonly reads: readonly WindowRead[] }
  | { readonly type: 'failed'; readonly message: string };

async function attempt(
  asks: readonly WindowAsk[],
  { readWindows, projectId, signal, timeoutMs = usualTimeoutMs }: MeasureOptions,
): Promise<Attempt> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const reads = await readWindows(projectId, asks, AbortSignal.any([signal, late]));
    return { type: 'read', reads };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      type: 'failed',
      message: late.aborted ? `no answer within ${timeoutMs / 1000} s` : message,
    };
  }
}

/** Rules differ in what they make of it, and still read the same. */
function keyOf(ask: WindowAsk): string {
  return JSON.stringify(ask, toPlain);
}

function toPlain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Of a burn rate: the share that is bad, whatever the metric itself counts. */
export function toBadShare(reading: Reading): Reading {
  return { ...reading, value: reading.samples === 0 ? null : reading.bad / reading.samples };
}
