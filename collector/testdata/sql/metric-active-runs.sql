SELECT *, count() OVER () AS names
FROM (
SELECT name, groupArray(at) AS ats, groupArray(n) AS counts, sum(n) AS samples, groupArray(ended_here) AS over
FROM (
SELECT name, toInt32(at) AS at, sum(1 - is_end) AS n, sum(is_end) AS ended_here
FROM (
SELECT toString(workflow) AS name, started AS opened, if(status_word = 'running', 9223372036854775807, ended) AS closed,
  arrayJoin([0, 1]) AS is_end,
  intDiv(if(is_end = 1, closed, greatest(opened, {from:Int64})) - {origin:Int64}, {step:Int64}) AS at
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT workflow, environment, if(workflow_version != '', workflow_version, service_version) AS version_name, toString(status) AS status_word, toUnixTimestamp64Nano(start_time) AS started, toUnixTimestamp64Nano(end_time) AS ended, toUnixTimestamp64Nano(last_activity) AS heard
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC') AND lives_until >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
WHERE 1
  AND closed >= {from:Int64} AND opened < {to:Int64} AND (is_end = 0 OR closed < {to:Int64})
)
GROUP BY name, at
)
GROUP BY name
)
ORDER BY samples DESC, name
LIMIT {limit:UInt32}

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","origin":"1795000000000000000","step":"900000000000","limit":10}
