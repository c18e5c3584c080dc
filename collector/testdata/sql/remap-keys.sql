-- {"from":"1795000000000000000","to":"1795086400000000000","minute":1795000020,"traceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","spanId":"bbbbbbbbbbbbbbbb","limit":5000}
SELECT toUnixTimestamp(toStartOfMinute(start_time)) AS minute, trace_id, span_id, mapper_version
FROM spans WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND start_time >= toDateTime({minute:UInt32}, 'UTC')
  AND (toStartOfMinute(start_time), trace_id, span_id) > (toDateTime({minute:UInt32}, 'UTC'), {traceId:String}, {spanId:String})
ORDER BY toStartOfMinute(start_time), trace_id, span_id, version DESC, mapper_version DESC, price_edition DESC
LIMIT 1 BY toStartOfMinute(start_time), trace_id, span_id
LIMIT {limit:UInt32}
