SELECT *, count() OVER () AS names
FROM (
SELECT name, groupArray(at) AS ats, groupArray(n) AS counts, sum(n) AS samples, groupArray(toFloat64(value) / toFloat64(weight)) AS figures,
  toFloat64(sum(value)) / toFloat64(sum(weight)) AS total
FROM (
SELECT name, toInt32(at) AS at, count() AS n, sum(sample) AS value, sum(weight) AS weight
FROM (
SELECT toString(concat(from_agent, ' -> ', to_agent)) AS name, toUnixTimestamp64Nano(handed) AS moment,
  intDiv(moment - {origin:Int64}, {step:Int64}) AS at, outcome = 'accepted' AS sample, 1 AS weight
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT workflow, environment, if(workflow_version != '', workflow_version, service_version) AS version_name, toString(status) AS status_word, toUnixTimestamp64Nano(start_time) AS started, toUnixTimestamp64Nano(end_time) AS ended, toUnixTimestamp64Nano(last_activity) AS heard, handoff_froms, handoff_tos, handoff_times, handoff_outcomes
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') AND lives_until >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND (lowerUTF8(workflow) = {f0:String})
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ARRAY JOIN handoff_froms AS from_agent, handoff_tos AS to_agent, handoff_times AS handed, handoff_outcomes AS outcome
WHERE outcome != 'pending'
  AND moment >= {from:Int64} AND moment < {to:Int64}
)
GROUP BY name, at
)
GROUP BY name
)
ORDER BY samples DESC, name
LIMIT {limit:UInt32}

-- {"f0":"refund","from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","origin":"1795000000000000000","step":"900000000000","limit":10}
