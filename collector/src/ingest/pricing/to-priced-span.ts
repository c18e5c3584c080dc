import type { Span } from '../../span.ts';
import { readCharges } from './charges.ts';
import { noCost, pricedKinds, type Cost, type Pricer } from './pricer.ts';

/** A span as dialects tell it: `costUsd` is what the sender reported. */
export type UnpricedSpan = Omit<Span, Exclude<keyof Cost, 'costUsd'>>;

/** Writes into the span it was given, which nobody else has seen yet: copying fifty fields would cost more than the price. */
export function toPricedSpan(span: UnpricedSpan, price: Pricer): Span {
  return Object.assign(span, pricedKinds.has(span.kind) ? toCost(span, price) : noCost);
}

function toCost(span: UnpricedSpan, price: Pricer): Cost {
  const { startTimeUnixNano } = span;
  return price({
    kind: span.kind,
    provider: span.provider,
    modelRequested: span.modelRequested,
    modelAnswered: span.modelAnswered,
    usage: span.usage,
    charges: readCharges(span.attributes),
    reportedUsd: span.costUsd,
    startUnixMs: Number(startTimeUnixNano / 1_000_000n),
    durationNano: toDuration(startTimeUnixNano, span.endTimeUnixNano),
  });
}

/** Null for a span that is running, or ended before it began. */
export function toDuration(startUnixNano: bigint, endUnixNano: bigint): bigint | null {
  return startUnixNano === 0n || endUnixNano < startUnixNano ? null : endUnixNano - startUnixNano;
}
