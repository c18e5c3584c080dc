/** Tasks that come to a queue and are taken from it. */
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type Traffic = {
  readonly tasks: number;
  /** Between two tasks that come in. */
  readonly everyMs: number;
  /** For one task. */
  readonly serviceMs: number;
  readonly workers?: number;
  readonly queue?: string;
};

type Taken = { readonly n: number; readonly comesAt: number; readonly at: number; readonly until: number };

function serve({ tasks, everyMs, serviceMs, workers = 1 }: Traffic): readonly Taken[] {
  const free = times(workers, () => 0).map(Number);
  return times(tasks, (n) => {
    const comesAt = 10 + everyMs * n;
    const worker = free.indexOf(Math.min(...free));
    const at = Math.max(comesAt, free[worker] ?? 0);
    free[worker] = at + serviceMs;
    return { n, comesAt, at, until: at + serviceMs };
  });
}

/** Messages, with the words of our SDK. */
export function messages(traffic: Traffic): readonly Sketch[] {
  const { queue = 'tasks' } = traffic;
  const attributes = { 'orchescope.queue.name': queue };
  return [
    { id: 'root', kind: 'workflow', name: 'batch', until: 5 },
    ...serve(traffic).map(({ n, comesAt, at, until }): Sketch => ({
      id: `${queue} process ${n}`, traceId: `${queue} ${n}`, kind: 'queue', rawKind: 'process', otelKind: 5, name: `process ${queue}`, at, until,
      links: [{ to: 'root', trace: 'trace', rel: 'caused_by' }],
      attributes: { ...attributes, 'orchescope.queue.wait': (at - comesAt) / 1000 },
    })),
  ];
}

/** Messages, with the words of OpenTelemetry alone. */
export function plainMessages(traffic: Traffic): readonly Sketch[] {
  const { queue = 'tasks' } = traffic;
  const attributes = { 'messaging.destination.name': queue, 'messaging.system': 'kafka' };
  return serve(traffic).flatMap(({ n, comesAt, at, until }): readonly Sketch[] => [
    { id: `send ${n}`, parent: n === 0 ? '' : 'send 0', kind: 'queue', otelKind: 4, name: `publish ${queue}`, at: comesAt, until: comesAt + 1, attributes, dialect: 'other' },
    { id: `process ${n}`, kind: 'queue', otelKind: 5, name: `process ${queue}`, traceId: `p ${n}`, links: [{ to: `send ${n}`, trace: 'trace', rel: '' }], at, until, attributes, dialect: 'other' },
  ]);
}

/** A supervisor that tells of its queue and its workers in events. */
export function supervised(traffic: Traffic, { refused = 0, by = 'backpressure', states = [] as readonly (readonly [at: number, worker: string, state: string])[] } = {}): readonly Sketch[] {
  const { queue = 'writers' } = traffic;
  const taken = serve(traffic);
  const end = Math.max(0, ...taken.map(({ until }) => until), ...states.map(([at]) => at)) + 10;
  const name = { 'orchescope.queue.name': queue };
  return [
    {
      id: 'desk', kind: 'agent', agentName: 'desk', until: end,
      events: [
        ...taken.map(({ comesAt }) => ({ name: 'orchescope.queue', at: comesAt, attributes: { ...name, 'orchescope.queue.depth': 1 } })),
        ...taken.map(({ comesAt, at }) => ({ name: 'orchescope.queue', at, attributes: { ...name, 'orchescope.queue.wait': (at - comesAt) / 1000 } })),
        ...times(refused, (n) => ({ name: 'orchescope.rejected', at: 20 + n, attributes: { 'orchescope.rejected.by': by, 'orchescope.rejected.target': queue } })),
        ...states.map(([at, id, state]) => ({ name: 'orchescope.worker', at, attributes: { 'orchescope.worker.id': id, 'orchescope.worker.state': state } })),
      ].toSorted((a, b) => a.at - b.at),
    },
    ...taken.map(({ n, at, until }): Sketch => ({ id: `task ${n}`, parent: 'desk', kind: 'step', name: `step t${n}`, at, until })),
  ];
}
