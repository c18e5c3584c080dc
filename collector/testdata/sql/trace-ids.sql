SELECT trace_id
FROM trace_time WHERE project_id = {projectId:String}
  AND trace_id > {after:String}
GROUP BY trace_id
HAVING min(first_start) <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND max(last_start) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
ORDER BY trace_id
LIMIT {limit:UInt32}
SETTINGS optimize_aggregation_in_order = 1

-- {"from":"1","to":"2","after":"0af7651916cd43dd8448eb211c80319c","limit":1000}
