import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { env } from './settings.ts';

/** `OTEL_TRACES_SAMPLER` and its argument; undefined leaves it to OpenTelemetry's default, which keeps everything. */
export const createSampler = (): Sampler | undefined => {
  const name = env('OTEL_TRACES_SAMPLER')?.toLowerCase();
  const root = roots[name?.replace(/^parentbased_/, '') ?? '']?.();
  return root && name?.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
};

const roots: { readonly [name: string]: (() => Sampler) | undefined } = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: () => new TraceIdRatioBasedSampler(ratio()),
};

const ratio = (): number => {
  const told = Number(env('OTEL_TRACES_SAMPLER_ARG') ?? 1);
  return told >= 0 && told <= 1 ? told : 1;
};
