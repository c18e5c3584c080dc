SELECT kind, max(indexOf(['info', 'warning', 'critical'], severity)) AS severity_rank, count() AS finding_count,
  uniqExact(run_id) AS run_count, sum(waste_ms) AS ms, toString(sum(waste_tokens)) AS tokens,
  toString(sum(toDecimal128(waste_usd, 12))) AS usd, toString(max(heard)) AS last_seen,
  arraySlice(arraySort(pair -> (-pair.2, pair.1), arrayZip(sumMap([toString(subject)], [toInt64(1)]).1 AS subject_names,
    sumMap([toString(subject)], [toInt64(1)]).2)), 1, 8) AS subjects,
  arraySlice(arraySort(pair -> (-pair.2, pair.1), arrayZip(sumMap([toString(workflow)], [toInt64(1)]).1 AS workflow_names,
    sumMap([toString(workflow)], [toInt64(1)]).2)), 1, 8) AS workflows
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
GROUP BY kind
ORDER BY sum(toDecimal128(waste_usd, 12)) DESC NULLS LAST, ms DESC NULLS LAST, finding_count DESC, kind

-- {"from":"1795000000000000000","to":"1795086400000000000","now":"1795086400000000000"}
