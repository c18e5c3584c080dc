SELECT *, count() OVER () AS names
FROM (
SELECT name, groupArray(at) AS ats, groupArray(n) AS counts, sum(n) AS samples, groupArray(toFloat64(value)) AS figures, toFloat64(sum(value)) AS total
FROM (
SELECT name, toInt32(at) AS at, count() AS n, sum(sample) AS value
FROM (
SELECT toString(model) AS name, toUnixTimestamp64Nano(call_start) AS moment,
  intDiv(moment - {origin:Int64}, {step:Int64}) AS at, toDecimal128(assumeNotNull(call_cost), 12) AS sample, 1 AS weight
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT workflow, environment, if(workflow_version != '', workflow_version, service_version) AS version_name, toString(status) AS status_word, toUnixTimestamp64Nano(start_time) AS started, toUnixTimestamp64Nano(end_time) AS ended, toUnixTimestamp64Nano(last_activity) AS heard, model_call_models, model_call_agents, model_call_starts, model_call_durations, model_call_failed, model_call_first_tokens, model_call_input_tokens, model_call_cache_read_tokens, model_call_cache_write_tokens, model_call_output_tokens, model_call_reasoning_tokens, model_call_costs
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') AND lives_until >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ARRAY JOIN model_call_models AS model, model_call_agents AS agent, model_call_starts AS call_start, model_call_durations AS lasted, model_call_failed AS failed, model_call_first_tokens AS first_token, model_call_input_tokens AS fresh, model_call_cache_read_tokens AS cache_read, model_call_cache_write_tokens AS cache_write, model_call_output_tokens AS output, model_call_reasoning_tokens AS reasoning, model_call_costs AS call_cost
WHERE isNotNull(call_cost)
  AND moment >= {from:Int64} AND moment < {to:Int64}
)
GROUP BY name, at
)
GROUP BY name
)
ORDER BY samples DESC, name
LIMIT {limit:UInt32}

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","origin":"1795000000000000000","step":"900000000000","limit":10}
