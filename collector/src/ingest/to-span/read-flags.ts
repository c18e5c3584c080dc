import { spanFlags, type AttributeValue, type Attributes } from '../../span.ts';
import type { DecodedSpan } from '../otlp/request.ts';
import { waitRules } from './rules.ts';

export const oneDayNano = 86_400_000_000_000n;

export function readFlags(
  span: DecodedSpan,
  receivedUnixNano: bigint,
  isTruncated: boolean,
): number {
  const { startTimeUnixNano: start, endTimeUnixNano: end } = span;
  return (
    flagIf(spanFlags.running, end === 0n) |
    flagIf(spanFlags.endBeforeStart, end !== 0n && end < start) |
    flagIf(spanFlags.badTime, start === 0n || start > receivedUnixNano + oneDayNano) |
    flagIf(spanFlags.truncated, isTruncated) |
    flagIf(spanFlags.wait, isWait(span))
  );
}

export function flagIf(flag: number, isOn: boolean): number {
  return isOn ? flag : 0;
}

function isWait({ name, attributes }: DecodedSpan): boolean {
  return waitRules.some(([key, values]) => {
    const value = key === '' ? name : attributes.get(key);
    return typeof value === 'string' && values.includes(value);
  });
}

/** Sampled, random and has-is-remote say nothing worth a row; a remote parent and bits not known yet do. */
export const plainTraceFlags = 0x103;

export function keepTraceFlags(attributes: Map<string, AttributeValue>, flags: number): Attributes {
  return (flags & ~plainTraceFlags) === 0 ? attributes : attributes.set('otlp.flags', flags);
}
