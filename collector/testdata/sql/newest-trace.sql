SELECT toString(max(toUnixTimestamp64Nano(began))) AS newest
FROM (SELECT min(first_start) AS began FROM trace_time WHERE project_id = {projectId:String} GROUP BY trace_id)

-- {}
