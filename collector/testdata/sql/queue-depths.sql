SELECT attributes[{queueKey:String}] AS queue,
  toInt32(intDiv(toUnixTimestamp64Nano(time) - {origin:Int64}, {step:Int64})) AS at,
  argMax(assumeNotNull(value), (time, received_at)) AS depth
FROM metric_points WHERE project_id = {projectId:String}
  AND name = {name:String}
  AND time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
  AND isNotNull(value) AND bitAnd(flags, 1) = 0 AND queue != ''
GROUP BY queue, at
ORDER BY queue, at
LIMIT 200000

-- {"from":"1795000000000000000","to":"1795086400000000000","name":"depth","queueKey":"queue","origin":"1795000000000000000","step":"900000000000"}
