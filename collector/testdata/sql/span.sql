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
  link_trace_ids, link_span_ids, link_rels, link_attributes, dropped_attributes, dropped_events, dropped_links
FROM spans WHERE project_id = {projectId:String}
    AND trace_id IN {traceIds:Array(String)}
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}) AND (SELECT max(last_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)})
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )
  AND span_id = {spanId:String}
ORDER BY version DESC, mapper_version DESC, price_edition DESC
LIMIT 1

-- {"traceIds":["0af7651916cd43dd8448eb211c80319c"],"spanId":"b7ad6b7169203331"}
