/** Charges of projects as a CSV of FOCUS 1.2. */
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import { byteOrderMark, headLine, line, type Kind } from '../csv.ts';
import { streamRows } from '../stream-store.ts';
import { toChargesSql } from './charges-sql.ts';
import type { FindListPrices } from './list-prices.ts';
import { focusColumns, toCharge, toFocusRows } from './to-focus.ts';

const periodsMs = { hour: 3_600_000, day: 86_400_000 } as const;
const kinds: readonly Kind[] = focusColumns.map((name) =>
  /Cost$|Price$|Quantity$/.test(name) ? 'number' : 'text',
);

export type FocusAsk = {
  readonly projectIds: readonly string[];
  readonly scope: RunScope;
  readonly period: keyof typeof periodsMs;
  /** Rows at most. */
  readonly limit: number;
  readonly isMarked: boolean;
};

export async function* toFocusCsv(
  reader: Reader,
  { projectIds, scope, period, limit, isMarked }: FocusAsk,
  findPrices: FindListPrices,
): AsyncGenerator<string> {
  yield `${isMarked ? byteOrderMark : ''}${headLine(focusColumns)}`;
  const periodMs = periodsMs[period];
  const { sql, params } = toChargesSql(scope, periodMs);
  let left = limit;
  for (const projectId of projectIds) {
    for await (const rows of streamRows(reader, { sql, params: { ...params, projectId } })) {
      const charges = rows.map((row) => toCharge(projectId, periodMs, row));
      const lines = charges
        .flatMap((charge) => toFocusRows(charge, findPrices))
        .slice(0, left)
        .map((row) =>
          line(
            focusColumns.map((name) => row[name]),
            kinds,
          ),
        );
      left -= lines.length;
      yield lines.join('');
      if (left === 0) return;
    }
  }
}
