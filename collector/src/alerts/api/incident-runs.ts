/** Runs that show what an incident is about, and what they have that others have not: of the time it began. */
import type { AlertRule, Incident, IncidentDetail } from '../../contract.ts';
import { toRunConditions } from '../../query/run-filter.ts';
import type { MetricSource } from '../../store/metric-sources.ts';
import { readDiffering, readExemplars, type BehindAsk } from '../../store/read-behind.ts';
import type { Reader } from '../../store/read-rows.ts';
import { sourceOf } from '../settings/metric-facts.ts';
import { toMs } from '../timed-rule.ts';

type Behind = Pick<IncidentDetail, 'exemplars' | 'differing'>;

export async function readIncidentRuns(
  reader: Reader,
  projectId: string,
  incident: Incident,
  rule: AlertRule,
): Promise<Behind> {
  const source = sourceOf(incident.metric);
  // What is absent has no runs.
  if (source === null || incident.direction === 'absent') return { exemplars: [], differing: [] };
  const ask = toAsk(source, incident, rule);
  const beyond = isOfSamples(source, rule) ? incident.threshold : null;
  const [exemplars, differing] = await Promise.all([
    readExemplars(reader, projectId, ask),
    readDiffering(reader, projectId, { ...ask, beyond }),
  ]);
  return {
    exemplars: exemplars.map(({ runId, traceId, workflow, startUnixNano, value }) => ({
      runId,
      traceId,
      workflow,
      startTimeUnixNano: startUnixNano,
      value,
    })),
    differing,
  };
}

/** From the first window that was beyond the threshold to the last before it fired. */
function toAsk(source: MetricSource, incident: Incident, rule: AlertRule): BehindAsk {
  const { startedAtMs, direction, group } = incident;
  const beforeMs = toMs(rule.window) + toMs(rule.for) + toMs(rule.interval);
  return {
    source,
    conditions: toRunConditions(rule.filter),
    nowUnixNano: toNano(startedAtMs),
    groupBy: rule.by,
    group,
    direction: direction === 'below' ? 'below' : 'above',
    fromUnixNano: toNano(startedAtMs - beforeMs),
    toUnixNano: toNano(startedAtMs),
  };
}

/** Whether the threshold says something of one sample: of a count it says how many there may be. */
function isOfSamples({ shape }: MetricSource, { aggregation }: AlertRule): boolean {
  return shape !== 'sum' && shape !== 'active' && aggregation !== 'samples';
}

function toNano(ms: number): bigint {
  return BigInt(Math.max(0, Math.floor(ms))) * 1_000_000n;
}
