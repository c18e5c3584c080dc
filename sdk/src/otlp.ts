import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { CountedProcessor } from './counted-processor.ts';
import { ExitExporter } from './exit-exporter.ts';
import { ExitMetricExporter } from './exit-metric-exporter.ts';
import type { InitOptions } from './init.ts';
import { RedactingExporter } from './redacting-exporter.ts';
import { env } from './settings.ts';

const exitTimeoutMs = 2_000;

/** Batches spans and sends them as OTLP/HTTP JSON. Reads its addresses from the environment: see `withOtlpEnv`. */
export const createSpanProcessor = (): CountedProcessor =>
  new CountedProcessor({
    exporter: new RedactingExporter(
      new ExitExporter(
        new OTLPTraceExporter(),
        new OTLPTraceExporter({ timeoutMillis: brief('TRACES') }),
      ),
    ),
    maxQueueSize: Number(env('OTEL_BSP_MAX_QUEUE_SIZE')),
    maxExportBatchSize: Number(env('OTEL_BSP_MAX_EXPORT_BATCH_SIZE')),
    scheduledDelayMillis: Number(env('OTEL_BSP_SCHEDULE_DELAY')),
    exportTimeoutMillis: Number(env('OTEL_BSP_EXPORT_TIMEOUT')),
  });

/** Sums are cumulative: a batch that was lost is made good by the next one. */
export const createMetricReader = (): PeriodicExportingMetricReader => {
  const intervalMs = Number(env('OTEL_METRIC_EXPORT_INTERVAL'));
  const timeoutMs = Number(env('OTEL_METRIC_EXPORT_TIMEOUT'));
  return new PeriodicExportingMetricReader({
    exporter: new ExitMetricExporter(
      new OTLPMetricExporter(),
      new OTLPMetricExporter({ timeoutMillis: brief('METRICS') }),
    ),
    exportIntervalMillis: intervalMs,
    // The reader refuses to be built with a timeout longer than its interval.
    exportTimeoutMillis: Math.min(intervalMs, timeoutMs),
  });
};

/** OpenTelemetry's default is ten seconds. */
const brief = (signal: 'TRACES' | 'METRICS'): number => {
  const told = env(`OTEL_EXPORTER_OTLP_${signal}_TIMEOUT`) ?? env('OTEL_EXPORTER_OTLP_TIMEOUT');
  return Math.min(exitTimeoutMs, Number(told) || 10_000);
};

/** Another exporter or protocol asked for by OTEL_* is left to the SDK, which knows them all. */
export const exportsOurWay = (signal: 'TRACES' | 'METRICS'): boolean =>
  (env(`OTEL_${signal}_EXPORTER`) ?? 'otlp') === 'otlp' &&
  (env(`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`) ?? env('OTEL_EXPORTER_OTLP_PROTOCOL')) ===
    'http/json';

const baseUrl = (options: InitOptions): string =>
  (
    options.endpoint ??
    env('OTEL_EXPORTER_OTLP_ENDPOINT') ??
    env('ORCHESCOPE_ENDPOINT') ??
    'http://127.0.0.1:4318'
  ).replace(/\/+$/, '');

const signalUrl = (options: InitOptions, signal: 'TRACES' | 'METRICS'): string => {
  const name = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`;
  const specific = options.endpoint ? undefined : env(name);
  return specific ?? `${baseUrl(options)}/v1/${signal.toLowerCase()}`;
};

export const tracesUrl = (options: InitOptions): string => signalUrl(options, 'TRACES');

/** Our defaults in OpenTelemetry's own words, so that its SDK reads one source. */
const otlpEnv = (options: InitOptions): Record<string, string> => {
  const defaults = {
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_MAX_QUEUE_SIZE: '8192',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '512',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
    OTEL_BSP_EXPORT_TIMEOUT: '30000',
    OTEL_METRIC_EXPORT_INTERVAL: '15000',
    OTEL_METRIC_EXPORT_TIMEOUT: '10000',
  };
  const unset = Object.entries(defaults).filter(([name]) => env(name) === undefined);
  return {
    ...Object.fromEntries(unset),
    OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl(options),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesUrl(options),
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: signalUrl(options, 'METRICS'),
  };
};

/** Lends our defaults to the SDK while it starts, and takes them back: child processes must not inherit them. */
export const withOtlpEnv = <T>(options: InitOptions, fn: () => T): T => {
  const lent = otlpEnv(options);
  const before = Object.keys(lent).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, lent);
  try {
    return fn();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
};
