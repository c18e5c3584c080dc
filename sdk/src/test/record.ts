import { context, metrics, propagation, trace, type ContextManager } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
  type Span,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import { AmbientContextManager } from '../ambient-context-manager.ts';
import { forgetMetricState } from '../metric-state.ts';
import { settings } from '../settings.ts';

type Point = { readonly attributes: Readonly<Record<string, unknown>>; readonly value: unknown };

export type Recording = {
  /** Ended spans, in the order they ended. */
  readonly spans: () => readonly ReadableSpan[];
  readonly span: (name: string) => ReadableSpan;
  /** Attributes of each span at the moment it started, by name. */
  readonly started: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Names, one a line, children indented under their parent. */
  readonly tree: () => string;
  readonly points: (metric: string) => Promise<readonly Point[]>;
  readonly stop: () => Promise<void>;
};

/** The real OpenTelemetry SDK with in-memory exporters, registered globally until `stop`. */
export const record = (
  exporter: SpanExporter = new InMemorySpanExporter(),
  contextManager: ContextManager = new AmbientContextManager(),
): Recording => {
  const started = new Map<string, Readonly<Record<string, unknown>>>();
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: measured });
  const order: string[] = [];
  const atStart = {
    onStart: (span: Span) => {
      started.set(span.name, { ...span.attributes });
      order.push(span.spanContext().spanId);
    },
    onEnd: () => {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const sdk = new NodeSDK({
    autoDetectResources: false,
    contextManager,
    spanProcessors: [atStart, new SimpleSpanProcessor({ exporter })],
    metricReaders: [reader],
    logRecordProcessors: [],
  });
  sdk.start();
  const spans = () => (exporter instanceof InMemorySpanExporter ? exporter.getFinishedSpans() : []);
  return {
    spans,
    started,
    span: (name) => found(spans(), name),
    tree: () => toTree(spans(), order),
    points: async (metric) => {
      await reader.forceFlush();
      const all = measured
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics);
      return all?.find(({ descriptor }) => descriptor.name === metric)?.dataPoints ?? [];
    },
    stop: async () => {
      await sdk.shutdown().catch(() => {});
      for (const api of [trace, metrics, context, propagation]) api.disable();
      forgetMetricState();
      for (const name of Object.keys(settings())) delete settings()[name as 'capture'];
    },
  };
};

const found = (spans: readonly ReadableSpan[], name: string): ReadableSpan => {
  const span = spans.find((one) => one.name === name);
  if (!span) throw new Error(`no span ${name} among: ${spans.map((one) => one.name).join(', ')}`);
  return span;
};

/** In the order they were started: clocks of different traces do not agree below a millisecond. */
const toTree = (spans: readonly ReadableSpan[], order: readonly string[]): string => {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const ids = new Set(byId.keys());
  const inOrder = order.flatMap((id) => byId.get(id) ?? []);
  const lines: string[] = [];
  const visit = (span: ReadableSpan, depth: number): void => {
    lines.push('  '.repeat(depth) + span.name);
    const { spanId } = span.spanContext();
    for (const child of inOrder)
      if (child.parentSpanContext?.spanId === spanId) visit(child, depth + 1);
  };
  for (const span of inOrder) if (!ids.has(span.parentSpanContext?.spanId ?? '')) visit(span, 0);
  return lines.join('\n');
};
