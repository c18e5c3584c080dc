import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api';
import { eventAttributes, metricNames } from './attributes.ts';
import type { EventFacts, OrchEvent } from './events.ts';
import { capped } from './metric-labels.ts';
import { metricState } from './metric-state.ts';

const { breaker, queue, worker } = eventAttributes;

/** Gauges that are asked for their value when metrics are collected; `remember` says it before. */
export const createGauges = (meter: Meter): void => {
  const gauge = (name: string, unit: string, observe: (result: ObservableResult) => void) =>
    meter.createObservableGauge(name, { unit }).addCallback(observe);
  gauge(metricNames.breakerState, '1', (result) => {
    for (const [name, state] of metricState().breakers)
      result.observe(state, { [breaker.name]: name });
  });
  gauge(metricNames.queueDepth, '{task}', (result) => {
    for (const [name, depth] of metricState().queues) result.observe(depth, { [queue.name]: name });
  });
  gauge(metricNames.workers, '{worker}', (result) => {
    for (const { labels, count } of countWorkers(({ state }) => state))
      result.observe(count, labels);
  });
  gauge(metricNames.workersBusy, '{worker}', (result) => {
    for (const { labels, count } of countWorkers(() => undefined, isBusy))
      result.observe(count, labels);
  });
};

/** What an event says about the state of things. */
export const remember = (event: OrchEvent): void => {
  if (event.type === 'breaker') rememberBreaker(event);
  else if (event.type === 'queue') rememberQueue(event);
  else if (event.type === 'worker') rememberWorker(event);
};

const states = { closed: 0, half_open: 1, open: 2 } as const;

const rememberBreaker = ({ name, state }: EventFacts['breaker']): void => {
  const value = states[state];
  if (value !== undefined) metricState().breakers.set(capped(breaker.name, String(name)), value);
};

const rememberQueue = ({ name, depth }: EventFacts['queue']): void => {
  if (typeof depth === 'number') metricState().queues.set(capped(queue.name, String(name)), depth);
};

const workersAtMost = 1_000;

/** Of more workers than that, those not heard of for longest are forgotten. */
const rememberWorker = ({ id, state, pool }: EventFacts['worker']): void => {
  const { workers } = metricState();
  workers.delete(id);
  workers.set(String(id), {
    state: capped(worker.state, String(state)),
    pool: pool === undefined ? undefined : capped(worker.pool, String(pool)),
  });
  const [oldest] = workers.keys();
  if (workers.size > workersAtMost && oldest !== undefined) workers.delete(oldest);
};

type Worker = { readonly state: string; readonly pool: string | undefined };
type Count = { readonly labels: Attributes; count: number };

const isBusy = ({ state }: Worker): boolean => state === 'busy' || state === 'overloaded';

const countWorkers = (
  stateOf: (worker: Worker) => string | undefined,
  counts: (worker: Worker) => boolean = () => true,
): readonly Count[] => {
  const found = new Map<string, Count>();
  for (const one of metricState().workers.values()) {
    const state = stateOf(one);
    const id = `${one.pool} ${state}`;
    const labels = {
      ...(one.pool !== undefined && { [worker.pool]: one.pool }),
      ...(state !== undefined && { [worker.state]: state }),
    };
    const known = found.get(id) ?? { labels, count: 0 };
    // A pool with nobody busy is shown as 0, not left out.
    if (counts(one)) known.count += 1;
    found.set(id, known);
  }
  return [...found.values()];
};
