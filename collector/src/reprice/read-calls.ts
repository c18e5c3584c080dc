/** Stored calls of models, a bounded number at a time. */
import type { CostSource, PriceMatch, SpanKind, Usage } from '../span.ts';
import { readCharges } from '../ingest/pricing/charges.ts';
import type { Call, Cost } from '../ingest/pricing/pricer.ts';
import { toDuration } from '../ingest/pricing/to-priced-span.ts';
import { readDaysBy, type StoredDay } from '../remap/read-stored.ts';
import type { KeyRange, SpanKey, TimeRange } from '../remap/stored-span-sql.ts';
import { text, textOrNull, toAttributes, type SpanRow } from '../store/from-row.ts';
import { readRows, type Reader } from '../store/read-rows.ts';
import { toCallDaysSql, toCallsSql, toSpanKeysSql } from './stored-call-sql.ts';

/** The copy of a call that readers are shown. */
export type StoredCall = {
  readonly copy: string;
  readonly traceId: string;
  /** Without what its sender reported. */
  readonly call: Call;
  readonly cost: Cost;
};

/** Calls that lie together in the table. */
export type StoredChunk = { readonly keys: KeyRange; readonly calls: readonly StoredCall[] };

export type Stretch = {
  readonly reader: Reader;
  readonly projectId: string;
  readonly range: TimeRange;
};

export function readCallDays({ reader, projectId, range }: Stretch): Promise<StoredDay[]> {
  return readDaysBy(reader, projectId, range, toCallDaysSql(range));
}

const keysPerPage = 5_000;
/** Their names travel as a parameter, a hundred bytes each, which has a limit of 128 KiB. */
const callsPerChunk = 1_000;

type CallKey = SpanKey & { readonly copy: string };

/** In the order of the table. */
export async function* readCalls(stretch: Stretch): AsyncGenerator<StoredChunk> {
  let after: SpanKey | undefined = { minute: 0, traceId: '', spanId: '' };
  while (after !== undefined) {
    const { calls, last } = await readKeys(stretch, after);
    for (let at = 0; at < calls.length; at += callsPerChunk) {
      yield* readChunk(stretch, calls.slice(at, at + callsPerChunk));
    }
    after = last;
  }
}

/** `last` is undefined when there are no more. */
async function readKeys(
  { reader, projectId, range }: Stretch,
  after: SpanKey,
): Promise<{ calls: CallKey[]; last: SpanKey | undefined }> {
  const rows = await readRows(reader, projectId, toSpanKeysSql(range, after, keysPerPage));
  const keys = rows.map((row) => ({
    minute: Number(row['minute']),
    traceId: String(row['trace_id']),
    spanId: String(row['span_id']),
    copy: String(row['copy']),
  }));
  const calls = keys.filter((_, at) => Number(rows[at]?.['is_call']) === 1);
  const [last] = keys.slice(-1);
  if (keys.length < keysPerPage || last === undefined) return { calls, last: undefined };
  const { minute, traceId, spanId } = last;
  return { calls, last: { minute, traceId, spanId } };
}

async function* readChunk(
  { reader, projectId, range }: Stretch,
  keys: readonly CallKey[],
): AsyncGenerator<StoredChunk> {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return;
  const between = { first, last };
  const copies = keys.map(({ copy }) => copy);
  const rows = await readRows(reader, projectId, toCallsSql(range, between, copies));
  yield { keys: between, calls: rows.map(toStoredCall) };
}

function toStoredCall(row: SpanRow): StoredCall {
  const start = BigInt(text(row, 'start_unix_nano'));
  return {
    copy: text(row, 'copy'),
    traceId: text(row, 'trace_id'),
    call: {
      kind: text(row, 'kind') as SpanKind,
      provider: text(row, 'provider'),
      modelRequested: text(row, 'model_requested'),
      modelAnswered: text(row, 'model_answered'),
      usage: toUsage(row),
      charges: readCharges(toAttributes(row, 'attribute')),
      reportedUsd: null,
      startUnixMs: Number(start / 1_000_000n),
      durationNano: toDuration(start, BigInt(text(row, 'end_unix_nano'))),
    },
    cost: {
      costUsd: textOrNull(row, 'cost'),
      costSource: text(row, 'cost_source') as CostSource,
      computedCostUsd: textOrNull(row, 'computed_cost'),
      priceVersion: text(row, 'price_version'),
      priceMatch: text(row, 'price_match') as PriceMatch,
    },
  };
}

function toUsage(row: SpanRow): Usage {
  const tokens = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
  return {
    inputTokens: tokens('input_tokens'),
    outputTokens: tokens('output_tokens'),
    cacheReadTokens: tokens('cache_read_tokens'),
    cacheWriteTokens: tokens('cache_write_tokens'),
    reasoningTokens: tokens('reasoning_tokens'),
  };
}
