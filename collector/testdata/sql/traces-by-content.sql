SELECT trace_id, toString(toUnixTimestamp64Nano(began)) AS sort_text
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
  if(priced_calls = 0, toDecimal128(-1, 12), sumIf(span_cost, is_model_call)) AS total_cost,
  countIf(match_0) AS matched_0,
  countIf(match_1) AS matched_1
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
    argMax(ifNull(cost_usd, 0), (version, mapper_version, price_edition)) AS span_cost,
    argMax((trace_id, span_id) IN (
      SELECT trace_id, span_id FROM content WHERE project_id = {projectId:String}
        AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
        AND (hasTokenCaseInsensitive(body, {f00:String}) OR hasTokenCaseInsensitive(body, {f0n0:String}) OR hasTokenCaseInsensitive(body, {f0r0:String}) OR hasTokenCaseInsensitive(body, {f0t0:String})) AND (hasTokenCaseInsensitive(body, {f01:String}) OR hasTokenCaseInsensitive(body, {f0n1:String}) OR hasTokenCaseInsensitive(body, {f0r1:String}) OR hasTokenCaseInsensitive(body, {f0t1:String})) AND match(body, {f0Pattern:String})), (version, mapper_version, price_edition)) AS match_0,
    argMax((trace_id, span_id) IN (
      SELECT trace_id, span_id FROM content WHERE project_id = {projectId:String}
        AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
        AND (hasTokenCaseInsensitive(body, {f10:String}) OR hasTokenCaseInsensitive(body, {f1n0:String}) OR hasTokenCaseInsensitive(body, {f1r0:String}) OR hasTokenCaseInsensitive(body, {f1t0:String})) AND match(body, {f1Pattern:String})), (version, mapper_version, price_edition)) AS match_1
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
WHERE matched_0 > 0
  AND matched_1 = 0
ORDER BY toUnixTimestamp64Nano(began) DESC, trace_id DESC
LIMIT {limit:UInt32}

-- {"f0Pattern":"(?is)(?:^|[^0-9A-Za-z]|\\\\[nrt])(refund(?:\\\\[nrt]|[^0-9A-Za-z])+of(?:\\\\[nrt]|[^0-9A-Za-z])+Z(?:ü|\\\\u00fc)rich)(?:[^0-9A-Za-z]|$)","f00":"refund","f0n0":"nrefund","f0r0":"rrefund","f0t0":"trefund","f01":"of","f0n1":"nof","f0r1":"rof","f0t1":"tof","f1Pattern":"(?is)(?:^|[^0-9A-Za-z]|\\\\[nrt])(secret)(?:[^0-9A-Za-z]|$)","f10":"secret","f1n0":"nsecret","f1r0":"rsecret","f1t0":"tsecret","from":"1795000000000000000","to":"1795086400000000000","limit":51}
