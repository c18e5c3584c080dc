SELECT *, count() OVER () AS names
FROM (
SELECT name, groupArray(at) AS ats, groupArray(n) AS counts, sum(n) AS samples, groupArray(finalizeAggregation(state)) AS figures, quantilesExactMerge(0.5, 0.05, 0.01)(state) AS total
FROM (
SELECT name, toInt32(at) AS at, count() AS n, quantilesExactState(0.5, 0.05, 0.01)(-sample) AS state
FROM (
SELECT toString('') AS name, if((status_word = 'running' OR ended >= {to:Int64}), least({now:Int64}, {to:Int64} - 1), ended) AS moment,
  intDiv(moment - {origin:Int64}, {step:Int64}) AS at, if((status_word = 'running' OR ended >= {to:Int64}), greatest(least({now:Int64}, {to:Int64}) - started, 0), elapsed_ns) AS sample, 1 AS weight
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT workflow, environment, if(workflow_version != '', workflow_version, service_version) AS version_name, toString(status) AS status_word, toUnixTimestamp64Nano(start_time) AS started, toUnixTimestamp64Nano(end_time) AS ended, toUnixTimestamp64Nano(last_activity) AS heard, elapsed_ns
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') AND lives_until >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
WHERE status_word != 'suspended'
  AND moment >= {from:Int64} AND moment < {to:Int64}
)
GROUP BY name, at
)
GROUP BY name
)
ORDER BY samples DESC, name
LIMIT {limit:UInt32}

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","origin":"1795000000000000000","step":"900000000000","limit":10}
