SELECT count() AS traces
FROM (SELECT trace_id FROM trace_time WHERE project_id = {projectId:String} GROUP BY trace_id HAVING min(first_start) <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND max(last_start) >= fromUnixTimestamp64Nano({from:Int64}, 'UTC'))

-- {"from":"1","to":"2"}
