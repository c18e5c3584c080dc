SELECT slot, key, format, body
FROM content WHERE project_id = {projectId:String}
  AND conversation_id = {conversationId:String}
  AND trace_id = {traceId:String}
  AND start_time = fromUnixTimestamp64Nano({startTime:Int64}, 'UTC')
  AND span_id = {spanId:String}
  AND version = {version:UInt64}
  AND mapper_version = {mapperVersion:UInt16}
ORDER BY position
LIMIT 1 BY position
LIMIT 1000

-- {"conversationId":"","traceId":"0af7651916cd43dd8448eb211c80319c","startTime":"1795000000000000000","spanId":"b7ad6b7169203331","version":"1795000001000000000","mapperVersion":1}
