/**
 * Hub and spoke: one hub asks the specialists, each within a time limit, and knows who else could answer.
 *
 * A specialist that is late is told to stop and its substitute is asked. When none is left, the hub goes on with a
 * default, and the run is partial.
 *
 * You will see the hub's agent span with all needs at once below it, and in each need one step `attempt` a specialist.
 * The late one has `TimeoutError` on the attempt, and its own agent span is `cancelled`, not failed. The event `fallback`
 * names who followed whom; the next attempt is linked `retries`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { emit, init, run, type Carrier } from '@orchescope/sdk';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'hub-and-spoke' });

type Specialist = {
  readonly name: string;
  readonly timeoutMs: number;
  /** Must stop when the signal says so. */
  readonly work: (place: string, signal: AbortSignal) => Promise<string>;
};
type Need = {
  readonly name: string;
  /** In the order in which they are asked. */
  readonly specialists: readonly Specialist[];
  readonly otherwise: string;
};
type Found = { readonly text: string; readonly isDefault: boolean };

class TimeoutError extends Error {}

/** Whoever does not listen to the signal is left behind. */
async function withTimeout<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new TimeoutError(`no answer within ${timeoutMs} ms`));
    controller.abort();
  }, timeoutMs);
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function meet({ name, specialists, otherwise }: Need, place: string): Promise<Found> {
  let previous: Carrier | undefined;
  for (const [index, specialist] of specialists.entries()) {
    const links = previous ? [{ to: previous, rel: 'retries' as const }] : [];
    const spec = { kind: 'step', name, type: 'attempt', attempt: index + 1, links } as const;
    try {
      const text = await run(spec, (op) => {
        previous = op.carrier();
        return withTimeout(specialist.timeoutMs, (signal) =>
          run({ kind: 'agent', name: specialist.name, role: 'specialist' }, () =>
            specialist.work(place, signal),
          ),
        );
      });
      return { text, isDefault: false };
    } catch {
      const next = specialists[index + 1]?.name ?? 'default';
      emit({ type: 'fallback', from: specialist.name, to: next });
    }
  }
  return { text: otherwise, isDefault: true };
}

const plan = (place: string, needs: readonly Need[]): Promise<string> =>
  run({ kind: 'workflow', name: 'plan-trip', pattern: 'hub_and_spoke' }, (op) =>
    run({ kind: 'agent', name: 'hub', role: 'hub', input: place }, async () => {
      const found = await Promise.all(needs.map((need) => meet(need, place)));
      const failed = found.filter(({ isDefault }) => isDefault).length;
      if (failed > 0) {
        op.emit({ type: 'partial', ok: found.length - failed, failed, policy: 'default value' });
        op.set({ outcome: 'partial' });
      }
      return compose(found.map(({ text }) => text).join('\n'));
    }),
  );

const compose = createFakeModel((prompt) => prompt.split('\n').join(' '));

const prompt = (name: string, answer: (place: string) => string): Specialist => ({
  name,
  timeoutMs: 2_000,
  work: createFakeModel(answer),
});
const stuck = (name: string): Specialist => ({
  name,
  timeoutMs: 30,
  work: (place, signal) => sleep(60_000, place, { signal }),
});
const broken = (name: string): Specialist => ({
  name,
  timeoutMs: 2_000,
  work: () => Promise.reject(new TypeError(`${name} has no map`)),
});

const trip = await plan('Bergen', [
  {
    name: 'weather',
    otherwise: 'Take a coat.',
    specialists: [prompt('meteorologist', (place) => `It rains in ${place}.`)],
  },
  {
    name: 'hotel',
    otherwise: 'No hotel yet.',
    specialists: [stuck('concierge'), prompt('booking', (place) => `A room in ${place} is free.`)],
  },
  { name: 'route', otherwise: 'Ask for the way.', specialists: [broken('navigator')] },
]);
console.log(trip);
