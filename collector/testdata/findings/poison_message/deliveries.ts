/** Messages of queues, each delivery in a trace of its own. */
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type MessageStory = {
  readonly id: string;
  /** What each delivery failed with; empty = it went well. */
  readonly errors: readonly string[];
  readonly queue?: string;
  /** Where it went after the last delivery. */
  readonly dead?: string;
  readonly rest?: Partial<Sketch>;
};

/** With the words of our SDK. */
export function deliver(stories: readonly MessageStory[]): readonly Sketch[] {
  const sends = stories.map(({ id, queue = 'orders' }): Sketch => ({
    id: `send ${id}`,
    parent: 'root',
    kind: 'queue',
    rawKind: 'send',
    name: `send ${queue}`,
    otelKind: 4,
    until: 5,
    attributes: { 'orchescope.queue.name': queue, 'orchescope.queue.message.id': id },
  }));
  return [{ id: 'root', kind: 'workflow', name: 'take-orders', until: 50 }, ...sends, ...stories.flatMap(tellMessage)];
}

function tellMessage({ id, errors, queue = 'orders', dead, rest }: MessageStory): readonly Sketch[] {
  return times(errors.length, (n): Sketch => {
    const error = errors[n] ?? '';
    const isLast = n === errors.length - 1;
    return {
      id: `process ${id} ${n}`,
      traceId: `process ${id} ${n}`,
      kind: 'queue',
      rawKind: 'process',
      otelKind: 5,
      name: `process ${queue}`,
      attempt: n + 1,
      at: 100 + 1000 * n,
      until: 400 + 1000 * n,
      links: [{ to: `send ${id}`, trace: 'trace', rel: 'caused_by' }],
      attributes: { 'orchescope.queue.name': queue, 'orchescope.queue.message.id': id },
      ...(error === '' ? {} : { status: 'error' as const, errorType: error }),
      events:
        isLast && dead !== undefined
          ? [{ name: 'orchescope.dead_letter', at: 390 + 1000 * n, attributes: { 'orchescope.dead_letter.destination': dead, 'orchescope.dead_letter.attempts': errors.length } }]
          : [],
      ...rest,
    };
  });
}

/** With the words of OpenTelemetry alone. */
export function inPlainWords(span: Sketch): Sketch {
  if (span.kind !== 'queue') return span;
  const { 'orchescope.queue.name': queue = '', 'orchescope.queue.message.id': id = '' } = span.attributes ?? {};
  return { ...span, dialect: 'other', attempt: 0, rawKind: '', attributes: { 'messaging.system': 'rabbitmq', 'messaging.destination.name': queue, 'messaging.message.id': id } };
}
