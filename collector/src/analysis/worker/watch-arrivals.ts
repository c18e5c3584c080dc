/** Asks the store again and again which traces have news, and has those analysed that are due. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readArrivals, readProgress, writeProgress } from '../../store/read-arrivals.ts';
import type { Reader } from '../../store/read-rows.ts';
import { readSilentRuns } from '../../store/read-silent-runs.ts';
import { createAgenda, type Agenda, type TraceName } from './agenda.ts';
import type { AnalysisTally, Analyst } from './analyst.ts';

export type WatchParts = {
  readonly client: Reader['client'];
  readonly analyst: Analyst;
  readonly tell: (news: WatchNews) => void;
  readonly signal: AbortSignal;
  /** Resolves when spans were stored, by this process. */
  readonly woken: () => Promise<void>;
  /** The store has all hands full with what arrives: verdicts can wait. */
  readonly isHeld: () => boolean;
  /** How often to look while nothing waits: other collectors may store spans too, and do not wake this one. */
  readonly idlePollMs: number;
  readonly silenceMs?: number;
};

export type WatchNews =
  | { readonly type: 'analysed'; readonly tally: AnalysisTally; readonly tookMs: number }
  | ({ readonly type: 'reached' } & Reached)
  | { readonly type: 'failed'; readonly message: string; readonly givenUp: readonly string[] };

/** After every look at what arrived. */
export type Reached = {
  /** By the clock of the store: what arrived until then, and could be seen at `asOfMs`, was analysed or given up. */
  readonly arrivedAtMs: number;
  readonly asOfMs: number;
  /** Traces that wait for their turn. */
  readonly waiting: number;
  /** Of the oldest arrival that waits; 0 when none does. */
  readonly lagMs: number;
};

/** While traces wait for their turn. */
const busyPollMs = 300;
/** How often open runs are asked for of which nothing is heard any more. */
const usualSilenceMs = 60_000;
const maxSilentRuns = 1_000;
/** Rows become visible a moment after the time they bear: the last while is read again every time. */
const overlapMs = 10_000;
const maxArrivals = 50_000;
/** With so many waiting, hearing of more helps nobody: the store remembers them. */
const enoughWaiting = 50_000;
const tracesPerTurn = 200;
const saveProgressMs = 10_000;
/** Held or not, one turn in so long: a store that is always busy has runs too. */
const longestHoldMs = 15_000;
/** Of all who analyse this database. */
const analystName = 'default';

/** Resolves when `signal` is aborted and what was under way is done. */
export async function watchArrivals(parts: WatchParts): Promise<void> {
  const { signal } = parts;
  const state: WatchState = {
    agenda: createAgenda(),
    progressMs: null,
    heardMs: 0,
    listenedMs: 0,
    savedMs: 0,
    silentAskedMs: Date.now(),
    turnMs: 0,
  };
  while (!signal.aborted) {
    const isBusy = await takeTurn(parts, state);
    if (!isBusy) await rest(parts, state);
  }
}

async function rest(
  { woken, signal, idlePollMs }: WatchParts,
  { agenda }: WatchState,
): Promise<void> {
  const isIdle = agenda.size() === 0;
  const up = new AbortController();
  const waking = AbortSignal.any([signal, up.signal]);
  // A thread that stops is no failure of the sleep.
  const slept = sleep(isIdle ? idlePollMs : busyPollMs, undefined, { signal: waking }).catch(
    () => undefined,
  );
  await (isIdle ? Promise.race([slept, woken()]) : slept);
  up.abort();
}

type WatchState = {
  readonly agenda: Agenda;
  /** Everything that arrived before was analysed; null = not asked yet. */
  progressMs: number | null;
  /** The last arrival that was heard of. */
  heardMs: number;
  listenedMs: number;
  savedMs: number;
  silentAskedMs: number;
  /** The last turn began. */
  turnMs: number;
};

/** True when there is more to do at once. */
async function takeTurn(parts: WatchParts, state: WatchState): Promise<boolean> {
  const { client, tell, isHeld } = parts;
  if (isHeld() && Date.now() - state.turnMs < longestHoldMs) return false;
  state.turnMs = Date.now();
  try {
    state.progressMs ??= await readProgress(client, analystName);
    if (state.agenda.size() < enoughWaiting) {
      state.listenedMs = Date.now();
      await listen(client, state, state.progressMs);
    }
    await lookAfterSilent(parts, state);
    const names = state.agenda.take(Date.now(), tracesPerTurn);
    if (names.length > 0) await analyse(parts, state, names);
    await saveProgress(client, state);
    tell({ type: 'reached', ...toReached(state) });
    return names.length > 0;
  } catch (error) {
    tell({ type: 'failed', message: messageOf(error), givenUp: [] });
    return false;
  }
}

async function listen(
  client: Reader['client'],
  state: WatchState,
  progressMs: number,
): Promise<void> {
  const { agenda } = state;
  const fromMs = Math.max(0, progressMs - overlapMs);
  const { arrivals } = await readArrivals(client, fromMs, maxArrivals);
  const nowMs = Date.now();
  for (const { projectId, traceId, arrivedAtMs } of arrivals) {
    agenda.add({ projectId, traceId }, arrivedAtMs, nowMs);
    state.heardMs = Math.max(state.heardMs, arrivedAtMs);
  }
  agenda.forget(fromMs);
}

/** A run that says nothing may be hung or abandoned: only a look at the clock tells. */
async function lookAfterSilent(
  { client, silenceMs = usualSilenceMs }: WatchParts,
  state: WatchState,
): Promise<void> {
  const nowMs = Date.now();
  if (nowMs - state.silentAskedMs < silenceMs) return;
  state.silentAskedMs = nowMs;
  const silent = await readSilentRuns(client, nowMs, maxSilentRuns);
  for (const name of silent) state.agenda.add(name, nowMs, nowMs);
}

async function analyse(
  { analyst, tell }: WatchParts,
  { agenda }: WatchState,
  names: readonly TraceName[],
): Promise<void> {
  const startedAt = performance.now();
  const projectId = names[0]?.projectId ?? '';
  try {
    const tally = await analyst.analyze(
      projectId,
      names.map(({ traceId }) => traceId),
    );
    const tookMs = performance.now() - startedAt;
    agenda.done(names, tookMs / names.length, Date.now());
    tell({ type: 'analysed', tally, tookMs });
  } catch (error) {
    const givenUp = agenda.putBack(names, Date.now(), isFault(error)).map(({ traceId }) => traceId);
    tell({ type: 'failed', message: messageOf(error), givenUp });
  }
}

function toReached({ agenda, heardMs, progressMs, listenedMs }: WatchState): Reached {
  const oldestMs = agenda.oldestArrivalMs();
  return {
    arrivedAtMs: oldestMs === null ? Math.max(heardMs, progressMs ?? 0) : oldestMs - 1,
    asOfMs: listenedMs,
    waiting: agenda.size(),
    lagMs: oldestMs === null ? 0 : Math.max(0, Date.now() - oldestMs),
  };
}

/** Seldom: after a crash the last while is analysed once more, with the same verdicts. */
async function saveProgress(client: Reader['client'], state: WatchState): Promise<void> {
  const reachedMs = state.agenda.oldestArrivalMs() ?? state.heardMs;
  if (state.progressMs === null || reachedMs <= state.progressMs) return;
  state.progressMs = reachedMs;
  if (Date.now() - state.savedMs < saveProgressMs) return;
  state.savedMs = Date.now();
  await writeProgress(client, analystName, reachedMs);
}

/** An answer of the store that says no, as no answer is. */
function isFault(error: unknown): boolean {
  return !(error instanceof Error && 'code' in error && !/^\d+$/.test(String(error.code)));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
