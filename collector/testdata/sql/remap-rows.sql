-- {"from":"1795000000000000000","to":"1795086400000000000","firstMinute":1795000020,"firstTraceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","firstSpanId":"bbbbbbbbbbbbbbbb","lastMinute":1795000080,"lastNano":"1795000139999999999","lastTraceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","lastSpanId":"bbbbbbbbbbbbbbbb","mapperVersion":2}
SELECT * FROM (
SELECT 
  project_id, trace_id, span_id, parent_span_id, trace_state, name, kind, raw_kind, dialect, otel_kind,
  toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano, toString(version) AS end_unix_nano,
  mapper_version,
  toString(status) AS status_word, status_message, error_type, flags, service_name, scope_name, scope_version,
  run_id, workflow_name, agent_name, tool_name, tool_call_id, conversation_id, user_id, provider,
  model_requested, model_answered, response_id, finish_reasons,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  toString(cost_usd) AS cost, cost_source, toString(computed_cost_usd) AS computed_cost, price_version, price_match,
  time_to_first_chunk, attempt, loop_iteration, step_index, handoff_from, handoff_to,
  mapKeys(attributes) AS attribute_keys, mapValues(attributes) AS attribute_values, mapKeys(attribute_types) AS attribute_type_keys, mapValues(attribute_types) AS attribute_type_values, mapKeys(resource_attributes) AS resource_attribute_keys, mapValues(resource_attributes) AS resource_attribute_values, mapKeys(resource_attribute_types) AS resource_attribute_type_keys, mapValues(resource_attribute_types) AS resource_attribute_type_values, mapKeys(scope_attributes) AS scope_attribute_keys, mapValues(scope_attributes) AS scope_attribute_values, mapKeys(scope_attribute_types) AS scope_attribute_type_keys, mapValues(scope_attribute_types) AS scope_attribute_type_values,
  arrayMap(t -> toString(toUnixTimestamp64Nano(t)), event_times) AS event_unix_nanos, event_names, event_attributes,
  link_trace_ids, link_span_ids, link_rels, link_attributes, dropped_attributes, dropped_events, dropped_links,
  retention_days, toUnixTimestamp(received_at) AS received_seconds
FROM spans WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time >= toDateTime({firstMinute:UInt32}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({lastNano:Int64}, 'UTC')
  AND (toStartOfMinute(start_time), trace_id, span_id) >= (toDateTime({firstMinute:UInt32}, 'UTC'), {firstTraceId:String}, {firstSpanId:String})
  AND (toStartOfMinute(start_time), trace_id, span_id) <= (toDateTime({lastMinute:UInt32}, 'UTC'), {lastTraceId:String}, {lastSpanId:String})
ORDER BY toStartOfMinute(start_time), trace_id, span_id, version DESC, mapper_version DESC, price_edition DESC
LIMIT 1 BY toStartOfMinute(start_time), trace_id, span_id
)
WHERE mapper_version < {mapperVersion:UInt16}
SETTINGS max_result_bytes = 4194304
