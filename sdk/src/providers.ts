import { context, metrics, propagation, trace } from '@opentelemetry/api';
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { MeterProvider, type MetricReader } from '@opentelemetry/sdk-metrics';
import { TracerProvider, type Sampler, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { AmbientContextManager } from './ambient-context-manager.ts';
import { metricViews } from './metric-views.ts';

export type ProviderOptions = {
  readonly spanProcessors: SpanProcessor[];
  readonly metricReaders: MetricReader[];
  readonly resource?: Resource;
  readonly sampler?: Sampler;
};

export type Providers = {
  readonly flush: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
};

/** Traces and metrics with the OpenTelemetry SDK, but without its Node start-up, which loads every exporter there is. */
export const registerProviders = (options: ProviderOptions): Providers => {
  const { resource, sampler, spanProcessors, metricReaders } = options;
  const shared = resource ? { resource } : {};
  const tracers = new TracerProvider({ ...shared, spanProcessors, ...(sampler && { sampler }) });
  const meters = new MeterProvider({ ...shared, readers: metricReaders, views: metricViews });
  trace.setGlobalTracerProvider(tracers);
  if (metricReaders.length > 0) metrics.setGlobalMeterProvider(meters);
  context.setGlobalContextManager(new AmbientContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  );
  return {
    flush: async () => void (await Promise.all([tracers.forceFlush(), meters.forceFlush()])),
    shutdown: async () => void (await Promise.all([tracers.shutdown(), meters.shutdown()])),
  };
};
