import { context, metrics, propagation, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { genAi } from '../attributes.ts';
import { forgetMetricState } from '../metric-state.ts';
import { registerProviders } from '../providers.ts';
import { settings, type Capture } from '../settings.ts';
import { printTree, type TreeOptions } from './print-tree.ts';
import {
  toRecordedSpan,
  type RecordedEvent,
  type RecordedPoint,
  type RecordedSpan,
} from './recorded.ts';

export type RecordOptions = {
  /** How much content spans hold; `full` unless told otherwise, since it stays in this process. */
  readonly capture?: Capture;
};

/** What happened since `record()`, in memory. */
export interface Recording {
  /** Ended spans, in the order they started. */
  spans(): readonly RecordedSpan[];
  /** The spans of the workflow of this name and of everything below it. */
  run(workflow: string): readonly RecordedSpan[];
  /** The first span of this name. Throws with the tree when there is none. */
  span(name: string): RecordedSpan;
  /** Events of all spans, in the order of the spans. */
  events(type?: string): readonly RecordedEvent[];
  /** All series of a metric so far. Sums are cumulative. */
  points(metric: string): Promise<readonly RecordedPoint[]>;
  /** Every metric by name. */
  metrics(): Promise<ReadonlyMap<string, readonly RecordedPoint[]>>;
  printTree(options?: TreeOptions): string;
  /** Forgets the spans so far; metrics go on counting. */
  clear(): void;
  /** Stops, and leaves OpenTelemetry as unregistered as before. */
  stop(): Promise<void>;
}

/**
 * Records every span and metric of this process until `stop()`. For tests: nothing is sent anywhere. Call it before
 * the code under test, one at a time; when OpenTelemetry is registered already, that registration is replaced.
 *
 * @example
 * const recording = record();
 * await answer('where is my order?');
 * expectRun(recording).toHaveCalledTool('lookup', 1).toHaveHandedOff('triage', 'orders').toHaveNoLoops();
 * await recording.stop();
 */
export const record = (options: RecordOptions = {}): Recording => {
  unregister();
  forgetMetricState();
  const memory = new Memory();
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: measured,
    exportIntervalMillis: 3_600_000,
  });
  const providers = registerProviders({ spanProcessors: [memory], metricReaders: [reader] });
  const before = settings().capture;
  settings().capture = options.capture ?? 'full';
  const collect = async () => {
    measured.reset();
    await reader.forceFlush();
    return measured.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  };
  const readMetrics = async () => {
    const all = (await collect()).flatMap((scope) => scope.metrics);
    return new Map(
      all.map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }): RecordedPoint => ({ attributes, value })),
      ]),
    );
  };
  return {
    spans: () => memory.spans(),
    run: (workflow) => below(memory.spans(), workflow),
    span: (name) => find(memory.spans(), name),
    events: (type) =>
      memory
        .spans()
        .flatMap((span) => span.events)
        .filter(({ name }) => type === undefined || name === `orchescope.${type}`),
    points: async (metric) => (await readMetrics()).get(metric) ?? [],
    metrics: readMetrics,
    printTree: (how) => printTree(memory.spans(), how),
    clear: () => memory.clear(),
    stop: async () => {
      await providers.shutdown();
      unregister();
      if (before === undefined) delete settings().capture;
      else settings().capture = before;
    },
  };
};

const unregister = (): void => {
  for (const api of [trace, metrics, context, propagation]) api.disable();
};

/** Keeps ended spans in the order in which they were started: clocks of traces disagree below a millisecond. */
class Memory implements SpanProcessor {
  private order: string[] = [];
  private readonly ended = new Map<string, RecordedSpan>();

  onStart(span: Span): void {
    this.order.push(span.spanContext().spanId);
  }

  onEnd(span: ReadableSpan): void {
    this.ended.set(span.spanContext().spanId, toRecordedSpan(span));
  }

  spans(): readonly RecordedSpan[] {
    return this.order.flatMap((id) => this.ended.get(id) ?? []);
  }

  clear(): void {
    this.order = [];
    this.ended.clear();
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const find = (spans: readonly RecordedSpan[], name: string): RecordedSpan => {
  const span = spans.find((one) => one.name === name);
  if (!span) throw new Error(`no span "${name}" among:\n${printTree(spans) || '(no spans)'}`);
  return span;
};

const below = (spans: readonly RecordedSpan[], workflow: string): readonly RecordedSpan[] => {
  const inside = new Set<string>();
  return spans.filter((span) => {
    const is =
      span.attributes[genAi.workflowName] === workflow || inside.has(span.parentSpanId ?? '');
    if (is) inside.add(span.spanId);
    return is;
  });
};
