SELECT source, target, count() AS handoffs, countIf(outcome = 'accepted') AS accepted,
  countIf(outcome = 'refused') AS refused, countIf(outcome = 'failed') AS failed, countIf(outcome = 'pending') AS pending,
  countIf(isNotNull(latency)) AS with_latency, arrayMap(rank -> -rank, quantilesExactIf(0.5, 0.05)(-toInt64(ifNull(latency, 0)), isNotNull(latency))) AS latencies,
  countIf(isNotNull(context)) AS with_context, arrayMap(rank -> -rank, quantilesExactIf(0.5, 0.05)(-toInt64(ifNull(context, 0)), isNotNull(context))) AS contexts,
  argMax(run_id, (outcome IN ('refused', 'failed'), moment, run_id)) AS example
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT run_id, handoff_froms, handoff_tos, handoff_times, handoff_outcomes, handoff_latencies,
  handoff_context_tokens
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') AND lives_until >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ARRAY JOIN handoff_froms AS source, handoff_tos AS target, handoff_times AS handed, handoff_outcomes AS outcome,
  handoff_latencies AS latency, handoff_context_tokens AS context
WHERE (toUnixTimestamp64Nano(handed) AS moment) >= {from:Int64} AND moment < {to:Int64}
GROUP BY source, target
ORDER BY handoffs DESC, source, target
LIMIT 1000

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000"}
