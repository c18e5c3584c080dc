/** The value of one group against its threshold, from before an incident until after it. */
import type { Incident, IncidentDetail } from '../../contract.ts';
import { toRunConditions } from '../../query/run-filter.ts';
import { readSliding } from '../../store/read-sliding.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { KnownRule } from '../alert-settings.ts';
import { sourceOf } from '../settings/metric-facts.ts';
import { toMs } from '../timed-rule.ts';

type Chart = IncidentDetail['chart'];

const emptyChart: Chart = { timesMs: [], value: [], threshold: [] };

/** About as many as a chart of usual width shows apart. */
const mostPoints = 240;
const mostGroups = 100;
const hourMs = 3_600_000;

/** Empty of what is of no runs, and when the rule measures something else by now. */
export async function readIncidentChart(
  reader: Reader,
  projectId: string,
  incident: Incident,
  known: KnownRule | undefined,
): Promise<Chart> {
  const source = sourceOf(incident.metric);
  if (known === undefined || source === null || known.rule.metric !== incident.metric) {
    return emptyChart;
  }
  const { rule } = known;
  const { firstEndMs, stepMs, count } = toTimes(incident, toMs(rule.window), toMs(rule.interval));
  const lastEndMs = firstEndMs + (count - 1) * stepMs;
  const { timesMs, groups } = await readSliding(reader, projectId, {
    source,
    conditions: toRunConditions(rule.filter),
    nowUnixNano: toNano(lastEndMs),
    groupBy: rule.by,
    aggregation: rule.aggregation,
    direction: incident.direction === 'below' ? 'below' : 'above',
    minSamples: rule.minSamples,
    limit: mostGroups,
    firstEndUnixNano: toNano(firstEndMs),
    stepNs: toNano(stepMs),
    windowNs: toNano(toMs(rule.window)),
    count,
  });
  const found = groups.find(({ group }) => group === incident.group);
  const value = found?.value ?? timesMs.map(() => null);
  return { timesMs, value, threshold: timesMs.map(() => incident.threshold) };
}

function toTimes(
  { startedAtMs, endedAtMs }: Incident,
  windowMs: number,
  intervalMs: number,
): { readonly firstEndMs: number; readonly stepMs: number; readonly count: number } {
  const nowMs = Date.now();
  const endMs = endedAtMs ?? nowMs;
  const marginMs = Math.max(hourMs, 2 * windowMs, (endMs - startedAtMs) / 4);
  const [fromMs, toMs] = [startedAtMs - marginMs, Math.min(nowMs, endMs + marginMs)];
  const stepMs = intervalMs * Math.max(1, Math.ceil((toMs - fromMs) / intervalMs / mostPoints));
  const firstEndMs = Math.ceil(fromMs / stepMs) * stepMs;
  return { firstEndMs, stepMs, count: Math.max(1, Math.floor((toMs - firstEndMs) / stepMs) + 1) };
}

function toNano(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
