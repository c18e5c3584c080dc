/** What analysis selects of spans. Pure text: golden files show the whole. */
import { analysedAttributes, unreadAttributes } from '../run-span.ts';
import { spanKinds } from '../span.ts';
import type { SqlFragment } from './store.ts';
import { fromSpansOf } from './trace-sql.ts';

const toText = (sql: string): string => `CAST(${sql}, 'String')`;
const orMinus = (column: string): string => `toFloat64(ifNull(${column}, -1))`;

/**
 * Sums on agents are no columns, so that nobody adds them to the calls they repeat. An agent that runs elsewhere has
 * nothing but its sum: whether it repeats anything is known only to whoever sees the whole run.
 */
const tokens = (column: string, attribute: string): string =>
  `if(isNull(${column}) AND kind IN ('agent', 'workflow', 'turn'),
    toFloat64OrDefault(CAST(attributes['gen_ai.usage.${attribute}'], 'String'), toFloat64(-1)), ${orMinus(column)})`;

/** Beyond what any call costs; a column without NULLs is read at once. */
export const unknownCost = -999_999_000_000_000_000n;

/** Keys, values, keys of types, types: as JSON, empty where there is nothing to read. */
const attributesSql = `if(notEmpty(arrayFilter(k -> ${isAnalysedSql('k')}, mapKeys(attributes))),
    toJSONString(tuple(
      mapKeys(mapFilter((k, v) -> ${isAnalysedSql('k')}, attributes)),
      mapValues(mapFilter((k, v) -> ${isAnalysedSql('k')}, attributes)),
      mapKeys(attribute_types), mapValues(attribute_types))), '')`;

function isAnalysedSql(key: string): string {
  return `((startsWith(${key}, 'orchescope.') AND NOT has({unread:Array(String)}, ${key})) OR has({analysed:Array(String)}, ${key}))`;
}

const isAnalysedEvent = "(e.2 = 'exception' OR startsWith(e.2, 'orchescope.'))";

/** In the order of the answer. */
export const runSpanColumns = {
  traceId: toText('trace_id'),
  spanId: toText('span_id'),
  parentSpanId: toText('parent_span_id'),
  start: 'toUnixTimestamp64Nano(start_time)',
  version: 'version',
  mapperVersion: 'mapper_version',
  priceEdition: 'price_edition',
  retentionDays: 'retention_days',
  name: toText('name'),
  kind: 'toUInt8(greatest(0, toInt16(indexOf({kinds:Array(String)}, kind)) - 1))',
  rawKind: toText('raw_kind'),
  dialect: toText('dialect'),
  otelKind: 'otel_kind',
  status: 'toInt8(status)',
  statusMessage: toText('status_message'),
  errorType: toText('error_type'),
  flags: 'flags',
  serviceName: toText('service_name'),
  serviceVersion: toText("resource_attributes['service.version']"),
  environment: toText(
    "if(resource_attributes['deployment.environment.name'] != '', resource_attributes['deployment.environment.name'], resource_attributes['deployment.environment'])",
  ),
  runId: toText('run_id'),
  workflowName: toText('workflow_name'),
  agentName: toText('agent_name'),
  toolName: toText('tool_name'),
  toolCallId: toText('tool_call_id'),
  conversationId: toText('conversation_id'),
  userId: toText('user_id'),
  provider: toText('provider'),
  model: toText("if(model_answered != '', model_answered, model_requested)"),
  responseId: toText('response_id'),
  finishReasons: "if(empty(finish_reasons), '', toJSONString(finish_reasons))",
  inputTokens: tokens('input_tokens', 'input_tokens'),
  outputTokens: tokens('output_tokens', 'output_tokens'),
  cacheReadTokens: tokens('cache_read_tokens', 'cache_read.input_tokens'),
  cacheWriteTokens: tokens('cache_write_tokens', 'cache_write.input_tokens'),
  reasoningTokens: tokens('reasoning_tokens', 'reasoning.output_tokens'),
  cost: 'ifNull(cost_usd, toDecimal64(-999999, 12))',
  costSource: 'toInt8(cost_source)',
  computedCost: 'ifNull(computed_cost_usd, toDecimal64(-999999, 12))',
  priceMatch: 'toInt8(price_match)',
  timeToFirstChunk: orMinus('time_to_first_chunk'),
  attempt: 'attempt',
  loopIteration: 'loop_iteration',
  stepIndex: 'toFloat64(step_index)',
  handoffFrom: toText('handoff_from'),
  handoffTo: toText('handoff_to'),
  attributes: attributesSql,
  events: `if(notEmpty(event_names), toJSONString(arrayFilter(e -> ${isAnalysedEvent},
    arrayZip(arrayMap(t -> toString(toUnixTimestamp64Nano(t)), event_times), event_names, event_attributes))), '')`,
  links:
    "if(notEmpty(link_trace_ids), toJSONString(arrayZip(link_trace_ids, link_span_ids, link_rels)), '')",
} as const;

export function toRunSpansSql(
  traceIds: readonly string[],
  limit: number,
  isSorted: boolean,
): SqlFragment {
  const columns = Object.values(runSpanColumns).map((sql, at) => `  ${sql} AS c${at}`);
  const sql = `SELECT
${columns.join(',\n')}
FROM ${fromSpansOf('{traceIds:Array(String)}')}${isSorted ? '\nORDER BY start_time, trace_id, span_id' : ''}
LIMIT {limit:UInt32}`;
  const params = {
    traceIds: [...traceIds],
    limit,
    kinds: [...spanKinds],
    analysed: [...analysedAttributes],
    unread: [...unreadAttributes],
  };
  return { sql, params };
}
