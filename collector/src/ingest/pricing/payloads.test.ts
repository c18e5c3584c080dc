/**
 * What providers answered, as the instrumentations send it, through the whole of ingest to the rows of the store. The
 * costs were worked out by hand from the prices that each file names.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createBatch } from '../../store/native/batch.ts';
import { encode } from '../encode.testing.ts';
import { generalWay, onePass, type Told } from '../fast/both-ways.testing.ts';
import { toValue, type Plain } from '../read-span.testing.ts';

type Term = {
  readonly what: string;
  readonly count: number;
  readonly usd: number;
  /** The price is of so many. */
  readonly per: number;
  /** The factor of a service tier. */
  readonly times: number | string;
};

type Payload = {
  readonly name: string;
  readonly model: string;
  readonly startTime: string;
  readonly payload: object;
  readonly derivation: { readonly text: string; readonly terms: readonly Term[] };
  /** A plain decimal. */
  readonly expectedUsd: string;
  readonly source: string;
  /** By the dialects that carry all of it. */
  readonly attributes: Readonly<
    Record<string, { readonly scope: string; readonly attributes: Readonly<Record<string, Plain>> }>
  >;
};

const folder = new URL('../../../testdata/pricing/', import.meta.url);
const vendors = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    return [file.slice(0, -'.json'.length), JSON.parse(text) as readonly Payload[]] as const;
  });

/** One for all: what it remembers of one call must not harm the next. */
const batch = createBatch();

function toRequest({ startTime }: Payload, scope: string, attributes: Record<string, Plain>) {
  const startMs = Date.parse(startTime);
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'call',
    kind: 3,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + 2_000}000000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) })),
  };
  return {
    resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: scope }, spans: [span] }] }],
  };
}

/** Of the one row, in trillionths of a USD. */
function costOf(way: Told | string): unknown {
  if (typeof way === 'string') return way;
  return way.rows['spans']?.[0]?.['computed_cost_usd'];
}

describe.each(vendors)('%s', (_, payloads) => {
  test.each(payloads)('$name', (payload) => {
    const expected: [string, bigint][] = [];
    const general: [string, unknown][] = [];
    const fast: [string, unknown][] = [];
    for (const [dialect, { scope, attributes }] of Object.entries(payload.attributes)) {
      const request = toRequest(payload, scope, attributes);
      const protobuf = Buffer.from(encode(request, 'application/x-protobuf'));
      const json = Buffer.from(JSON.stringify(request));
      expected.push([dialect, toTrillionths(payload.expectedUsd)]);
      const byGeneralWay = generalWay(protobuf);
      const byOnePass = onePass(protobuf, batch);
      general.push([dialect, costOf(byGeneralWay)]);
      fast.push([dialect, costOf(byOnePass)]);
      expect(onePass(json, batch, 'application/json')).toEqual(
        generalWay(json, 'application/json'),
      );
      // With what the batch remembers of the call by now.
      expect([byOnePass, onePass(protobuf, batch)]).toEqual([byGeneralWay, byGeneralWay]);
    }
    expect(general).toEqual(expected);
    expect(fast).toEqual(expected);
  });

  test.each(payloads)('$name: the arithmetic of its file is right', (payload) => {
    const { terms, text } = payload.derivation;
    let usd = 0;
    for (const { count, usd: price, per, times } of terms) {
      usd += (count * price * Number(times)) / per;
    }
    expect(Math.abs(usd - Number(payload.expectedUsd))).toBeLessThan(1e-12 + usd * 1e-14);
    expect(text).toContain(`= ${payload.expectedUsd} USD`);
    for (const { what, count, usd: price } of terms) {
      expect(text).toContain(`${count} ${what} x ${price}`);
    }
  });
});

test('there are at least 80 of them, from all the providers, each in several dialects', () => {
  const payloads = vendors.flatMap(([, all]) => all);
  const dialects = new Set(payloads.flatMap(({ attributes }) => Object.keys(attributes)));
  expect(payloads.length).toBeGreaterThanOrEqual(80);
  expect(vendors.length).toBeGreaterThanOrEqual(11);
  expect([...dialects].toSorted()).toMatchInlineSnapshot(`
    [
      "ai-sdk-legacy",
      "claude-code",
      "gen_ai",
      "gen_ai, as it was answered",
      "gen_ai, as it was answered, without the total",
      "gen_ai_old",
      "langfuse",
      "langsmith",
      "mastra",
      "openinference",
      "openinference, as it was answered",
      "openllmetry",
      "openllmetry, as it was answered",
      "orchescope",
      "pydantic-ai",
    ]
  `);
  for (const { name, source } of payloads) expect(source, name).toMatch(/^https:\/\/.*\d{4}-/);
});

/** Written apart from the code that it tests. */
function toTrillionths(usd: string): bigint {
  const [whole = '', decimals = ''] = usd.split('.');
  return BigInt(whole) * 10n ** 12n + BigInt(decimals.padEnd(12, '0'));
}
