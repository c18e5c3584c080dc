/** What `cost_user_days` has of a day, as statements that make it. Pure text. */
import { fromEveryCall, isPerCall, type CallsAsk } from './call-rows.ts';
import { callSums, runSums, summedColumns, sumNames } from './call-sums.ts';

/** What is told apart beside user and environment. */
const splits = ['run', 'agent', 'model', 'provider', 'tool'] as const;

const runNames = ['runs', 'successful_runs', 'handoffs'] as const;

/** @param condition on runs: those of one day */
export function toUserInserts(condition: string): string[] {
  return splits.map((split) => toInsert(split, condition));
}

/** Of a model and provider first, since prices go by them. */
function toInsert(split: (typeof splits)[number], condition: string): string {
  const ofRun = split === 'run' ? (['workflow', 'version_name'] as const) : [];
  const keys = [
    'project_id',
    'call_day',
    'user_id',
    'environment',
    ...ofRun,
    ...(split === 'run' ? [] : [split]),
  ];
  const ask: CallsAsk = {
    calls: [
      ...new Set([
        ...summedColumns,
        ...(isPerCall(split) ? [split] : []),
        'provider',
        'model',
      ] as const),
    ],
    runs: ['project_id', 'user_id', 'environment', ...ofRun, 'succeeded', 'handoff_count'],
    nth: { nth: isPerCall(split) ? [split] : [], nth_of_all: [] },
  };
  const ofModel = [
    ...sumNames.map((name) => `${callSums[name]} AS sum_${name}`),
    ...runNames.map((name) => `${runSums[name]('nth')} AS sum_${name}`),
    ...runNames.map((name) => `${runSums[name]('nth_of_all')} AS sum_all_${name}`),
    'sum_cached_read + sum_cached_written + sum_uncached > 0 AS is_use',
    "concat(toString(provider), '\\n', toString(model)) AS use",
  ];
  const sums = [...sumNames, ...runNames, ...runNames.map((name) => `all_${name}` as const)];
  const uses = {
    use_models: 'groupArrayIf(use, is_use)',
    use_reads: 'groupArrayIf(sum_cached_read, is_use)',
    use_writes: 'groupArrayIf(sum_cached_written, is_use)',
    use_uncached: 'groupArrayIf(sum_uncached, is_use)',
  };
  // Others are told by the place of their column.
  const inner = keys.map(
    (key, at) => `${key === 'call_day' ? 'toDate(call_start)' : key} AS k${at}`,
  );
  const group = keys.map((_, at) => `k${at}`).join(', ');
  return `INSERT INTO cost_user_days (start_day, made, split, ${[...keys, ...sums, ...Object.keys(uses)].join(', ')})
SELECT {day:Date} AS start, {made:UInt64} AS making, '${split}' AS kind, ${group},
  ${[...sums.map((name) => `sum(sum_${name})`), ...Object.values(uses)].join(',\n  ')}
FROM (
SELECT ${[...inner, 'provider', 'model', ...ofModel].join(',\n  ')}
FROM ${fromEveryCall(condition, ask)}
GROUP BY ${group}, provider, model
)
GROUP BY ${group}`;
}
