SELECT queue, sum(taken) AS total, groupArray((at, taken, failed_here, with_wait, waits)) AS windows
FROM (
SELECT toString(name) AS queue, toInt32(intDiv(moment - {origin:Int64}, {step:Int64})) AS at, count() AS taken,
  sum(failed) AS failed_here, countIf(isNotNull(wait)) AS with_wait,
  arrayMap(rank -> -rank, quantilesExactIf(0.5, 0.05)(-toInt64(ifNull(wait, 0)), isNotNull(wait))) AS waits
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT queue_names, queue_times, queue_waits, queue_failed
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') AND lives_until >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ARRAY JOIN queue_names AS name, queue_times AS taken_at, queue_waits AS wait, queue_failed AS failed
WHERE (toUnixTimestamp64Nano(taken_at) AS moment) >= {from:Int64} AND moment < {to:Int64}
GROUP BY queue, at
)
GROUP BY queue
ORDER BY total DESC, queue
LIMIT 200

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","origin":"1795000000000000000","step":"900000000000"}
