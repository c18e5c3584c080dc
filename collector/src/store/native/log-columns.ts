/** The columns of the table `logs`, by their names there. */
import { logFacts } from '../../log-record.ts';
import { costSources, priceMatches } from '../../span.ts';
import { ArrayColumn, MapColumn } from './nested-columns.ts';
import { Int64Column, NullableColumn, NumberColumn } from './number-columns.ts';
import { enumOf } from './span-columns.ts';
import { LowCardinalityColumn, StringColumn } from './text-columns.ts';
import type { TextTable } from './text-table.ts';

export type LogColumns = ReturnType<typeof createLogColumns>;

export function createLogColumns(table: TextTable) {
  const word = () => new LowCardinalityColumn(table);
  const text = () => new StringColumn();
  const time = () => new Int64Column("DateTime64(9, 'UTC')");
  const count = () => new NullableColumn(new Int64Column('UInt64'));
  const usd = () => new NullableColumn(new Int64Column('Decimal(18, 12)'));
  const words = () => new MapColumn(word(), word());
  return {
    project_id: word(),
    trace_id: text(),
    span_id: text(),
    time: time(),
    observed_time: time(),
    position: new NumberColumn('UInt32'),
    severity_number: new NumberColumn('UInt8'),
    severity_text: word(),
    event_name: word(),
    trace_flags: new NumberColumn('UInt32'),
    flags: new NumberColumn('UInt16'),
    body: text(),
    body_type: word(),
    attributes: new MapColumn(word(), text()),
    attribute_types: words(),
    resource_attributes: words(),
    resource_attribute_types: words(),
    scope_attributes: words(),
    scope_attribute_types: words(),
    dropped_attributes: new NumberColumn('UInt32'),
    service_name: word(),
    scope_name: word(),
    scope_version: word(),
    dialect: word(),
    fact: enumOf(logFacts),
    conversation_id: text(),
    user_id: text(),
    agent_name: word(),
    provider: word(),
    model_requested: word(),
    model_answered: word(),
    tool_name: word(),
    tool_call_id: text(),
    response_id: text(),
    error_type: word(),
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
    duration_ms: new NullableColumn(new NumberColumn('Float64')),
    evaluation_name: word(),
    evaluation_score: new NullableColumn(new NumberColumn('Float64')),
    evaluation_label: word(),
    evaluation_explanation: text(),
    content_slots: new ArrayColumn(word()),
    content_keys: new ArrayColumn(word()),
    content_formats: new ArrayColumn(word()),
    content_bodies: new ArrayColumn(text()),
    message_slot: word(),
    mapper_version: new NumberColumn('UInt16'),
    retention_days: new NumberColumn('UInt16'),
    received_at: new NumberColumn('DateTime', "DateTime('UTC')"),
  };
}
