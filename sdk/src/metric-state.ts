import type { MeterProvider } from '@opentelemetry/api';
import type { Instruments } from './metrics.ts';

/** What gauges show when they are read: the last that `emit` said. */
type MetricState = {
  readonly instruments: WeakMap<MeterProvider, Instruments>;
  /** Label -> its names so far, as given and as sent. */
  readonly seen: Map<string, Map<string, string>>;
  readonly breakers: Map<string, number>;
  readonly queues: Map<string, number>;
  readonly workers: Map<string, { readonly state: string; readonly pool: string | undefined }>;
};

const key: unique symbol = Symbol.for('orchescope.sdk.metrics') as never;

let known: MetricState | undefined;

/** One for the process: with two, the ESM and the CommonJS copy would each show half of the workers. */
export const metricState = (): MetricState => (known ??= fromProcess());

const fromProcess = (): MetricState => {
  const holder = globalThis as { [key]?: MetricState };
  return (holder[key] ??= {
    instruments: new WeakMap(),
    seen: new Map(),
    breakers: new Map(),
    queues: new Map(),
    workers: new Map(),
  });
};

/** For tests: what one recorded must not show in the next. */
export const forgetMetricState = (): void => {
  const { seen, breakers, queues, workers } = metricState();
  for (const each of [seen, breakers, queues, workers]) each.clear();
};
