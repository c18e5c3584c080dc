import type { AttributeValue, Attributes, Span } from '../../span.ts';
import { readCount } from '../dialects/readers.ts';
import type { Cost, Pricer } from './pricer.ts';

/** A span as dialects tell it: `costUsd` is what the sender reported. */
export type UnpricedSpan = Omit<Span, Exclude<keyof Cost, 'costUsd'>>;

/** Writes into the span it was given, which nobody else has seen yet: copying fifty fields would cost more than the price. */
export function toPricedSpan(span: UnpricedSpan, price: Pricer): Span {
  const cost = price({
    kind: span.kind,
    provider: span.provider,
    modelRequested: span.modelRequested,
    modelAnswered: span.modelAnswered,
    usage: span.usage,
    cacheWrite1hTokens:
      span.usage.cacheWriteTokens === null ? 0 : readHourlyWrites(span.attributes),
    reportedUsd: span.costUsd,
    startUnixMs: Number(span.startTimeUnixNano / 1_000_000n),
  });
  return Object.assign(span, cost);
}

/** How senders say which of the cache writes last an hour. OpenTelemetry has no name for it. */
export const hourlyWriteKeys = [
  'gen_ai.usage.cache_creation.ephemeral_1h_input_tokens',
  'gen_ai.usage.details.ephemeral_1h_input_tokens',
];

function readHourlyWrites(attributes: Attributes): number {
  for (const key of hourlyWriteKeys) {
    const value: AttributeValue | undefined = attributes.get(key);
    if (value !== undefined) return readCount(value) ?? 0;
  }
  return 0;
}
