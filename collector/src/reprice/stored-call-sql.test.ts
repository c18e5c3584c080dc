import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SqlFragment } from '../store/store.ts';
import {
  toCallDaysSql,
  toCallsSql,
  toNewRowsSql,
  toSpanKeysSql,
  type NewPrice,
} from './stored-call-sql.ts';

const range = { fromUnixNano: 1_795_000_000_000_000_000n, toUnixNano: 1_795_086_399_999_999_999n };
const first = { minute: 1_795_000_020, traceId: '1'.repeat(32), spanId: '1'.repeat(16) };
const keys = { first, last: { ...first, spanId: '2'.repeat(16) } };
const price: NewPrice = {
  copy: `${'1'.repeat(32)}${'1'.repeat(16)} 1795000020 1795000021000000000 2 0`,
  costUsd: '0.25',
  costSource: 'computed',
  computedCostUsd: '0.25',
  priceVersion: 'project prices 0123456789ab',
  priceMatch: 'exact',
};

test.each<[string, SqlFragment]>([
  ['reprice-days', toCallDaysSql(range)],
  ['reprice-keys', toSpanKeysSql(range, first, 5_000)],
  ['reprice-calls', toCallsSql(range, keys, [price.copy])],
  ['reprice-rows', toNewRowsSql(range, keys, [price], 1_795_090_000)],
])('%s is the query a reviewer has seen', async (name, { sql, params }) => {
  const file = join(import.meta.dirname, `../../testdata/sql/${name}.sql`);
  const text = `-- ${JSON.stringify(params)}\n${sql}\n`;
  await expect(text).toMatchFileSnapshot(file);
});
