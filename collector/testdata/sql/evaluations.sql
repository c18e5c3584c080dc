SELECT * FROM (
SELECT 
  project_id, trace_id, span_id, toString(toUnixTimestamp64Nano(time)) AS unix_nano,
  toString(toUnixTimestamp64Nano(observed_time)) AS observed_unix_nano, position, severity_number, severity_text,
  event_name, trace_flags, flags, body, body_type, mapKeys(attributes) AS attribute_keys, mapValues(attributes) AS attribute_values, mapKeys(attribute_types) AS attribute_type_keys, mapValues(attribute_types) AS attribute_type_values, mapKeys(resource_attributes) AS resource_attribute_keys, mapValues(resource_attributes) AS resource_attribute_values, mapKeys(resource_attribute_types) AS resource_attribute_type_keys, mapValues(resource_attribute_types) AS resource_attribute_type_values,
  mapKeys(scope_attributes) AS scope_attribute_keys, mapValues(scope_attributes) AS scope_attribute_values, mapKeys(scope_attribute_types) AS scope_attribute_type_keys, mapValues(scope_attribute_types) AS scope_attribute_type_values, dropped_attributes, service_name, scope_name, scope_version, dialect,
  toString(fact) AS fact_word, conversation_id, user_id, agent_name, provider, model_requested, model_answered, tool_name,
  tool_call_id, response_id, error_type, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
  reasoning_tokens, toString(cost_usd) AS cost, cost_source, toString(computed_cost_usd) AS computed_cost, price_version,
  price_match, duration_ms, evaluation_name, evaluation_score, evaluation_label, evaluation_explanation,
  content_slots, content_keys, content_formats, content_bodies, message_slot, toString(identity) AS id, time
FROM logs WHERE project_id = {projectId:String}
  AND response_id = {responseId:String} AND fact = 'evaluation'
  AND identity IN (
    SELECT identity FROM logs WHERE project_id = {projectId:String}
  AND response_id = {responseId:String} AND fact = 'evaluation'
    GROUP BY identity
    ORDER BY max(time) DESC, max(position) DESC, identity
    LIMIT {limit:UInt32}
  )
ORDER BY mapper_version DESC
LIMIT 1 BY identity
)
ORDER BY time DESC, position DESC, id

-- {"responseId":"resp-1","limit":201}
