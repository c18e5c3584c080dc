SELECT DISTINCT span_id, link.2 AS linked_span_id, link.3 AS rel
FROM (
  SELECT span_id, arrayJoin(arrayZip(link_trace_ids, link_span_ids, link_rels)) AS link
  FROM spans WHERE project_id = {projectId:String}
    AND trace_id IN {traceIds:Array(String)}
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}) AND (SELECT max(last_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)})
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )
    AND notEmpty(link_trace_ids)
)
WHERE link.1 = {traceId:String}
ORDER BY span_id, linked_span_id, rel
LIMIT 50000

-- {"traceIds":["0af7651916cd43dd8448eb211c80319c"],"traceId":"0af7651916cd43dd8448eb211c80319c"}
