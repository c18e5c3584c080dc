import { context, metrics, propagation, trace } from '@opentelemetry/api';
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
export const record = (exporter: SpanExporter = new InMemorySpanExporter()): Recording => {
  const started = new Map<string, Readonly<Record<string, unknown>>>();
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: measured });
  const atStart = {
    onStart: (span: Span) => void started.set(span.name, { ...span.attributes }),
    onEnd: () => {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const sdk = new NodeSDK({
    autoDetectResources: false,
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
    tree: () => toTree(spans()),
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
      for (const name of Object.keys(settings())) delete settings()[name as 'capture'];
    },
  };
};

const found = (spans: readonly ReadableSpan[], name: string): ReadableSpan => {
  const span = spans.find((one) => one.name === name);
  if (!span) throw new Error(`no span ${name} among: ${spans.map((one) => one.name).join(', ')}`);
  return span;
};

const toTree = (spans: readonly ReadableSpan[]): string => {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const inOrder = [...spans].sort((a, b) => startNs(a) - startNs(b));
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

const startNs = ({ startTime: [seconds, nanos] }: ReadableSpan): number => seconds * 1e9 + nanos;
