SELECT concat(toString(count()), '-', toString(groupBitXor(cityHash64(span_id, version, mapper_version, price_edition)))) AS revision
FROM (
  SELECT DISTINCT span_id, version, mapper_version, price_edition
  FROM spans WHERE project_id = {projectId:String}
    AND trace_id IN {traceIds:Array(String)}
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}) AND (SELECT max(last_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)})
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )
)

-- {"traceIds":["0af7651916cd43dd8448eb211c80319c"]}
