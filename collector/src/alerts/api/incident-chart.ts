/** The value of one group against its threshold, from before an incident until after it. */
import type { Incident, IncidentDetail } from '../../contract.ts';
import { toRunConditions } from '../../query/run-filter.ts';
import { readRuleValues, type RuleValue } from '../../store/read-rule-values.ts';
import { readSliding } from '../../store/read-sliding.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { KnownRule } from '../alert-settings.ts';
import { sourceOf } from '../settings/metric-facts.ts';
import { toMs } from '../timed-rule.ts';
import { readThresholds } from './incident-thresholds.ts';

type IncidentChart = IncidentDetail['chart'];

/** Each is the end of a window. */
export type ChartTimes = {
  readonly firstEndMs: number;
  readonly stepMs: number;
  readonly timesMs: readonly number[];
};

/** About as many as a chart of usual width shows apart. */
const mostPoints = 240;
const mostGroups = 100;
const hourMs = 3_600_000;
/** Of a rule that is gone. */
const usualIntervalMs = 60_000;

/** Measured again where there are runs to measure; otherwise as it was stored. */
export async function readIncidentChart(
  reader: Reader,
  projectId: string,
  incident: Incident,
  known: KnownRule | undefined,
): Promise<IncidentChart> {
  const rule = known?.rule;
  const windowMs = rule === undefined ? 0 : toMs(rule.window);
  const intervalMs = rule === undefined ? usualIntervalMs : toMs(rule.interval);
  const times = toTimes(incident, windowMs, intervalMs);
  const stored = await readStored(reader, projectId, incident, known?.hash ?? '', times);
  if (known === undefined || known.rule.metric !== incident.metric) {
    const why = known === undefined ? 'The rule is gone.' : 'The rule measures another number now.';
    return toStoredChart(incident, times, stored, [why]);
  }
  if (sourceOf(incident.metric) === null) return toStoredChart(incident, times, stored, []);
  const value = await readValues(reader, projectId, incident, known, times);
  const against = await readThresholds(reader, { projectId, incident, known, times, stored });
  return { timesMs: [...times.timesMs], value, ...against };
}

function toTimes(
  { startedAtMs, endedAtMs }: Incident,
  windowMs: number,
  intervalMs: number,
): ChartTimes {
  const nowMs = Date.now();
  const endMs = endedAtMs ?? nowMs;
  const marginMs = Math.max(hourMs, 2 * windowMs, (endMs - startedAtMs) / 4);
  const [fromMs, untilMs] = [startedAtMs - marginMs, Math.min(nowMs, endMs + marginMs)];
  const strides = Math.max(1, Math.ceil((untilMs - fromMs) / intervalMs / mostPoints));
  const stepMs = intervalMs * strides;
  const firstEndMs = Math.ceil(fromMs / stepMs) * stepMs;
  const length = Math.max(1, Math.floor((untilMs - firstEndMs) / stepMs) + 1);
  const timesMs = Array.from({ length }, (_, place) => firstEndMs + place * stepMs);
  return { firstEndMs, stepMs, timesMs };
}

/** One entry a time: what was found of the group then; null where it was not the worst. */
async function readStored(
  reader: Reader,
  projectId: string,
  { ruleId, group }: Incident,
  hash: string,
  { firstEndMs, stepMs, timesMs }: ChartTimes,
): Promise<(RuleValue | null)[]> {
  const untilMs = firstEndMs + timesMs.length * stepMs;
  const ask = { ruleId, hash, fromMs: firstEndMs, toMs: untilMs, stepMs };
  const rows = await readRuleValues(reader, projectId, ask);
  const byTime = new Map(rows.map((row) => [Math.floor(row.atMs / stepMs) * stepMs, row]));
  return timesMs.map((atMs) => {
    const row = byTime.get(atMs);
    return row === undefined || row.group !== group ? null : row;
  });
}

function toStoredChart(
  { group }: Incident,
  { timesMs }: ChartTimes,
  stored: readonly (RuleValue | null)[],
  why: readonly string[],
): IncidentChart {
  const found = stored.some((row) => row !== null);
  const sentence =
    group === ''
      ? 'Shown is what was stored.'
      : 'Shown is what was stored: the evaluations in which this group was the worst.';
  return {
    timesMs: found ? [...timesMs] : [],
    value: found ? stored.map((row) => row?.value ?? null) : [],
    threshold: found ? stored.map((row) => row?.threshold ?? null) : [],
    lower: [],
    notes: why.length > 0 && found ? [[...why, sentence].join(' ')] : [],
  };
}

async function readValues(
  reader: Reader,
  projectId: string,
  { metric, direction, group }: Incident,
  { rule }: KnownRule,
  { firstEndMs, stepMs, timesMs }: ChartTimes,
): Promise<(number | null)[]> {
  const source = sourceOf(metric);
  if (source === null) throw new Error(`${metric} is of no runs`);
  const { groups } = await readSliding(reader, projectId, {
    source,
    conditions: toRunConditions(rule.filter),
    nowUnixNano: toNano(timesMs.at(-1) ?? firstEndMs),
    groupBy: rule.by,
    aggregation: rule.aggregation,
    direction: direction === 'below' ? 'below' : 'above',
    minSamples: rule.minSamples,
    limit: mostGroups,
    firstEndUnixNano: toNano(firstEndMs),
    stepNs: toNano(stepMs),
    windowNs: toNano(toMs(rule.window)),
    count: timesMs.length,
  });
  const found = groups.find((one) => one.group === group);
  return found?.value ?? timesMs.map(() => null);
}

function toNano(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
