import { afterAll, beforeAll, expect, test } from 'vitest';
import { readNative, type ListColumn, type NativeColumn, type TextColumn } from './read-native.ts';
import { beginTurn } from '../turn.ts';
import { readNativeColumns } from './read-rows.ts';
import { startTestStore, type TestStore } from './testing.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

const read = (sql: string): Promise<NativeColumn[]> =>
  readNativeColumns(opened.store, 'default', { sql, params: {} });

const textsOf = ({ texts, index }: TextColumn): (string | undefined)[] =>
  Array.from(index, (text) => texts[text]);

test('columns of every type come back, however many blocks they were cut into', async () => {
  const rows = 150_000;
  const columns = await read(`SELECT
    toUInt8(number % 200), toInt8(-number % 100), toUInt16(number % 60000), toUInt32(number * 20000),
    toUInt64(number) + 18446744073709000000, toFloat64(number) / 4, toDecimal64(number, 12) - 5,
    toFixedString(lower(leftPad(hex(number), 16, '0')), 16), concat('näme ', toString(number % 1000)), '',
    toInt64(number) - 9223372036854775807
    FROM numbers(${rows}) ORDER BY number`);
  const [u8, i8, u16, u32, u64, f64, decimal, ids, names, empty, i64] = columns;
  const numbers = Array.from({ length: rows }, (_, row) => row);
  expect(u8).toEqual(Uint8Array.from(numbers, (row) => row % 200));
  expect(i8).toEqual(Int8Array.from(numbers, (row) => -(row % 100)));
  expect(u16).toEqual(Uint16Array.from(numbers, (row) => row % 60000));
  expect(u32).toEqual(Uint32Array.from(numbers, (row) => row * 20000));
  expect((u64 as BigUint64Array).at(-1)).toBe(18446744073709149999n);
  expect(f64).toEqual(Float64Array.from(numbers, (row) => row / 4));
  expect((i64 as BigInt64Array)[1]).toBe(-9223372036854775806n);
  expect((decimal as BigInt64Array)[2]).toBe(-3_000_000_000_000n);
  const last = (rows - 1).toString(16).padStart(16, '0');
  expect(Buffer.from((ids as Uint32Array).slice(-4).buffer).toString()).toBe(last);
  expect((names as TextColumn).texts).toHaveLength(1000);
  expect(textsOf(names as TextColumn)).toEqual(numbers.map((row) => `näme ${row % 1000}`));
  expect((empty as TextColumn).texts).toEqual(['']);
});

test('texts whose bytes have one hash stay apart', async () => {
  // 31 * 'A' + 'a' = 31 * 'B' + 'B'
  const [column] = await read(`SELECT arrayJoin(['Aa', 'BB', 'Aa', 'BB', 'AaBB', 'BBAa', 'BB'])`);
  expect(textsOf(column as TextColumn)).toEqual(['Aa', 'BB', 'Aa', 'BB', 'AaBB', 'BBAa', 'BB']);
});

test('no rows are columns without rows, or no columns', async () => {
  const columns = await read(`SELECT toUInt8(1), 'a', [1.5] WHERE 0`);
  const lengths = columns.map((column) => {
    if ('texts' in column) return column.index.length;
    return 'items' in column ? column.items.length : column.length;
  });
  expect(lengths.every((length) => length === 0)).toBe(true);
});

test('lists come back with where each begins, however many blocks they were cut into', async () => {
  const rows = 150_000;
  const [column] = await read(`SELECT arrayMap(at -> toFloat64(number + at / 4), range(number % 3))
    FROM numbers(${rows}) ORDER BY number`);
  const { starts, items } = column as ListColumn;
  const lists = Array.from({ length: rows }, (_, row) => [row, row + 0.25].slice(0, row % 3));
  expect(starts).toHaveLength(rows + 1);
  expect(starts.at(-1)).toBe(items.length);
  expect(items).toEqual(Float64Array.from(lists.flat()));
  const [from, until] = [starts[100_001], starts[100_002]];
  expect(items.slice(from, until)).toEqual(Float64Array.of(100_001, 100_001.25));
});

test('what was not asked for, or is cut, is an error', async () => {
  await expect(read('SELECT today()')).rejects.toThrow('no column of type Date was asked for');
  const whole = Buffer.from('010301610555496e7438010203', 'hex');
  expect(await readNative(whole, beginTurn())).toEqual([Uint8Array.of(1, 2, 3)]);
  for (let size = 1; size < whole.length; size += 1)
    await expect(readNative(whole.subarray(0, size), beginTurn()), `${size} bytes`).rejects.toThrow(
      'ends too early',
    );
});

test('texts that the store keeps as numbers come back as texts', async () => {
  const [few, many, one] = await read(`SELECT
    toLowCardinality(concat('n', toString(number % 7))), toLowCardinality(toString(number % 70000)),
    toLowCardinality('')
    FROM numbers(150000) ORDER BY number`);
  const numbers = Array.from({ length: 150_000 }, (_, row) => row);
  expect(textsOf(few as TextColumn)).toEqual(numbers.map((row) => `n${row % 7}`));
  expect(textsOf(many as TextColumn)).toEqual(numbers.map((row) => `${row % 70_000}`));
  expect((one as TextColumn).texts).toEqual(['']);
});
