import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { metrics, ProxyTracerProvider, trace, type TracerProvider } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { AmbientContextManager } from './ambient-context-manager.ts';
import { attachAiSdk } from './attach-ai-sdk.ts';
import { ExitExporter } from './exit-exporter.ts';
import { flushOnExit } from './flush-on-exit.ts';
import type { Handle, InitOptions } from './init.ts';
import { captureMode } from './redact.ts';
import { RedactingExporter } from './redacting-exporter.ts';
import { report, safely } from './safely.ts';
import { env } from './settings.ts';

const key: unique symbol = Symbol.for('orchescope.sdk.started') as never;

/** Starts once in a process, whichever of `register` and `init`, ESM and CommonJS, comes first. */
export const startNode = (options: InitOptions): Handle => {
  const holder = globalThis as { [key]?: Handle };
  return (holder[key] ??= startFirst(options));
};

const startFirst = (options: InitOptions): Handle => {
  const sdk = hasProvider() ? undefined : startSdk(options);
  const attached = attachAiSdk() ? ['AI SDK'] : [];
  const handle = createHandle(sdk);
  flushOnExit(handle);
  announce(
    sdk ? `sending traces to ${tracesUrl(options)}` : 'using the tracer provider already here',
    attached,
  );
  return handle;
};

/** Another SDK's provider, from any copy of the API. */
const hasProvider = (): boolean => delegateOf(trace.getTracerProvider()) !== noProvider();

const noProvider = (): TracerProvider => new ProxyTracerProvider().getDelegate();

const delegateOf = (provider: TracerProvider): TracerProvider => {
  const proxy = provider as { getDelegate?: () => TracerProvider };
  return proxy.getDelegate?.() ?? provider;
};

const startSdk = (options: InitOptions): NodeSDK =>
  withEnv(sdkEnv(options), () => {
    const serviceName = options.serviceName ?? serviceNameFromPackage();
    const sdk = new NodeSDK({
      contextManager: new AmbientContextManager(),
      ...(serviceName !== undefined && { serviceName }),
      ...(exportsOurWay() && { spanProcessors: [createProcessor()] }),
    });
    sdk.start();
    return sdk;
  });

/** Another exporter or protocol asked for by OTEL_* is left to the SDK, which knows them all. */
const exportsOurWay = (): boolean =>
  (env('OTEL_TRACES_EXPORTER') ?? 'otlp') === 'otlp' &&
  (env('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? env('OTEL_EXPORTER_OTLP_PROTOCOL')) === 'http/json';

const createProcessor = (): BatchSpanProcessor =>
  new BatchSpanProcessor({
    exporter: new RedactingExporter(
      new ExitExporter(
        new OTLPTraceExporter(),
        new OTLPTraceExporter({ timeoutMillis: Math.min(exitTimeoutMs, otlpTimeoutMs()) }),
      ),
    ),
    maxQueueSize: Number(env('OTEL_BSP_MAX_QUEUE_SIZE')),
    scheduledDelayMillis: Number(env('OTEL_BSP_SCHEDULE_DELAY')),
  });

const exitTimeoutMs = 2_000;

/** OpenTelemetry's default is ten seconds. */
const otlpTimeoutMs = (): number =>
  Number(env('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT') ?? env('OTEL_EXPORTER_OTLP_TIMEOUT')) || 10_000;

const baseUrl = (options: InitOptions): string =>
  (
    options.endpoint ??
    env('OTEL_EXPORTER_OTLP_ENDPOINT') ??
    env('ORCHESCOPE_ENDPOINT') ??
    'http://127.0.0.1:4318'
  ).replace(/\/+$/, '');

const tracesUrl = (options: InitOptions): string => {
  const specific = options.endpoint ? undefined : env('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  return specific ?? `${baseUrl(options)}/v1/traces`;
};

/**
 * Our defaults in OpenTelemetry's own words, so that its SDK reads one source. Metrics and logs are off unless
 * asked for: Orchescope stores traces only so far and derives its metrics from them, so sending would be waste.
 */
const sdkEnv = (options: InitOptions): Record<string, string> => {
  const defaults = {
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_MAX_QUEUE_SIZE: '8192',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
  };
  const unset = Object.entries(defaults).filter(([name]) => env(name) === undefined);
  return {
    ...Object.fromEntries(unset),
    OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl(options),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesUrl(options),
  };
};

/** Lends variables to the SDK while it starts, and takes them back: child processes must not inherit them. */
const withEnv = <T>(lent: Record<string, string>, fn: () => T): T => {
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

const serviceNameFromPackage = (): string | undefined => {
  if (env('OTEL_SERVICE_NAME') || env('OTEL_RESOURCE_ATTRIBUTES')?.includes('service.name='))
    return undefined;
  try {
    const found = JSON.parse(readFileSync('package.json', 'utf8')) as { name?: unknown };
    return typeof found.name === 'string' ? found.name : undefined;
  } catch {
    return undefined;
  }
};

type Flushable = { readonly forceFlush?: () => Promise<void> };

const createHandle = (sdk: NodeSDK | undefined): Handle => ({
  flush: (timeoutMs = 10_000) => within(timeoutMs, 'flush', flushProviders),
  shutdown: () => within(10_000, 'shutdown', () => (sdk ? sdk.shutdown() : flushProviders())),
});

const flushProviders = async (): Promise<void> => {
  const traces = delegateOf(trace.getTracerProvider()) as Flushable;
  const measures = metrics.getMeterProvider() as Flushable;
  await Promise.all([traces.forceFlush?.(), measures.forceFlush?.()]);
};

/** Waits for it at most so long, and never rejects: a collector that is down is no error of the program. */
const within = async (timeoutMs: number, what: string, fn: () => Promise<void>): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  try {
    await Promise.race([fn(), promise]);
  } catch (error) {
    report(what, error);
  } finally {
    clearTimeout(timer);
  }
};

const announce = (what: string, attached: readonly string[]): void => {
  // Worker threads load the preload too; one line a process is enough.
  if (!isMainThread || env('ORCHESCOPE_LOG') === 'off') return;
  const also = attached.length > 0 ? `; attached: ${attached.join(', ')}` : '';
  const line = `orchescope: ${what}; capture ${captureMode()}${also}\n`;
  safely('announcing', () => process.stderr.write(line));
};
