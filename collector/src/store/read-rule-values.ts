/** What evaluations of a rule found, as it was stored then: the value of the worst group, and what it was held against. */
import { fromProject, readColumns, type Reader } from './read-rows.ts';

type RuleValuesAsk = {
  readonly ruleId: string;
  /** Of the rule as somebody knows it. */
  readonly hash: string;
  /** Of evaluations; the end is not included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** At most one of each so many milliseconds, the first. */
  readonly stepMs: number;
};

export type RuleValue = {
  readonly atMs: number;
  /** The rule was the one that was asked for. */
  readonly isSame: boolean;
  readonly group: string;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly samples: number;
};

/** Oldest first; without those that failed. */
export async function readRuleValues(
  reader: Reader,
  projectId: string,
  { ruleId, hash, ...times }: RuleValuesAsk,
): Promise<RuleValue[]> {
  const params = {
    ruleId,
    hash,
    fromMs: Math.max(0, Math.floor(times.fromMs)),
    toMs: Math.max(0, Math.ceil(times.toMs)),
    stepMs: Math.max(1, Math.floor(times.stepMs)),
  };
  const columns = await readColumns(reader, projectId, { sql, params });
  const [at = [], same = [], groups = [], values = [], thresholds = [], samples = []] = columns;
  return at.map((atMs, row) => ({
    atMs: Number(atMs),
    isSame: Number(same[row]) === 1,
    group: String(groups[row]),
    value: toNumber(values[row]),
    threshold: toNumber(thresholds[row]),
    samples: Number(samples[row]),
  }));
}

const sql = `SELECT toUnixTimestamp64Milli(eval_at) AS at, rule_hash = {hash:String} AS same, worst_group, worst_value, threshold, samples
FROM ${fromProject('alert_log')}
  AND rule_id = {ruleId:String} AND error = ''
  AND eval_at >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND eval_at < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')
ORDER BY at, term DESC
LIMIT 1 BY intDiv(at, {stepMs:Int64})`;

function toNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
