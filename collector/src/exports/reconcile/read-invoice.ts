/** What a vendor asks for, by day and model: exact, and with every line that could not be read. */
import type { ReconcileQuery } from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { toTrillionths } from '../../store/costs/sum-text.ts';
import { toModelKey } from './model-key.ts';
import { findDelimiter, parseCsv, type CsvRow } from './parse-csv.ts';
import { findColumns, type Columns, type Preset } from './presets.ts';
import { findDecimalMark, readAmount, type DecimalMark } from './read-amount.ts';
import { readDay } from './read-day.ts';

export type Problem = { readonly line: number; readonly problem: string };

export type Invoice = {
  readonly preset: Preset;
  readonly currency: string;
  /** Trillionths of a USD by day, then by model as `toModelKey` names it. */
  readonly amounts: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  readonly lines: { readonly read: number; readonly empty: number; readonly broken: number };
  /** The first of those that could not be read. */
  readonly problems: readonly Problem[];
};

const mostProblems = 100;

/** @throws ApiFailure when nothing of it can be read, or its currency cannot be told in USD */
export function readInvoice(text: string, query: ReconcileQuery): Invoice {
  const [head, ...rows] = parseCsv(text, findDelimiter(text)).filter(
    (row) => !isEmpty(row) || row.isOpen,
  );
  if (head === undefined) throw new ApiFailure('invalid_request', 'The file is empty.');
  const columns = findColumns(head.cells, query);
  const mark = findMark(rows, columns, query);
  const currency = findCurrency(rows, columns, query);
  const problems: Problem[] = [];
  const amounts = new Map<string, Map<string, bigint>>();
  const lines = { read: 0, empty: 0, broken: 0 };
  for (const row of rows) {
    const read = readRow(row, head, columns, mark, query);
    if ('problem' in read) {
      lines.broken += 1;
      if (problems.length < mostProblems) problems.push({ line: row.line, problem: read.problem });
      continue;
    }
    if (read.amount === null) {
      lines.empty += 1;
      continue;
    }
    lines.read += 1;
    const ofDay = amounts.get(read.day) ?? new Map<string, bigint>();
    amounts.set(read.day, ofDay);
    ofDay.set(read.model, (ofDay.get(read.model) ?? 0n) + toUsd(read.amount, currency.rate));
  }
  if (lines.read > 0)
    return { preset: columns.preset, currency: currency.name, amounts, lines, problems };
  const first =
    problems[0] === undefined ? '' : ` Line ${problems[0].line}: ${problems[0].problem}`;
  throw new ApiFailure('invalid_request', `No line of the file has a day and an amount.${first}`);
}

type Line =
  | { readonly day: string; readonly model: string; readonly amount: bigint | null }
  | { readonly problem: string };

function readRow(
  { cells, isOpen }: CsvRow,
  head: CsvRow,
  columns: Columns,
  mark: DecimalMark | null,
  { dates }: ReconcileQuery,
): Line {
  if (isOpen) return { problem: 'A quote is opened and never closed.' };
  if (
    cells.length > head.cells.length &&
    cells.slice(head.cells.length).some((cell) => cell !== '')
  ) {
    return { problem: `It has ${cells.length} cells, and the first line ${head.cells.length}.` };
  }
  const [date = '', model = '', cost = ''] = [columns.date, columns.model, columns.cost].map(
    (at) => cells[at],
  );
  // What costs nothing is told without an amount; a line without a day is a sum of others.
  if (cost.trim() === '') return { day: '', model: '', amount: null };
  if (date.trim() === '')
    return { problem: 'It has an amount and no day: perhaps a sum of others.' };
  const day = readDay(date, dates);
  if (day === null)
    return { problem: `${quote(date)} is no day, or could be two: say dates=dmy or dates=mdy.` };
  const amount = mark === null ? null : readAmount(cost, mark);
  if (amount !== null) return { day, model: toModelKey(model), amount };
  const isUnclear = mark === null || /^\D*\d{1,3}([.,]\d{3})+\D*$/.test(cost);
  const hint = isUnclear ? ', or could be two: say decimal=point or decimal=comma' : '';
  return { problem: `${quote(cost)} is no amount${hint}.` };
}

/** null = no amount tells, and at least one could be read in two ways. */
function findMark(
  rows: readonly CsvRow[],
  { cost }: Columns,
  { decimal }: ReconcileQuery,
): DecimalMark | null {
  if (decimal !== 'auto') return decimal;
  const texts = rows.map(({ cells }) => cells[cost] ?? '');
  const found = findDecimalMark(texts);
  if (found === 'mixed') {
    throw new ApiFailure(
      'invalid_request',
      'Some amounts of the file have a point before the cents and some a comma. Say decimal=point or decimal=comma.',
    );
  }
  if (found !== 'unknown') return found;
  return texts.some((text) => /[.,]/.test(text)) ? null : 'point';
}

type Currency = {
  readonly name: string;
  /** Trillionths of a USD for one unit. */ readonly rate: bigint;
};

/** @throws ApiFailure when amounts are not USD and nobody says what they are in USD */
function findCurrency(
  rows: readonly CsvRow[],
  columns: Columns,
  { currency, rate }: ReconcileQuery,
): Currency {
  const own =
    columns.currency < 0
      ? []
      : rows.map(({ cells }) => (cells[columns.currency] ?? '').trim().toUpperCase());
  const named = new Set(
    [...own, ...rows.map(({ cells }) => toSign(cells[columns.cost] ?? ''))].filter(
      (one) => one !== '',
    ),
  );
  if (named.size === 0) named.add(currency === '' ? 'USD' : currency.toUpperCase());
  const [name = 'USD', other] = named;
  if (other !== undefined) {
    throw new ApiFailure(
      'invalid_request',
      `The file has amounts in ${[...named].slice(0, 5).join(', ')}. Send one currency at a time.`,
    );
  }
  if (name === 'USD') return { name, rate: one };
  const usd = rate === '' ? 0n : toTrillionths(rate);
  if (usd > 0n) return { name, rate: usd };
  throw new ApiFailure(
    'invalid_request',
    `The amounts are in ${name.slice(0, 20)}, and costs are in USD. Say with rate= how many USD one ${name.slice(0, 20)} is.`,
  );
}

const one = 1_000_000_000_000n;

/** A sign beside an amount is a currency too, whatever a column says. */
function toSign(cost: string): string {
  if (cost.includes('€') || /\beur\b/i.test(cost)) return 'EUR';
  if (cost.includes('£') || /\bgbp\b/i.test(cost)) return 'GBP';
  return cost.includes('¥') ? 'JPY' : '';
}

function toUsd(amount: bigint, rate: bigint): bigint {
  return rate === one ? amount : (amount * rate) / one;
}

function isEmpty({ cells }: CsvRow): boolean {
  return cells.every((cell) => cell.trim() === '');
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
