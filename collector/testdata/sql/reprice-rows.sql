-- {"from":"1795000000000000000","to":"1795086399999999999","firstMinute":1795000020,"firstTraceId":"11111111111111111111111111111111","firstSpanId":"1111111111111111","lastMinute":1795000020,"lastNano":"1795000079999999999","lastTraceId":"11111111111111111111111111111111","lastSpanId":"2222222222222222","edition":1795090000,"copies":["111111111111111111111111111111111111111111111111 1795000020 1795000021000000000 2 0"],"costs":["0.25"],"sources":["computed"],"computedCosts":["0.25"],"versions":["project prices 0123456789ab"],"matches":["exact"]}
INSERT INTO spans
WITH indexOf({copies:Array(String)}, concat(trace_id, span_id, ' ', toString(toUnixTimestamp(toStartOfMinute(start_time))), ' ',
    toString(version), ' ', toString(mapper_version), ' ', toString(price_edition))) AS place
SELECT * REPLACE (
  {edition:UInt32} AS price_edition,
  toDecimal64OrNull({costs:Array(String)}[place], 12) AS cost_usd,
  {sources:Array(String)}[place] AS cost_source,
  toDecimal64OrNull({computedCosts:Array(String)}[place], 12) AS computed_cost_usd,
  {versions:Array(String)}[place] AS price_version,
  {matches:Array(String)}[place] AS price_match
)
FROM (
  SELECT *
  FROM spans WHERE project_id = {projectId:String}
    AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
    AND start_time >= toDateTime({firstMinute:UInt32}, 'UTC')
  AND start_time <= fromUnixTimestamp64Nano({lastNano:Int64}, 'UTC')
  AND (toStartOfMinute(start_time), trace_id, span_id) >= (toDateTime({firstMinute:UInt32}, 'UTC'), {firstTraceId:String}, {firstSpanId:String})
  AND (toStartOfMinute(start_time), trace_id, span_id) <= (toDateTime({lastMinute:UInt32}, 'UTC'), {lastTraceId:String}, {lastSpanId:String})
    AND concat(trace_id, span_id, ' ', toString(toUnixTimestamp(toStartOfMinute(start_time))), ' ',
    toString(version), ' ', toString(mapper_version), ' ', toString(price_edition)) IN {copies:Array(String)}
  LIMIT 1 BY concat(trace_id, span_id, ' ', toString(toUnixTimestamp(toStartOfMinute(start_time))), ' ',
    toString(version), ' ', toString(mapper_version), ' ', toString(price_edition))
)
