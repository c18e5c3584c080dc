SELECT trace_id, toString(toUnixTimestamp64Nano(began)) AS sort_text
FROM (
  SELECT trace_id, min(first_start) AS began
  FROM trace_time WHERE project_id = {projectId:String}
  GROUP BY trace_id
  HAVING began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
    AND began < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
)
ORDER BY toUnixTimestamp64Nano(began) DESC, trace_id DESC
LIMIT {limit:UInt32}

-- {"from":"1795000000000000000","to":"1795086400000000000","limit":51}
