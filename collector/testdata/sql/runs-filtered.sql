SELECT *, toString(sort_value) AS sort_text
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT run_id, workflow, workflow_version, root_name, root_trace_id, root_span_id,
  toString(status) AS status_word, status_reason, error_type, pattern,
  toString(toUnixTimestamp64Nano(start_time)) AS started, toString(toUnixTimestamp64Nano(end_time)) AS ended,
  toString(toUnixTimestamp64Nano(last_activity)) AS heard, toString(elapsed_ns) AS elapsed,
  toString(active_ns) AS active, toString(waiting_ns) AS waiting,
  length(trace_ids) AS trace_count, services, environment, agents, models, conversation_id, user_id, tags,
  span_count, error_count, tool_call_count, retry_count,
  length(model_call_models) AS model_call_count, length(handoff_tos) AS handoff_count,
  input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, total_tokens,
  toString(cost_usd) AS cost, unpriced_call_count, finding_kinds, finding_severities,
  toUnixTimestamp64Nano(start_time) AS sort_value
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND (arrayExists(one -> lowerUTF8(one) LIKE {f0:String}, agents))
  AND (toString(status) = {f1:String})
  AND (ifNull(cost_usd > {f2:Decimal(38, 12)}, 0))
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ORDER BY sort_value DESC, run_id DESC
LIMIT {limit:UInt32}

-- {"f0":"plan%","f1":"failed","f2":"0.1","from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","limit":51}
