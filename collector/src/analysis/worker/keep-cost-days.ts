/**
 * Keeps the sums of past days true to their runs, a day at a time, as long as nobody needs the store more. Whatever is
 * not made yet, readers read from the runs themselves: late or never, no answer is wrong.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reader } from '../../store/read-rows.ts';
import { dropUnusedDays, makeDay, readStaleDays } from '../../store/costs/make-days.ts';

export type CostDaysParts = {
  readonly client: Reader['client'];
  readonly signal: AbortSignal;
  /** The store has all hands full with what arrives: sums can wait. */
  readonly isHeld: () => boolean;
  readonly tell: (message: string) => void;
};

const lookEveryMs = 60_000;
const daysPerLook = 20;
/** After each day so many times as long as it took: a twentieth of one core at most. */
const restFactor = 19;
/** The first look after a start, when there is enough else to do. */
const firstMs = 15_000;

/** Resolves when `signal` is aborted and what was under way is done. */
export async function keepCostDays(parts: CostDaysParts): Promise<void> {
  const { signal, isHeld, tell } = parts;
  let waitMs = firstMs;
  while (await rest(waitMs, signal)) {
    waitMs = lookEveryMs;
    if (isHeld()) continue;
    try {
      await makeDays(parts);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  }
}

async function makeDays({ client, signal, isHeld }: CostDaysParts): Promise<void> {
  for (const stale of await readStaleDays(client, daysPerLook)) {
    if (isHeld()) return;
    const startedMs = Date.now();
    await makeDay(client, stale, startedMs);
    if (!(await rest((Date.now() - startedMs) * restFactor, signal))) return;
  }
  await dropUnusedDays(client, Date.now());
}

/** False when there is no more to come. */
async function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  // A thread that stops is no failure of the sleep.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
