SELECT run_id, toString(workflow) AS workflow_name, root_trace_id, status_word, toString(started) AS start_text, kind, variant,
  severity, subject, waste_ms, toString(waste_tokens) AS tokens, toString(waste_usd) AS usd,
  toInt64(position) AS position, ifNull(toDecimal128(waste_usd, 12), toDecimal128(-1, 12)) AS sort_value, toString(sort_value) AS sort_text
FROM (
WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens
SELECT run_id, workflow, root_trace_id, toString(status) AS status_word,
  toUnixTimestamp64Nano(start_time) AS started, toUnixTimestamp64Nano(last_activity) AS heard, finding_kinds,
  finding_variants, finding_severities, finding_subjects, finding_waste_ms, finding_waste_tokens, finding_waste_usd
FROM runs FINAL WHERE project_id = {projectId:String}
  AND start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND start_time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
SETTINGS do_not_merge_across_partitions_select_final = 1
)
ARRAY JOIN finding_kinds AS kind, finding_variants AS variant, finding_severities AS severity,
  finding_subjects AS subject, finding_waste_ms AS waste_ms, finding_waste_tokens AS waste_tokens,
  finding_waste_usd AS waste_usd, arrayEnumerate(finding_kinds) AS position
WHERE kind = {kind:String}
  AND subject = {subject:String}
  AND (sort_value, run_id, -position) < ({afterValue:Decimal(38, 12)}, {afterRunId:String}, -{afterPosition:Int64})
ORDER BY sort_value DESC, run_id DESC, -position DESC
LIMIT {limit:UInt32}

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000","limit":51,"kind":"loop","subject":"planner","afterValue":"0.5","afterRunId":"run-1","afterPosition":2}
