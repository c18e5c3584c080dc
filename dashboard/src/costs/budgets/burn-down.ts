/** Lines of a budget over its days, as paths. Pure. */
import type { BudgetStatus } from 'orchescope/contract';
import { toTicks } from '../report/layers.ts';

type Day = BudgetStatus['burnDown'][number];

export type BurnDown = {
  readonly ticks: readonly number[];
  /** Value at the top edge. */
  readonly top: number;
  readonly spent: string;
  readonly expected: string;
  /** Between low and high. */
  readonly band: string;
  readonly amountY: number;
};

export function toBurnDown(
  days: readonly Day[],
  amountUsd: string,
  { width, height }: { readonly width: number; readonly height: number },
): BurnDown {
  const amount = Number(amountUsd);
  const all = days.flatMap(({ spentUsd, expectedUsd, highUsd }) =>
    [spentUsd, expectedUsd, highUsd].flatMap((text) => (text === null ? [] : [Number(text)])),
  );
  const ticks = toTicks(Math.max(amount, ...all));
  const top = ticks.at(-1) ?? 1;
  const y = (value: number): number => round(height * (1 - value / top));
  const points = (pick: (day: Day) => string | null): [number, number][] =>
    days.flatMap((day, at) => {
      const text = pick(day);
      return text === null ? [] : [[dayX(at, days.length, width), y(Number(text))]];
    });
  const lows = points(({ lowUsd }) => lowUsd);
  const highs = points(({ highUsd }) => highUsd);
  return {
    ticks,
    top,
    spent: toLine(points(({ spentUsd }) => spentUsd)),
    expected: toLine(points(({ expectedUsd }) => expectedUsd)),
    band: highs.length < 2 ? '' : `${toLine([...highs, ...lows.toReversed()])}z`,
    amountY: y(amount),
  };
}

/** Days stand at equal distances, the first and the last at the edges. */
export function dayX(at: number, count: number, width: number): number {
  return round(count < 2 ? width / 2 : (width * at) / (count - 1));
}

function toLine(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

const round = (value: number): number => Math.round(value * 100) / 100;
