/**
 * What the value of an incident was held against, at each time of its chart. A fixed threshold is one number. One that
 * moves with its past was stored where the group was the worst, and is worked out again elsewhere.
 */
import type { Incident, IncidentDetail } from '../../contract.ts';
import { readHours, type HourRead } from '../../store/read-hours.ts';
import { readIncidents } from '../../store/read-incidents.ts';
import type { RuleValue } from '../../store/read-rule-values.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { KnownRule } from '../alert-settings.ts';
import { toAsks } from '../evaluate/to-asks.ts';
import { pastMsOf, toBaseline, type LeftOut, type Relative } from '../state/baseline.ts';
import { relativeLines } from '../state/lines.ts';
import { toTimedRule } from '../timed-rule.ts';
import type { ChartTimes } from './incident-chart.ts';

type ThresholdsAsk = {
  readonly projectId: string;
  readonly incident: Incident;
  readonly known: KnownRule;
  readonly times: ChartTimes;
  /** One entry a time; null where nothing was stored of the group. */
  readonly stored: readonly (RuleValue | null)[];
};

type Thresholds = Pick<IncidentDetail['chart'], 'threshold' | 'lower' | 'notes'>;

const hourMs = 3_600_000;
/** As many as the evaluator reads. */
const mostGroups = 200;
const mostIncidents = 10_000;

const changedNote =
  'The rule was changed since. Values are those of the rule as it is now; the threshold is shown where it was stored, at evaluations in which this group was the worst.';
const learningNote =
  'Where no threshold is shown too little of the past was known, or is known today.';

export async function readThresholds(reader: Reader, ask: ThresholdsAsk): Promise<Thresholds> {
  const { incident, known, times, stored } = ask;
  const { condition } = known.rule;
  const endMs = incident.endedAtMs ?? Infinity;
  const isDuring = ({ atMs }: RuleValue): boolean => atMs >= incident.startedAtMs && atMs <= endMs;
  if (stored.some((row) => row !== null && isDuring(row) && !row.isSame)) {
    const threshold = stored.map((row) => row?.threshold ?? null);
    return { threshold, lower: [], notes: [changedNote] };
  }
  if (condition.type !== 'ratio' && condition.type !== 'seasonal') {
    return { threshold: times.timesMs.map(() => incident.threshold), lower: [], notes: [] };
  }
  const edges = await readEdges(reader, ask, condition);
  const isBand = condition.type === 'seasonal' && condition.direction === 'both';
  // Of a band the edge that was nearer was stored, whichever it was.
  const threshold = edges.map(({ upper }, at) =>
    isBand ? upper : (storedThreshold(stored[at]) ?? upper),
  );
  return {
    threshold,
    lower: isBand ? edges.map(({ lower }) => lower) : [],
    notes: threshold.includes(null) ? [learningNote] : [],
  };
}

function storedThreshold(row: RuleValue | null | undefined): number | null {
  return row?.isSame === true ? row.threshold : null;
}

type Edges = { readonly upper: number | null; readonly lower: number | null };

const unknown: Edges = { upper: null, lower: null };

/** By the very steps of the evaluator: the hours before each window, without those of other incidents. */
async function readEdges(
  reader: Reader,
  { projectId, incident, known, times }: ThresholdsAsk,
  condition: Relative,
): Promise<readonly Edges[]> {
  const { rule } = known;
  const { hours, leftOut, windowMs } = await readPast(
    reader,
    { projectId, incident, known, times },
    condition,
  );
  const byHour = new Map<number, Edges>();
  return times.timesMs.map((atMs) => {
    const atHourMs = Math.floor((atMs - windowMs) / hourMs) * hourMs;
    // Neither baselines nor what is left out of them change within an hour.
    const made = byHour.get(atHourMs) ?? toEdges(atHourMs);
    byHour.set(atHourMs, made);
    return made;
  });

  function toEdges(atHourMs: number): Edges {
    const baseline = toBaseline(condition, hours, atHourMs, rule.minSamples, leftOut);
    const [first, second] = relativeLines(condition, rule.metric, baseline) ?? [];
    if (first === undefined) return unknown;
    return { upper: first.alert, lower: second?.alert ?? null };
  }
}

type Past = {
  readonly hours: readonly HourRead[];
  readonly leftOut: readonly LeftOut[];
  readonly windowMs: number;
};

async function readPast(
  reader: Reader,
  { projectId, incident, known, times }: Omit<ThresholdsAsk, 'stored'>,
  condition: Relative,
): Promise<Past> {
  const timed = toTimedRule(known.rule);
  const { windowMs } = timed;
  const untilMs = times.timesMs.at(-1) ?? times.firstEndMs;
  const window = { fromMs: times.firstEndMs - windowMs, toMs: untilMs };
  const firstHourMs = Math.floor(window.fromMs / hourMs) * hourMs - pastMsOf(condition);
  const [own] = toAsks(timed, window, [incident.group]);
  if (own === undefined) throw new Error('there is nothing to compare');
  const byGroup = await readHours(reader, projectId, {
    ...own,
    fromUnixNano: BigInt(firstHourMs) * 1_000_000n,
    hours: Math.ceil((untilMs - firstHourMs) / hourMs),
    limit: mostGroups,
  });
  const { incidents } = await readIncidents(reader, projectId, {
    fromMs: firstHourMs,
    toMs: untilMs,
    state: 'any',
    ruleId: incident.ruleId,
    limit: mostIncidents,
  });
  return {
    hours: byGroup.get(incident.group) ?? [],
    leftOut: incidents.filter(({ group }) => group === incident.group),
    windowMs,
  };
}
