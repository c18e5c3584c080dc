-- {"from":"1795000000000000000","to":"1795086399999999999","minute":1795000020,"traceId":"11111111111111111111111111111111","spanId":"1111111111111111","limit":5000,"kinds":["llm","embedding"]}
SELECT toUnixTimestamp(toStartOfMinute(start_time)) AS minute, trace_id, span_id,
  kind IN {kinds:Array(String)} AS is_call, concat(trace_id, span_id, ' ', toString(toUnixTimestamp(toStartOfMinute(start_time))), ' ',
    toString(version), ' ', toString(mapper_version), ' ', toString(price_edition)) AS copy
FROM spans WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time >= toDateTime({minute:UInt32}, 'UTC')
  AND (toStartOfMinute(start_time), trace_id, span_id) > (toDateTime({minute:UInt32}, 'UTC'), {traceId:String}, {spanId:String})
ORDER BY toStartOfMinute(start_time), trace_id, span_id, version DESC, mapper_version DESC, price_edition DESC
LIMIT 1 BY toStartOfMinute(start_time), trace_id, span_id
LIMIT {limit:UInt32}
