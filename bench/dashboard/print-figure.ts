import { percentile } from '../percentile.ts';

export type Figure = { readonly unit: string; readonly values: number[] };

export function printFigure(what: string, { unit, values }: Figure): void {
  const toText = (value: number): string => value.toFixed(Number.isInteger(value) ? 0 : 1);
  const median = toText(percentile(values, 0.5));
  const range = `${toText(Math.min(...values))} to ${toText(Math.max(...values))}`;
  console.log(`${what.padEnd(44)} ${`${median} ${unit}`.trim().padEnd(12)} (${range})`);
}
