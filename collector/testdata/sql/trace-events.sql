SELECT DISTINCT span_id, toUnixTimestamp64Nano(event.1) - {base:Int64} AS time, event.2 AS name
FROM (
  SELECT span_id, arrayJoin(arrayZip(event_times, event_names)) AS event
  FROM spans WHERE project_id = {projectId:String}
    AND trace_id IN {traceIds:Array(String)}
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}) AND (SELECT max(last_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)})
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )
    AND notEmpty(event_names)
)
WHERE NOT match(event.2, '^gen_ai\\.(system|user|assistant|tool)\\.message$|^gen_ai\\.(choice|content\\.)')
ORDER BY time, span_id, name
LIMIT 5000

-- {"traceIds":["0af7651916cd43dd8448eb211c80319c"],"base":"1795000000000000000"}
