/** The columns of the tables `spans` and `content`, by their names there. */
import { costSources, priceMatches, spanStatuses } from '../../span.ts';
import { ArrayColumn, MapColumn } from './nested-columns.ts';
import { Int64Column, NullableColumn, NumberColumn } from './number-columns.ts';
import { LowCardinalityColumn, StringColumn } from './text-columns.ts';
import type { TextTable } from './text-table.ts';

export type SpanColumns = ReturnType<typeof createSpanColumns>;

export function createSpanColumns(table: TextTable) {
  const word = () => new LowCardinalityColumn(table);
  const text = () => new StringColumn();
  const time = () => new Int64Column("DateTime64(9, 'UTC')");
  const count = () => new NullableColumn(new Int64Column('UInt64'));
  const usd = () => new NullableColumn(new Int64Column('Decimal(18, 12)'));
  const map = () => new MapColumn(word(), text());
  const words = () => new MapColumn(word(), word());
  return {
    project_id: word(),
    trace_id: text(),
    span_id: text(),
    parent_span_id: text(),
    trace_state: text(),
    name: word(),
    kind: word(),
    raw_kind: word(),
    dialect: word(),
    otel_kind: new NumberColumn('UInt8'),
    start_time: time(),
    version: new Int64Column('UInt64'),
    status: enumOf(spanStatuses),
    status_message: text(),
    error_type: word(),
    flags: new NumberColumn('UInt16'),
    service_name: word(),
    scope_name: word(),
    scope_version: word(),
    run_id: text(),
    workflow_name: word(),
    agent_name: word(),
    tool_name: word(),
    tool_call_id: text(),
    conversation_id: text(),
    user_id: text(),
    provider: word(),
    model_requested: word(),
    model_answered: word(),
    response_id: text(),
    finish_reasons: new ArrayColumn(word()),
    input_tokens: count(),
    output_tokens: count(),
    cache_read_tokens: count(),
    cache_write_tokens: count(),
    reasoning_tokens: count(),
    cost_usd: usd(),
    cost_source: enumOf(costSources),
    computed_cost_usd: usd(),
    price_version: word(),
    price_match: enumOf(priceMatches),
    time_to_first_chunk: new NullableColumn(new NumberColumn('Float64')),
    attempt: new NumberColumn('UInt32'),
    loop_iteration: new NumberColumn('UInt32'),
    step_index: new NumberColumn('Int32', 'Int32', -1),
    handoff_from: word(),
    handoff_to: word(),
    attributes: map(),
    attribute_types: words(),
    resource_attributes: words(),
    resource_attribute_types: words(),
    scope_attributes: words(),
    scope_attribute_types: words(),
    event_times: new ArrayColumn(time()),
    event_names: new ArrayColumn(word()),
    event_attributes: new ArrayColumn(text()),
    link_trace_ids: new ArrayColumn(text()),
    link_span_ids: new ArrayColumn(text()),
    link_rels: new ArrayColumn(word()),
    link_attributes: new ArrayColumn(text()),
    dropped_attributes: new NumberColumn('UInt32'),
    dropped_events: new NumberColumn('UInt32'),
    dropped_links: new NumberColumn('UInt32'),
    mapper_version: new NumberColumn('UInt16'),
    retention_days: new NumberColumn('UInt16'),
    received_at: new NumberColumn('DateTime', "DateTime('UTC')"),
  };
}

export type ContentColumns = ReturnType<typeof createContentColumns>;

export function createContentColumns(table: TextTable) {
  const word = () => new LowCardinalityColumn(table);
  return {
    project_id: word(),
    conversation_id: new StringColumn(),
    trace_id: new StringColumn(),
    span_id: new StringColumn(),
    start_time: new Int64Column("DateTime64(9, 'UTC')"),
    version: new Int64Column('UInt64'),
    position: new NumberColumn('UInt16'),
    slot: word(),
    key: word(),
    format: word(),
    body: new StringColumn(1024 * 1024),
    mapper_version: new NumberColumn('UInt16'),
    retention_days: new NumberColumn('UInt16'),
    received_at: new NumberColumn('DateTime', "DateTime('UTC')"),
  };
}

/** Numbered in the order of the list, as the tables number them. */
export function enumOf(words: readonly string[]): NumberColumn {
  const values = words.map((word, number) => `'${word}' = ${number}`);
  return new NumberColumn('Enum8', `Enum8(${values.join(', ')})`);
}
