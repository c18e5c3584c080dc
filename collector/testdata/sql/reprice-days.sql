-- {"from":"1795000000000000000","to":"1795086399999999999","kinds":["llm","embedding"]}
SELECT toString(toDate(start_time)) AS day, toUInt32(toDate(start_time)) AS days_since_1970, count() AS row_count
FROM spans WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND kind IN {kinds:Array(String)}
GROUP BY day, days_since_1970
ORDER BY days_since_1970 DESC
