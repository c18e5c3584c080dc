SELECT
  toFixedString(span_id, 16) AS c0,
  toFixedString(parent_span_id, 16) AS c1,
  CAST(name, 'String') AS c2,
  toUInt8(greatest(0, toInt16(indexOf({kinds:Array(String)}, kind)) - 1)) AS c3,
  CAST(agent_name, 'String') AS c4,
  CAST(if(model_answered != '', model_answered, model_requested), 'String') AS c5,
  CAST(service_name, 'String') AS c6,
  CAST(error_type, 'String') AS c7,
  toFloat64(toUnixTimestamp64Nano(start_time) - {base:Int64}) AS c8,
  toFloat64(if(version = 0, -1,
    greatest(0, toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)))) AS c9,
  toInt8(status) AS c10,
  toFloat64(if(kind IN ('llm', 'embedding'), ifNull(input_tokens, -1), -1)) AS c11,
  toFloat64(if(kind IN ('llm', 'embedding'), ifNull(output_tokens, -1), -1)) AS c12,
  if(kind IN ('llm', 'embedding'), ifNull(cost_usd, toDecimal64(-999999, 12)), toDecimal64(-999999, 12)) AS c13,
  attempt AS c14,
  loop_iteration AS c15,
  flags AS c16,
  cityHash64(span_id, version, mapper_version, price_edition) AS c17
FROM spans WHERE project_id = {projectId:String}
    AND trace_id IN {traceIds:Array(String)}
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)}) AND (SELECT max(last_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN {traceIds:Array(String)})
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )
ORDER BY start_time, span_id, version, mapper_version, price_edition

-- {"traceIds":["0af7651916cd43dd8448eb211c80319c"],"base":"1795000000000000000","kinds":["other","workflow","agent","turn","step","llm","embedding","tool","mcp","retrieval","rerank","memory","plan","route","handoff","guardrail","evaluation","approval","queue","checkpoint"]}
