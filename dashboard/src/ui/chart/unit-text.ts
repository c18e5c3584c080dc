/** Numbers in the units of metrics: ms, share, usd, count, tokens, tokens/s, s, ratio. */
import { formatCount, formatDuration, formatUsd, unknown } from '../../format.ts';

/** "4.21 s", "12.5 %", "$0.18", "61.2k", "1.6x". */
export function formatInUnit(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return unknown;
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 's':
      return formatDuration(value * 1000);
    case 'share':
      return `${threeDigits(value * 100)} %`;
    case 'usd':
      return formatUsd(String(value));
    case 'tokens/s':
      return `${formatCount(threeDigits(value))}/s`;
    case 'ratio':
      return `${threeDigits(value)}x`;
    default:
      return formatCount(threeDigits(value));
  }
}

/** As people type it: latencies in seconds, shares in percent. */
export type TypedUnit = { readonly label: string; readonly factor: number };

export function typedUnit(unit: string): TypedUnit {
  switch (unit) {
    case 'ms':
      return { label: 's', factor: 1000 };
    case 'share':
      return { label: '%', factor: 0.01 };
    case 'usd':
      return { label: 'USD', factor: 1 };
    case 'count':
      return { label: '', factor: 1 };
    default:
      return { label: unit, factor: 1 };
  }
}

/** 0.07 * 100 is 7.000000000000001. */
export function toTyped(value: number, unit: string): number {
  return Number((value / typedUnit(unit).factor).toPrecision(12));
}

export function fromTyped(typed: number, unit: string): number {
  return Number((typed * typedUnit(unit).factor).toPrecision(12));
}

function threeDigits(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
