/** Invoices as vendors and spreadsheets write them, and as nobody should: a sum that is right, or a sentence. */
import * as fc from 'fast-check';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as contract from '../../contract.ts';
import { noInputPrices } from '../../query/costs/list-rates.ts';
import { toUsdText } from '../../query/costs/money.ts';
import { oneRun } from '../../runs.testing.ts';
import { startTestStore, type TestStore } from '../../store/testing.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { textCell } from '../csv.ts';
import { createExportRoutes } from '../routes.ts';
import { toModelKey } from './model-key.ts';
import { parseCsv } from './parse-csv.ts';
import { findDecimalMark, readAmount } from './read-amount.ts';
import { readDay } from './read-day.ts';

vi.setConfig({ testTimeout: 60_000 });

const cent = 10_000_000_000n;
let opened: TestStore;
let app: Hono;

beforeAll(async () => {
  opened = await startTestStore();
  app = createExportRoutes({
    store: opened.store,
    inputPrices: noInputPrices,
    findListPrices: () => null,
    log: (_, error) => {
      throw error;
    },
  });
  await writeRuns(
    opened.store.client,
    [
      toRun('2026-08-01', 'gpt-4o-2024-08-06', 150n),
      toRun('2026-08-02', 'claude-sonnet-4-20250514', 99n),
    ],
    1,
  );
});
afterAll(() => opened.close());

function toRun(day: string, model: string, cents: bigint) {
  const startUnixNano = BigInt(Date.parse(`${day}T12:00:00Z`)) * 1_000_000n;
  const provider = model.startsWith('gpt') ? 'openai' : 'anthropic';
  const call = {
    traceId: oneRun.rootTraceId,
    spanId: 'c'.repeat(16),
    model,
    provider,
    agent: '',
    startUnixNano,
    durationNs: 1,
    failed: false,
    firstTokenNs: null,
    tokens: { input: 10, cacheRead: null, cacheWrite: null, output: 1, reasoning: null },
    tool: '',
    costSource: 'computed' as const,
    computedTrillionths: null,
    priceMatch: 'none' as const,
    waste: null,
  };
  return {
    retentionDays: 0,
    run: {
      ...oneRun,
      projectId: 'shop',
      runId: `run-${model}`,
      startUnixNano,
      endUnixNano: startUnixNano + 1n,
      lastActivityUnixNano: startUnixNano + 1n,
      modelCalls: [
        { ...call, costTrillionths: cents * cent },
        { ...call, costTrillionths: null },
      ],
    },
  };
}

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  query = '',
  type = 'text/csv',
): Promise<{ readonly status: number; readonly body: unknown }> {
  const path = `/cost/reconcile?project=shop&${query}`;
  const answer = await app.request(path, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  return { status: answer.status, body: await answer.json() };
}

async function read(
  body: string | Uint8Array<ArrayBuffer>,
  query = '',
): Promise<contract.Reconciliation> {
  const answer = await post(body, query);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return contract.reconciliation.parse(answer.body);
}

async function refusal(body: string | Uint8Array<ArrayBuffer>, query = ''): Promise<string> {
  const { status, body: answer } = await post(body, query);
  return `${status} ${contract.apiError.parse(answer).error.message}`;
}

describe('files of vendors', () => {
  test.each([
    [
      'OpenAI',
      'openai',
      'start_time,start_time_iso,amount_value,amount_currency,line_item\n1785542400,2026-08-01T00:00:00+00:00,1.2,usd,"gpt-4o-2024-08-06, input"\n1785542400,2026-08-01T00:00:00+00:00,0.3,usd,"gpt-4o-2024-08-06, output"\n',
    ],
    [
      'AWS',
      'aws-cur',
      'lineItem/UsageStartDate,lineItem/UnblendedCost,lineItem/CurrencyCode,product/model\n2026-08-01T05:00:00Z,1.5E+00,USD,openai.gpt-4o\n',
    ],
    [
      'FOCUS',
      'focus',
      'BilledCost,BillingCurrency,ChargePeriodStart,ServiceName\r\n1.50,USD,2026-08-01T00:00:00Z,gpt-4o\r\n',
    ],
    [
      'a spreadsheet in Germany',
      'generic',
      'Datum;Modell;Betrag\n01.08.2026;GPT-4o;1,20\n1.8.2026;gpt-4o;"0,30 "\n',
    ],
    ['nobody in particular', 'generic', '\uFEFFDate\tModel\tCost\n2026-08-01\tgpt-4o\t$1.50\n'],
  ])('%s', async (_, preset, text) => {
    const result = await read(text, 'provider=openai');
    expect(result).toMatchObject({
      preset,
      from: '2026-08-01',
      to: '2026-08-01',
      withinTolerance: true,
    });
    expect(result.rows).toEqual([
      {
        day: '2026-08-01',
        model: 'gpt-4o',
        invoicedUsd: '1.5',
        computedUsd: '1.5',
        deltaUsd: '0',
        share: 0,
        calls: 2,
        pricedCalls: 1,
      },
    ]);
  });
  test('Anthropic, with what was called and not invoiced, and the other way round', async () => {
    const text =
      'usage_date_utc,model,token_type,cost_usd\n2026-08-01,Claude Opus 4.1,output_no_cache,2.00\n2026-08-02,Claude Sonnet 4,output_no_cache,1.00\n';
    const result = await read(text);
    expect(result.preset).toBe('anthropic');
    expect(
      result.rows.map(({ day, model, deltaUsd, share }) => [day, model, deltaUsd, share]),
    ).toEqual([
      ['2026-08-01', 'claude-opus-4-1', '-2', -1],
      ['2026-08-01', 'gpt-4o', '1.5', null],
      ['2026-08-02', 'claude-sonnet-4', '-0.01', -0.01],
    ]);
    expect(result.total).toMatchObject({
      invoicedUsd: '3',
      computedUsd: '2.49',
      deltaUsd: '-0.51',
    });
    expect(result.withinTolerance).toBe(false);
  });
});

const head = 'date,model,cost\n';

describe('what is wrong is a sentence, and never a wrong sum', () => {
  test('broken lines are named, and the rest is added up', async () => {
    const lines = [
      '2026-08-01,gpt-4o,1.00',
      '=cmd|x,gpt-4o,5',
      '2026-08-01,gpt-4o,=1+1',
      '2026-02-30,gpt-4o,7',
      ',Total,9.00',
      '2026-08-01,"a ""quoted"", name',
      'over two lines",0.25',
      '2026-08-01,credit,-0.75',
      '2026-08-01,refund,(0.50)',
      '',
      '2026-08-01,gpt-4o,',
      '2026-08-01,gpt-4o,1.00,8',
      '2026-08-01,gpt-4o,NaN',
      '2026-08-01,"never closed,4',
    ];
    const result = await read(head + lines.join('\n'));
    expect(result.total.invoicedUsd).toBe('0');
    expect(result.rows.map(({ model, invoicedUsd }) => `${model} ${invoicedUsd}`)).toEqual(
      expect.arrayContaining(['credit -0.75', 'refund -0.5', 'gpt-4o 1']),
    );
    expect(result.lines).toEqual({ read: 4, empty: 1, broken: 7 });
    expect(result.problems.map(({ line }) => line)).toEqual([3, 4, 5, 6, 13, 14, 15]);
    expect(result.problems[0]?.problem).toContain('"=cmd|x" is no day');
    expect(result.problems[1]?.problem).toContain('"=1+1" is no amount');
    expect(result.problems[3]?.problem).toContain('a sum of others');
  });
  test.each([
    ['an empty file', '', '400 The file is empty.'],
    ['a mark and nothing else', '\uFEFF', '400 The file is empty.'],
    [
      'no column of amounts',
      'date,model\n2026-08-01,x',
      '400 The file has no column of amounts that is known by its name. Name it with costColumn; there are: date, model.',
    ],
    ['nothing but a head', head, '400 No line of the file has a day and an amount.'],
    [
      'a thousand, or one and a bit',
      `${head}2026-08-01,x,"1,234"`,
      '400 No line of the file has a day and an amount. Line 2: "1,234" is no amount, or could be two: say decimal=point or decimal=comma.',
    ],
    [
      'points and commas',
      `${head}2026-08-01,x,1.25\n2026-08-01,x,"1,25"`,
      '400 Some amounts of the file have a point before the cents and some a comma. Say decimal=point or decimal=comma.',
    ],
    [
      'March, or April',
      `${head}03/04/2026,x,1`,
      '400 No line of the file has a day and an amount. Line 2: "03/04/2026" is no day, or could be two: say dates=dmy or dates=mdy.',
    ],
    [
      'another currency',
      `date,model,cost,currency\n2026-08-01,x,1,EUR`,
      '400 The amounts are in EUR, and costs are in USD. Say with rate= how many USD one EUR is.',
    ],
    [
      'another currency, by its sign',
      `${head}2026-08-01,x,€1.00`,
      '400 The amounts are in EUR, and costs are in USD. Say with rate= how many USD one EUR is.',
    ],
    [
      'two currencies',
      `date,model,cost,currency\n2026-08-01,x,1,EUR\n2026-08-01,x,1,usd`,
      '400 The file has amounts in EUR, USD. Send one currency at a time.',
    ],
    [
      'years of it',
      `${head}2020-08-01,x,1\n2026-08-01,x,1`,
      '400 The file has days from 2020-08-01 to 2026-08-01, and 400 fit. Send it in parts.',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await refusal(text)).toBe(expected);
  });
  test('a wrong encoding, and the ones that can be told', async () => {
    const latin = Buffer.from(`${head}2026-08-01,mod\u00e8le,1`, 'latin1');
    expect(await refusal(new Uint8Array(latin))).toBe(
      '400 The file is not text in UTF-8. Save it as CSV UTF-8.',
    );
    expect(await refusal(new Uint8Array(Buffer.from('PK\u0003\u0004\0\0\0')))).toContain(
      'not text',
    );
    const wide = new Uint8Array(Buffer.from(`\uFEFF${head}2026-08-01,x,1.5`, 'utf16le'));
    expect((await read(wide)).total.invoicedUsd).toBe('1.5');
  });
  test('a hundred megabytes are not taken, and neither is what a page of another origin can send', async () => {
    const large = new Uint8Array(100 * 1024 * 1024).fill(49);
    expect(await refusal(large)).toBe('400 Send a body of at most 8388608 bytes.');
    const { status } = await post(`${head}2026-08-01,x,1`, '', 'text/plain');
    expect(status).toBe(400);
  });
  test('another order of days, another mark and another currency, when they are told', async () => {
    const text = 'date;model;cost\n03/04/2026;x;"1.234,5"';
    const result = await read(text, 'dates=dmy&decimal=comma&currency=eur&rate=1.1');
    expect([result.from, result.currency, result.total.invoicedUsd]).toEqual([
      '2026-04-03',
      'EUR',
      '1357.95',
    ]);
  });
});

test('a result is kept when that is asked for, the last one of a provider', async () => {
  const text = `${head}2026-08-01,gpt-4o,1.5`;
  await read(text, 'provider=none');
  await read(text, 'provider=openai&store=true');
  const last = await read(`${head}2026-08-01,gpt-4o,2`, 'provider=openai&store=true');
  const answer = await app.request('/cost/reconciliations?project=shop');
  const { reconciliations } = contract.reconciliationList.parse(await answer.json());
  expect(reconciliations).toEqual([last]);
});

test('an amount of any size and form is read to the trillionth', () => {
  const amount = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
  fc.assert(
    fc.property(
      amount,
      fc.constantFrom('point' as const, 'comma' as const),
      fc.boolean(),
      (size, mark, isGrouped) => {
        const [whole = '', fraction = ''] = toUsdText(size < 0n ? -size : size).split('.');
        const [point, group] = mark === 'point' ? ['.', ','] : [',', '.'];
        const grouped = isGrouped ? whole.replaceAll(/\B(?=(\d{3})+$)/g, group) : whole;
        const text = `${grouped}${fraction === '' ? '' : point + fraction}`;
        expect(readAmount(size < 0n ? `(${text})` : text, mark)).toBe(size);
        expect(['unknown', mark]).toContain(findDecimalMark([text]));
      },
    ),
  );
});

test('cells come back from CSV as they went in', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', 'ü') });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
  fc.assert(
    fc.property(rows, (rows) => {
      const text = rows.map((cells) => `${cells.map(textCell).join(',')}\r\n`).join('');
      const safe = rows.map((cells) =>
        cells.map((text) => (/^[\r\n]/.test(text) ? `'${text}` : text)),
      );
      expect(parseCsv(text, ',').map(({ cells }) => cells)).toEqual(safe);
    }),
  );
});

test.each([
  ['2026-11-21', '2026-11-21'],
  ['2026-11-21T23:30:00-02:00', '2026-11-22'],
  ['2026-11-21 23:30:00 UTC', '2026-11-21'],
  ['20261121', '2026-11-21'],
  ['1795219200', '2026-11-21'],
  ['Nov 21, 2026', '2026-11-21'],
  ['21 November 2026', '2026-11-21'],
  ['21-Nov-2026', '2026-11-21'],
  ['21.11.2026', '2026-11-21'],
  ['11/21/2026', '2026-11-21'],
  ['21/11/2026', '2026-11-21'],
  ['11/10/2026', null],
  ['2026-02-29', null],
  ['45982', null],
  ['', null],
])('%s is %s', (text, day) => {
  expect(readDay(text, 'auto')).toBe(day);
});

test.each([
  ['gpt-4o-2024-08-06, cached input', 'gpt-4o'],
  ['gpt-4o-mini', 'gpt-4o-mini'],
  ['claude-sonnet-4-20250514', 'claude-sonnet-4'],
  ['Claude Sonnet 3.5', 'claude-sonnet-3-5'],
  ['us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'claude-3-5-sonnet'],
  ['models/gemini-2.0-flash', 'gemini-2.0-flash'],
  ['openai/o3', 'o3'],
  ['', 'unknown'],
])('%s is %s', (name, key) => {
  expect(toModelKey(name)).toBe(key);
});
