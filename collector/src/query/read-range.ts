/** The range of a list, as nanoseconds. */
import { latestTimeUnixNano } from '../store/clickhouse-time.ts';
import { ApiFailure } from './api-failure.ts';
import { toUnixNano } from './time-range.ts';

/** `to` is excluded. */
export type Range = { readonly from: bigint; readonly to: bigint };

/** @throws ApiFailure for a date that does not exist, and for an end before the start */
export function readRange(query: { readonly from: string; readonly to: string }): Range {
  // The end is excluded, and a trace that began this very millisecond is meant by `now`.
  const now = BigInt(Date.now() + 1) * 1_000_000n;
  const from = toMoment('from', query.from, now);
  const to = toMoment('to', query.to, now);
  if (from < to) return { from, to };
  throw new ApiFailure('invalid_request', 'from: choose a time before to.');
}

function toMoment(name: string, expression: string, now: bigint): bigint {
  const moment = toUnixNano(expression, now);
  if (moment !== null) return moment;
  throw new ApiFailure('invalid_request', `${name}: there is no such date as ${expression}.`);
}

/** Both ends are included. */
export type OpenRange = { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };

/**
 * Of work on history: null is as far as there is any.
 * @throws ApiFailure for a date that does not exist, and for an end before the start
 */
export function readOpenRange({
  from,
  to,
}: {
  readonly from: string | null;
  readonly to: string | null;
}): OpenRange {
  const now = BigInt(Date.now()) * 1_000_000n;
  const fromUnixNano = from === null ? 0n : toUnixNano(from, now);
  const toNano = to === null ? latestTimeUnixNano : toUnixNano(to, now);
  if (fromUnixNano === null) throw new ApiFailure('invalid_request', 'from: there is no such day.');
  if (toNano === null) throw new ApiFailure('invalid_request', 'to: there is no such day.');
  if (fromUnixNano > toNano) {
    throw new ApiFailure('invalid_request', 'from: choose a time before `to`.');
  }
  return { fromUnixNano, toUnixNano: toNano };
}
