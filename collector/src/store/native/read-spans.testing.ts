/** Spans back from the blocks they were written to, in their order, without an engine. */
import { costSources, priceMatches, spanStatuses, type Span } from '../../span.ts';
import { fromSpanRow, type ContentRow } from '../from-row.ts';
import type { Block } from './block.ts';
import { readBlocks, type Rows } from './read-blocks.testing.ts';

type Row = Rows[number];
type Pairs = readonly (readonly [string, string])[];

export function readSpans(blocks: readonly Block[]): Span[] {
  const { spans = [], content = [] } = readBlocks(blocks);
  const contentBySpan = Map.groupBy(content, toSpanKey);
  return spans.map((row) => {
    const items = contentBySpan.get(toSpanKey(row)) ?? [];
    return fromSpanRow(toSelected(row), items as unknown as ContentRow[]);
  });
}

function toSpanKey(row: Row): string {
  return [row['project_id'], row['trace_id'], row['span_id'], row['version']].join(' ');
}

const arrays = [
  'finish_reasons',
  'event_names',
  'event_attributes',
  'link_trace_ids',
  'link_span_ids',
  'link_rels',
  'link_attributes',
] as const;
const counts = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'time_to_first_chunk',
] as const;
const numbers = [
  'flags',
  'otel_kind',
  'attempt',
  'loop_iteration',
  'dropped_attributes',
  'dropped_events',
  'dropped_links',
] as const;

/** What a block does not bring is the table's default. */
function toSelected(row: Row): Record<string, unknown> {
  return {
    ...Object.fromEntries(arrays.map((name) => [name, []])),
    ...Object.fromEntries(counts.map((name) => [name, null])),
    ...Object.fromEntries(numbers.map((name) => [name, 0])),
    ...row,
    start_unix_nano: row['start_time'],
    end_unix_nano: row['version'] ?? 0n,
    status_word: wordOf(spanStatuses, row['status']),
    cost_source: wordOf(costSources, row['cost_source']),
    price_match: wordOf(priceMatches, row['price_match']),
    cost: toUsd(row['cost_usd']),
    computed_cost: toUsd(row['computed_cost_usd']),
    event_unix_nanos: ((row['event_times'] ?? []) as bigint[]).map(String),
    ...toLists('attribute', row),
    ...toLists('resource_attribute', row),
    ...toLists('scope_attribute', row),
  };
}

function wordOf(words: readonly string[], number: unknown): string {
  return words[Number(number ?? 0)] ?? '';
}

function toUsd(trillionths: unknown): string | null {
  if (typeof trillionths !== 'bigint') return null;
  const digits = BigInt.asIntN(64, trillionths).toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
}

function toLists(name: string, row: Row): Record<string, string[]> {
  const values = (row[`${name}s`] ?? []) as Pairs;
  const types = (row[`${name}_types`] ?? []) as Pairs;
  return {
    [`${name}_keys`]: values.map(([key]) => key),
    [`${name}_values`]: values.map(([, value]) => value),
    [`${name}_type_keys`]: types.map(([key]) => key),
    [`${name}_type_values`]: types.map(([, type]) => type),
  };
}
