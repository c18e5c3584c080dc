import type { DecodedLink, DecodedSpan } from '../otlp/request.ts';

export type ReadIds =
  | { readonly ok: true; readonly parentSpanId: string }
  | { readonly ok: false; readonly reason: string };

export function readIds({ traceId, spanId, parentSpanId }: DecodedSpan): ReadIds {
  if (!isTraceId(traceId)) return refuse('traceId must be 16 bytes in hex, not all zero');
  if (!isSpanId(spanId)) return refuse('spanId must be 8 bytes in hex, not all zero');
  if (parentSpanId === '' || isZero(parentSpanId)) return { ok: true, parentSpanId: '' };
  if (!isSpanId(parentSpanId)) return refuse('parentSpanId must be empty or 8 bytes in hex');
  return { ok: true, parentSpanId };
}

export function isLinked({ traceId, spanId }: DecodedLink): boolean {
  return isTraceId(traceId) && isSpanId(spanId);
}

function refuse(reason: string): ReadIds {
  return { ok: false, reason };
}

export function isTraceId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id) && !isZero(id);
}

export function isSpanId(id: string): boolean {
  return /^[0-9a-f]{16}$/.test(id) && !isZero(id);
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}
