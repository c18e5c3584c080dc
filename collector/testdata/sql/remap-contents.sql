-- {"from":"1795000000000000000","to":"1795086400000000000","firstMinute":1795000020,"firstTraceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","firstSpanId":"bbbbbbbbbbbbbbbb","lastMinute":1795000080,"lastNano":"1795000139999999999","lastTraceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","lastSpanId":"bbbbbbbbbbbbbbbb","mapperVersion":2}
SELECT conversation_id, trace_id, span_id, toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano,
  toString(version) AS end_unix_nano, mapper_version, retention_days, slot, key, format, body
FROM content WHERE project_id = {projectId:String}
  AND mapper_version < {mapperVersion:UInt16}
  AND (conversation_id, trace_id, span_id) IN (
    SELECT conversation_id, trace_id, span_id
    FROM spans WHERE project_id = {projectId:String}
      AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
      AND start_time >= toDateTime({firstMinute:UInt32}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({lastNano:Int64}, 'UTC')
  AND (toStartOfMinute(start_time), trace_id, span_id) >= (toDateTime({firstMinute:UInt32}, 'UTC'), {firstTraceId:String}, {firstSpanId:String})
  AND (toStartOfMinute(start_time), trace_id, span_id) <= (toDateTime({lastMinute:UInt32}, 'UTC'), {lastTraceId:String}, {lastSpanId:String})
      AND mapper_version < {mapperVersion:UInt16}
  )
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
ORDER BY trace_id, span_id, start_time, version, mapper_version, conversation_id, position
LIMIT 1 BY trace_id, span_id, start_time, version, mapper_version, conversation_id, position
SETTINGS max_result_bytes = 4194304
