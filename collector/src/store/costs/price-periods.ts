/** Days on which prices change cut a range: in each of its periods a model has one price. Pure. */
import { dayNs } from './made-days.ts';

/** First days in UTC, since 1970, in order; the first is that of the range. */
export type PricePeriods = readonly number[];

/** @param changes midnights in UTC, in milliseconds */
export function toPricePeriods(
  { fromUnixNano, toUnixNano }: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint },
  changes: readonly number[],
): PricePeriods {
  const first = Number(fromUnixNano / dayNs);
  const days = changes.map((unixMs) => Math.floor(unixMs / 86_400_000));
  const within = days.filter((day) => day > first && BigInt(day) * dayNs < toUnixNano);
  return [first, ...new Set(within.toSorted((a, b) => a - b))];
}

/** The first day of the period that a day is in. */
export function toPeriodSql(day: string, periods: PricePeriods): string {
  const [first = 0, ...later] = periods;
  if (later.length === 0) return `toUInt16(${first})`;
  const cases = later.toReversed().map((start) => `${day} >= toDate(${start}), ${start}`);
  return `toUInt16(multiIf(${cases.join(', ')}, ${first}))`;
}

/** A moment at which the price of a period is looked up. Where it goes by the hour of the day, that of noon stands for it. */
export function toPricedMs(firstDay: number): number {
  return (firstDay + 0.5) * 86_400_000;
}
