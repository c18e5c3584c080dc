-- {"from":"1795000000000000000","to":"1795086399999999999","firstMinute":1795000020,"firstTraceId":"11111111111111111111111111111111","firstSpanId":"1111111111111111","lastMinute":1795000020,"lastNano":"1795000079999999999","lastTraceId":"11111111111111111111111111111111","lastSpanId":"2222222222222222","copies":["111111111111111111111111111111111111111111111111 1795000020 1795000021000000000 2 0"],"chargeKeys":["orchescope.usage.service_tier","openai.response.service_tier","gen_ai.openai.response.service_tier","gen_ai.response.service_tier","ai.response.providerMetadata","openai.request.service_tier","gen_ai.openai.request.service_tier","gen_ai.request.service_tier","llm.invocation_parameters","langfuse.observation.model.parameters","orchescope.cost.currency","gen_ai.usage.cost.currency","llm.cost.currency","operation.cost.currency","langfuse.observation.cost_details","langsmith.usage_metadata","gen_ai.usage.cache_creation.ephemeral_1h_input_tokens","gen_ai.usage.cache_creation.1h_input_tokens","gen_ai.usage.details.ephemeral_1h_input_tokens","gen_ai.usage.input_token_details","gen_ai.usage.audio.input_tokens","llm.token_count.prompt_details.audio","gen_ai.usage.audio_input_tokens","gen_ai.usage.details.input_audio_tokens","gen_ai.usage.details.audio_prompt_tokens","langfuse.observation.usage_details","gen_ai.usage.audio.cache_read.input_tokens","gen_ai.usage.details.cache_audio_read_tokens","gen_ai.usage.details.audio_cache_tokens","gen_ai.usage.audio.output_tokens","llm.token_count.completion_details.audio","gen_ai.usage.audio_output_tokens","gen_ai.usage.details.output_audio_tokens","gen_ai.usage.details.audio_candidates_tokens","gen_ai.usage.output_token_details","gen_ai.usage.image.input_tokens","gen_ai.usage.details.image_prompt_tokens","gen_ai.usage.image.cache_read.input_tokens","gen_ai.usage.details.image_cache_tokens","gen_ai.usage.image.output_tokens","gen_ai.usage.details.image_candidates_tokens","gen_ai.usage.server_tool_use.web_search_requests","gen_ai.usage.details.web_search_requests"],"toolUses":"orchescope.usage.tools."}
SELECT concat(trace_id, span_id, ' ', toString(toUnixTimestamp(toStartOfMinute(start_time))), ' ',
    toString(version), ' ', toString(mapper_version), ' ', toString(price_edition)) AS copy, trace_id, kind, provider, model_requested, model_answered,
  toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano, toString(version) AS end_unix_nano,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  toString(cost_usd) AS cost, cost_source, toString(computed_cost_usd) AS computed_cost, price_version, price_match,
  mapFilter((k, v) -> has({chargeKeys:Array(String)}, k) OR startsWith(k, {toolUses:String}), attributes) AS charge_attributes,
  mapKeys(charge_attributes) AS attribute_keys, mapValues(charge_attributes) AS attribute_values,
  mapFilter((k, v) -> has({chargeKeys:Array(String)}, k) OR startsWith(k, {toolUses:String}), attribute_types) AS charge_types,
  mapKeys(charge_types) AS attribute_type_keys, mapValues(charge_types) AS attribute_type_values
FROM spans WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time >= toDateTime({firstMinute:UInt32}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({lastNano:Int64}, 'UTC')
  AND (toStartOfMinute(start_time), trace_id, span_id) >= (toDateTime({firstMinute:UInt32}, 'UTC'), {firstTraceId:String}, {firstSpanId:String})
  AND (toStartOfMinute(start_time), trace_id, span_id) <= (toDateTime({lastMinute:UInt32}, 'UTC'), {lastTraceId:String}, {lastSpanId:String})
  AND copy IN {copies:Array(String)}
LIMIT 1 BY copy
