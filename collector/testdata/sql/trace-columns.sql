SELECT
  span_id AS c0,
  parent_span_id AS c1,
  name AS c2,
  greatest(0, toInt16(indexOf({kinds:Array(String)}, kind)) - 1) AS c3,
  agent_name AS c4,
  if(model_answered != '', model_answered, model_requested) AS c5,
  service_name AS c6,
  error_type AS c7,
  toUnixTimestamp64Nano(start_time) - {base:Int64} AS c8,
  if(version = 0, -1,
    greatest(0, toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time))) AS c9,
  toInt8(status) AS c10,
  if(kind IN ('llm', 'embedding'), toInt64(ifNull(input_tokens, -1)), -1) AS c11,
  if(kind IN ('llm', 'embedding'), toInt64(ifNull(output_tokens, -1)), -1) AS c12,
  if(kind IN ('llm', 'embedding'), ifNull(toString(cost_usd), ''), '') AS c13,
  attempt AS c14,
  loop_iteration AS c15,
  flags AS c16
FROM spans WHERE project_id = {projectId:String}
    AND trace_id IN {traceIds:Array(String)}
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}) AND (SELECT max(last_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)})
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )
ORDER BY start_time, span_id

-- {"traceIds":["0af7651916cd43dd8448eb211c80319c"],"base":"1795000000000000000","kinds":["other","workflow","agent","turn","step","llm","embedding","tool","mcp","retrieval","rerank","memory","plan","route","handoff","guardrail","evaluation","approval","queue","checkpoint"]}
