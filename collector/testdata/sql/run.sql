SELECT * FROM (
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
  toString(version) AS version_ms, analysis_version, pattern_reason, trace_ids, left_out_span_count, failed_detectors,
  agent_call_agents, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), agent_call_starts) AS agent_call_times,
  arrayMap(d -> toString(d), agent_call_durations) AS agent_call_lasted, agent_call_failed, agent_call_traces, agent_call_span_ids,
  handoff_froms, handoff_tos, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), handoff_times) AS handoff_moments,
  handoff_outcomes, handoff_latencies, handoff_context_tokens, handoff_traces, handoff_span_ids,
  breaker_names, breaker_states, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), breaker_times) AS breaker_moments,
  breaker_traces, breaker_span_ids,
  queue_names, arrayMap(t -> toString(toUnixTimestamp64Nano(t)), queue_times) AS queue_moments, queue_waits,
  queue_failed, queue_traces, queue_span_ids,
  critical_kinds, critical_agents, critical_durations, arrayMap(c -> toString(c), critical_costs) AS critical_paid,
  toString(critical_cost_usd) AS critical_cost, slack,
  toString(ifNull(cost_usd, 0) - critical_cost_usd) AS off_path_cost,
  finding_variants, finding_subjects, finding_waste_ms, finding_waste_tokens,
  arrayMap(c -> toString(c), finding_waste_usd) AS finding_waste_paid, finding_details
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ORDER BY started DESC, run_id
LIMIT 20

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000"}
