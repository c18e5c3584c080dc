SELECT trace_id, toString(total_cost) AS sort_text
FROM (
SELECT trace_id,
  if(countIf(NOT is_bad_time) = 0, min(started), minIf(started, NOT is_bad_time)) AS began,
  if(countIf(NOT is_bad_time) = 0, max(ended), maxIf(ended, NOT is_bad_time)) AS ended_last,
  toUnixTimestamp64Nano(ended_last) - toUnixTimestamp64Nano(began) AS duration_ns,
  toInt64(count()) AS span_count,
  toInt64(countIf(is_error)) AS error_count,
  toInt64(countIf(is_llm)) AS llm_calls,
  toInt64(countIf(is_tool)) AS tool_calls,
  countIf(is_root) AS root_count,
  countIf(is_running) AS running_count,
  multiIf(
      countIf(is_root AND is_error) > 0 OR (root_count = 0 AND error_count > 0), 'error',
      countIf(is_root AND is_ok) > 0, 'ok',
      'unset') AS trace_status,
  if(countIf(is_model_call AND knows_input) = 0, -1, toInt64(sumIf(span_input, is_model_call))) AS input_tokens_or_minus,
  if(countIf(is_model_call AND knows_output) = 0, -1, toInt64(sumIf(span_output, is_model_call))) AS output_tokens_or_minus,
  if(input_tokens_or_minus < 0 AND output_tokens_or_minus < 0, -1,
      greatest(input_tokens_or_minus, 0) + greatest(output_tokens_or_minus, 0)) AS total_tokens,
  countIf(is_model_call AND knows_cost) AS priced_calls,
  if(priced_calls = 0, toDecimal128(-1, 12), sumIf(span_cost, is_model_call)) AS total_cost
FROM (
  SELECT trace_id, span_id,
    argMax(start_time, (version, mapper_version, price_edition)) AS started,
    argMax(greatest(start_time, end_time), (version, mapper_version, price_edition)) AS ended,
    argMax(parent_span_id = '', (version, mapper_version, price_edition)) AS is_root,
    argMax(bitTest(flags, 2), (version, mapper_version, price_edition)) AS is_bad_time,
    argMax(bitTest(flags, 0), (version, mapper_version, price_edition)) AS is_running,
    argMax(status = 'error', (version, mapper_version, price_edition)) AS is_error,
    argMax(status = 'ok', (version, mapper_version, price_edition)) AS is_ok,
    argMax(kind = 'llm', (version, mapper_version, price_edition)) AS is_llm,
    argMax(kind = 'tool', (version, mapper_version, price_edition)) AS is_tool,
    argMax(kind IN ('llm', 'embedding'), (version, mapper_version, price_edition)) AS is_model_call,
    argMax(isNotNull(input_tokens), (version, mapper_version, price_edition)) AS knows_input,
    argMax(isNotNull(output_tokens), (version, mapper_version, price_edition)) AS knows_output,
    argMax(isNotNull(cost_usd), (version, mapper_version, price_edition)) AS knows_cost,
    argMax(ifNull(input_tokens, 0), (version, mapper_version, price_edition)) AS span_input,
    argMax(ifNull(output_tokens, 0), (version, mapper_version, price_edition)) AS span_output,
    argMax(ifNull(cost_usd, 0), (version, mapper_version, price_edition)) AS span_cost
  FROM spans WHERE project_id = {projectId:String}
    AND trace_id IN (SELECT trace_id FROM (
  SELECT trace_id, min(first_start) AS began
  FROM trace_time WHERE project_id = {projectId:String}
  GROUP BY trace_id
  HAVING began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
    AND began < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
))
    AND (
      start_time BETWEEN (SELECT min(first_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN (SELECT trace_id FROM (
  SELECT trace_id, min(first_start) AS began
  FROM trace_time WHERE project_id = {projectId:String}
  GROUP BY trace_id
  HAVING began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
    AND began < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
))) AND (SELECT max(last_start) FROM trace_time WHERE project_id = {projectId:String} AND trace_id IN (SELECT trace_id FROM (
  SELECT trace_id, min(first_start) AS began
  FROM trace_time WHERE project_id = {projectId:String}
  GROUP BY trace_id
  HAVING began >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
    AND began < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
)))
      OR start_time < toDateTime64('1971-01-01 00:00:00', 9, 'UTC')
    )
  GROUP BY trace_id, span_id
)
GROUP BY trace_id
)
WHERE (total_cost, trace_id) > ({afterValue:Decimal(38, 12)}, {afterTraceId:String})
ORDER BY total_cost ASC, trace_id ASC
LIMIT {limit:UInt32}

-- {"afterValue":"12.5","afterTraceId":"0af7651916cd43dd8448eb211c80319c","from":"1795000000000000000","to":"1795086400000000000","limit":51}
