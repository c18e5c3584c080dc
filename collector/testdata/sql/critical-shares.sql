SELECT kind, agent, sum(lasted / 1e6) AS ms, sumIf(lasted / 1e6, elapsed_ns >= {slow:Int64}) AS slow_ms,
  toString(sum(toDecimal128(paid, 12))) AS cost
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT elapsed_ns, toString(status) AS status_word, critical_kinds, critical_agents, critical_durations, critical_costs
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ARRAY JOIN critical_kinds AS kind, critical_agents AS agent, critical_durations AS lasted, critical_costs AS paid
WHERE status_word != 'running'
GROUP BY kind, agent
ORDER BY ms DESC, kind, agent
LIMIT 500

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","slow":"1000"}
