import { isMainThread } from 'node:worker_threads';
import { metrics, ProxyTracerProvider, trace, type TracerProvider } from '@opentelemetry/api';
import { droppedSpans } from './dropped.ts';
import { flushOnExit } from './flush-on-exit.ts';
import type { Handle } from './init.ts';
import { captureMode } from './redact.ts';
import { report, safely } from './safely.ts';
import { env } from './settings.ts';

const key: unique symbol = Symbol.for('orchescope.sdk.started') as never;

/** What was started, and how it stops. */
export type Started = {
  readonly message: string;
  readonly attached: readonly string[];
  readonly shutdown: () => Promise<void>;
};

/** Starts once in a process, whichever of `register`, `init` and `lite`, ESM and CommonJS, comes first. */
export const startOnce = (start: () => Started): Handle => {
  const holder = globalThis as { [key]?: Handle };
  return (holder[key] ??= startFirst(start));
};

const startFirst = (start: () => Started): Handle => {
  const started = start();
  const handle = createHandle(started.shutdown);
  flushOnExit(handle);
  announce(started);
  return handle;
};

/** Another SDK's provider, from any copy of the API. */
export const hasProvider = (): boolean => delegateOf(trace.getTracerProvider()) !== noProvider();

const noProvider = (): TracerProvider => new ProxyTracerProvider().getDelegate();

const delegateOf = (provider: TracerProvider): TracerProvider => {
  const proxy = provider as { getDelegate?: () => TracerProvider };
  return proxy.getDelegate?.() ?? provider;
};

type Flushable = { readonly forceFlush?: () => Promise<void> };

export const flushProviders = async (): Promise<void> => {
  const traces = delegateOf(trace.getTracerProvider()) as Flushable;
  const measures = metrics.getMeterProvider() as Flushable;
  await Promise.all([traces.forceFlush?.(), measures.forceFlush?.()]);
};

const createHandle = (shutdown: () => Promise<void>): Handle => ({
  flush: (timeoutMs = 10_000) => atMost(timeoutMs, 'flush', flushProviders),
  shutdown: () => atMost(10_000, 'shutdown', shutdown),
  dropped: droppedSpans,
});

/** Waits for it at most so long, and never rejects: a collector that is down is no error of the program. */
const atMost = async (timeoutMs: number, what: string, fn: () => Promise<void>): Promise<void> => {
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

const announce = ({ message, attached }: Started): void => {
  // Worker threads load the preload too; one line a process is enough.
  if (!isMainThread || env('ORCHESCOPE_LOG') === 'off') return;
  const also = attached.length > 0 ? `; attached: ${attached.join(', ')}` : '';
  const line = `orchescope: ${message}; capture ${captureMode()}${also}\n`;
  safely('announcing', () => process.stderr.write(line));
};
