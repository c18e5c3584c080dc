import type { OverviewQuery } from '../../contract.ts';
import type { Compared } from '../../store/overview/compared.ts';
import { toRunScope } from '../run-scope.ts';
import { toIso } from '../time-range.ts';
import { toTimes, toWindows, type Windows } from '../windows.ts';

/** What every answer with windows says of them. */
export type ToldWindows = {
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  readonly times: string[];
};

/** @throws ApiFailure or FilterError that says what to change */
export function toCompared(query: OverviewQuery): {
  readonly compared: Compared;
  readonly windows: Windows;
  readonly told: ToldWindows;
} {
  const { range, scope } = toRunScope(query);
  const windows = toWindows(range, query.step);
  const { originUnixNano, stepNs, stepSeconds, count } = windows;
  const [from, to] = [toIso(range.from), toIso(range.to)];
  return {
    compared: { scope, originUnixNano, stepNs, windows: count },
    windows,
    told: { from, to, stepSeconds, times: toTimes(windows) },
  };
}
