SELECT trace_id, span_id, slot, toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano,
  extract(body, {textPattern:String}) AS match,
  position(body, match) AS at,
  substring(body, greatest(1, at - 120), least(120, at - 1)) AS before,
  substring(body, at + length(match), 120) AS after
FROM content WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND (start_time, trace_id, span_id) < (fromUnixTimestamp64Nano({afterStart:Int64}, 'UTC'), {afterTraceId:String}, {afterSpanId:String})
  AND (hasTokenCaseInsensitive(body, {text0:String}) OR hasTokenCaseInsensitive(body, {textn0:String}) OR hasTokenCaseInsensitive(body, {textr0:String}) OR hasTokenCaseInsensitive(body, {textt0:String})) AND (hasTokenCaseInsensitive(body, {text1:String}) OR hasTokenCaseInsensitive(body, {textn1:String}) OR hasTokenCaseInsensitive(body, {textr1:String}) OR hasTokenCaseInsensitive(body, {textt1:String})) AND match(body, {textPattern:String})
ORDER BY start_time DESC, trace_id DESC, span_id DESC, version DESC, mapper_version DESC, position
LIMIT 1 BY trace_id, span_id
LIMIT {limit:UInt32}

-- {"textPattern":"(?is)(?:^|[^0-9A-Za-z]|\\\\[nrt])(Refund(?:\\\\[nrt]|[^0-9A-Za-z])+policy)(?:[^0-9A-Za-z]|$)","text0":"refund","textn0":"nrefund","textr0":"rrefund","textt0":"trefund","text1":"policy","textn1":"npolicy","textr1":"rpolicy","textt1":"tpolicy","from":"1795000000000000000","to":"1795086400000000000","limit":21,"afterStart":"1795000000000000000","afterTraceId":"0af7651916cd43dd8448eb211c80319c","afterSpanId":"b7ad6b7169203331"}
