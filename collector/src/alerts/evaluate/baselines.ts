/** What relative rules hold their values against: hours of the past, read once an hour. */
import { readHours, type HourRead } from '../../store/read-hours.ts';
import { readIncidents, type KnownIncident } from '../../store/read-incidents.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { Baseline } from '../reading.ts';
import { pastMsOf, toBaseline } from '../state/baseline.ts';
import type { Look } from './due.ts';
import { toAsks } from './to-asks.ts';

export type ReadBaselines = (look: Look) => Promise<(group: string) => Baseline>;

const hourMs = 3_600_000;
const mostGroups = 200;
const learning: Baseline = { state: 'learning', hours: 0 };

type Past = {
  readonly hash: string;
  readonly hourMs: number;
  readonly byGroup: ReadonlyMap<string, readonly HourRead[]>;
  readonly incidents: ReadonlyMap<string, readonly KnownIncident[]>;
  readonly baselines: Map<string, Baseline>;
};

export function createBaselines(reader: Reader): ReadBaselines {
  const known = new Map<string, Past>();
  return async (look) => {
    const { condition, minSamples } = look.timed.rule;
    if (condition.type !== 'ratio' && condition.type !== 'seasonal') return () => learning;
    const key = `${look.projectId} ${look.known.rule.id}`;
    const atHourMs = Math.floor(look.window.fromMs / hourMs) * hourMs;
    let past = known.get(key);
    if (past?.hourMs !== atHourMs || past.hash !== look.known.hash) {
      past = await readPast(reader, look, atHourMs);
      known.set(key, past);
    }
    const { byGroup, incidents, baselines } = past;
    return (group) => {
      const made =
        baselines.get(group) ??
        toBaseline(
          condition,
          byGroup.get(group) ?? [],
          atHourMs,
          minSamples,
          incidents.get(group) ?? [],
        );
      baselines.set(group, made);
      return made;
    };
  };
}

async function readPast(reader: Reader, look: Look, atHourMs: number): Promise<Past> {
  const { projectId, known, timed } = look;
  const { condition } = timed.rule;
  const lengthMs = Math.max(pastMsOf(condition), hourMs);
  const fromMs = atHourMs - lengthMs;
  const [ask] = toAsks(timed, look.window);
  if (ask === undefined) throw new Error('there is nothing to compare');
  const byGroup = await readHours(reader, projectId, {
    ...ask,
    fromUnixNano: BigInt(fromMs) * 1_000_000n,
    hours: Math.round(lengthMs / hourMs),
    limit: mostGroups,
  });
  const range = { fromMs, toMs: look.atMs, state: 'any', ruleId: known.rule.id } as const;
  const { incidents } = await readIncidents(reader, projectId, { ...range, limit: 10_000 });
  return {
    hash: known.hash,
    hourMs: atHourMs,
    byGroup,
    incidents: Map.groupBy(incidents, ({ group }) => group),
    baselines: new Map(),
  };
}
