SELECT breaker, countIf(state = 'open') AS opens,
  arraySlice(arraySort(groupArray((moment, toString(state), run_id, span_id))), -500) AS transitions
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT run_id, breaker_names, breaker_states, breaker_times, breaker_span_ids
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') AND lives_until >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ARRAY JOIN breaker_names AS breaker, breaker_states AS state, breaker_times AS changed, breaker_span_ids AS span_id
WHERE (toUnixTimestamp64Nano(changed) AS moment) >= {from:Int64} AND moment < {to:Int64}
GROUP BY breaker
ORDER BY opens DESC, breaker
LIMIT 200

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000"}
