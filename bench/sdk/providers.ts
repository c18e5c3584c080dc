import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** Real providers whose exporters throw away what they get: what is measured is the making of spans, for everybody alike. */
export function registerBenchProviders(): {
  /** Traces alone are there from the beginning: other wrappers know no metrics. */
  addMetrics: () => void;
  shutdown: () => Promise<void>;
} {
  process.env['ORCHESCOPE_CAPTURE'] = 'full';
  const tracers = new TracerProvider({
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: {
          export: (_, done) => done({ code: 0 }),
          shutdown: () => Promise.resolve(),
        },
        maxQueueSize: 100_000,
      }),
    ],
  });
  const meters = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new InMemoryMetricExporter(AggregationTemporality.DELTA),
        exportIntervalMillis: 3_600_000,
      }),
    ],
  });
  trace.setGlobalTracerProvider(tracers);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    addMetrics: () => void metrics.setGlobalMeterProvider(meters),
    shutdown: async () => void (await Promise.all([tracers.shutdown(), meters.shutdown()])),
  };
}
