SELECT toString(toUnixTimestamp64Nano(min(first_start))) AS base
FROM trace_time WHERE project_id = {projectId:String}
  AND trace_id = {traceId:String}
GROUP BY trace_id

-- {"traceId":"0af7651916cd43dd8448eb211c80319c"}
