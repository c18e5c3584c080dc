/** Incidents, put together from what evaluations said of them. */
import type { Delivery } from '../alerts/delivery.ts';
import type { Episode, Instance } from '../alerts/instance.ts';
import {
  readRuleStates,
  type IncidentRule,
  type LastEvaluation,
  type StoredEvent,
} from './alert-log.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';

export type KnownIncident = {
  readonly id: string;
  readonly ruleId: string;
  readonly rule: IncidentRule;
  readonly fingerprint: string;
  readonly group: string;
  readonly state: 'firing' | 'recovering' | 'resolved';
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly endReason: string;
  readonly firstValue: number | null;
  readonly worstValue: number | null;
  readonly lastValue: number | null;
  readonly threshold: number | null;
  readonly lateData: boolean;
  readonly overflow: number;
};

export type IncidentsAsk = {
  /** Those that lived in it, at least for a moment. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: 'any' | 'open' | 'resolved';
  /** Empty = any. */
  readonly ruleId: string;
  readonly limit: number;
};

export type IncidentsRead = {
  /** The open ones first, each kind newest first. */
  readonly incidents: readonly KnownIncident[];
  /** Of all rules, whatever was asked for. */
  readonly openCount: number;
  readonly otherCount: number;
};

export type IncidentHistory = {
  readonly incident: KnownIncident;
  /** In order. */
  readonly events: readonly StoredEvent[];
  /** Messages that tell of it, in order. */
  readonly deliveries: readonly Delivery[];
};

export async function readIncidents(
  reader: Reader,
  projectId: string,
  ask: IncidentsAsk,
): Promise<IncidentsRead> {
  const states = await readRuleStates(reader, projectId);
  const open = openOf(states);
  const oldestOpenMs = Math.min(...[...open.values()].map(({ episode }) => episode.startedAtMs));
  const ranged = await readEvents(reader, projectId, {
    // An open one may have begun long before.
    sql: `AND (eval_at >= fromUnixTimestamp64Milli({fromMs:Int64}) OR
      (eval_at >= fromUnixTimestamp64Milli({oldestMs:Int64}) AND hasAny(event_incidents, {open:Array(String)})))`,
    params: {
      fromMs: Math.floor(ask.fromMs),
      oldestMs: Math.floor(Math.min(oldestOpenMs, ask.fromMs)),
      open: [...open.keys()],
    },
  });
  const all = toIncidents(ranged, open);
  const asked = all.filter((incident) => isAsked(incident, ask)).sort(byOpenAndStart);
  return {
    incidents: asked.slice(0, ask.limit),
    openCount: open.size,
    otherCount: Math.max(0, asked.length - ask.limit),
  };
}

/** Null when there is none of that id. */
export async function readIncident(
  reader: Reader,
  projectId: string,
  id: string,
): Promise<IncidentHistory | null> {
  const states = await readRuleStates(reader, projectId);
  const events = await readEvents(reader, projectId, {
    sql: 'AND has(event_incidents, {id:String})',
    params: { id },
  });
  const [incident] = toIncidents(
    events.filter(({ event }) => event.episode?.id === id),
    openOf(states),
  );
  if (incident === undefined) return null;
  return {
    incident,
    events: events.filter(({ event }) => event.episode?.id === id).map(({ event }) => event),
    deliveries: await readDeliveries(reader, projectId, incident),
  };
}

/** What fires or recovers now, newest first. */
export async function readOpenIncidents(
  reader: Reader,
  projectId: string,
): Promise<readonly KnownIncident[]> {
  const nowMs = Date.now();
  const ask = { fromMs: nowMs, toMs: Infinity, state: 'open', ruleId: '', limit: 1_000 } as const;
  return (await readIncidents(reader, projectId, ask)).incidents;
}

type OpenInstance = Instance & { readonly episode: Episode };

function openOf(states: ReadonlyMap<string, LastEvaluation>): Map<string, OpenInstance> {
  const instances = [...states.values()].flatMap(({ ruleState }) => ruleState?.instances ?? []);
  const open = instances.filter((one): one is OpenInstance => one.episode !== null);
  return new Map(open.map((instance) => [instance.episode.id, instance]));
}

type RuleEvent = { readonly ruleId: string; readonly event: StoredEvent };

/** Of one evaluation that two wrote, what the higher term says. */
async function readEvents(
  reader: Reader,
  projectId: string,
  { sql, params }: { readonly sql: string; readonly params: Readonly<Record<string, unknown>> },
): Promise<readonly RuleEvent[]> {
  const rows = await readRows(reader, projectId, {
    sql: `SELECT rule_id, arrayFilter((event, incident) -> incident != '', events, event_incidents) AS told
FROM ${fromProject('alert_log')}
  AND notEmpty(event_incidents) ${sql}
ORDER BY eval_at, rule_id, term DESC
LIMIT 1 BY eval_at, rule_id`,
    params,
  });
  return rows.flatMap((row) =>
    (row['told'] as string[]).map((text) => ({
      ruleId: String(row['rule_id']),
      event: JSON.parse(text) as StoredEvent,
    })),
  );
}

/** Messages are made while it is open, and when it ends or its silence does. */
const afterwardsMs = 32 * 86_400_000;

async function readDeliveries(
  reader: Reader,
  projectId: string,
  { id, ruleId, startedAtMs, endedAtMs }: KnownIncident,
): Promise<readonly Delivery[]> {
  const rows = await readRows(reader, projectId, {
    sql: `SELECT arrayFilter(text -> position(text, {id:String}) > 0, deliveries) AS told
FROM ${fromProject('alert_log')}
  AND rule_id = {ruleId:String} AND notEmpty(told)
  AND eval_at BETWEEN fromUnixTimestamp64Milli({fromMs:Int64}) AND fromUnixTimestamp64Milli({toMs:Int64})
ORDER BY eval_at, term`,
    params: {
      ruleId,
      id,
      fromMs: Math.floor(startedAtMs),
      toMs: Math.floor((endedAtMs ?? Date.now()) + afterwardsMs),
    },
  });
  const all = rows
    .flatMap((row) => row['told'] as string[])
    .map((text) => JSON.parse(text) as Delivery)
    .filter(({ message }) => message.alerts.some(({ incident }) => incident === id));
  // Two evaluators make the same message under the same id.
  return [...new Map(all.map((delivery) => [delivery.id, delivery])).values()];
}

function toIncidents(
  events: readonly RuleEvent[],
  open: ReadonlyMap<string, OpenInstance>,
): KnownIncident[] {
  const byId = Map.groupBy(events, ({ event }) => event.episode?.id ?? '');
  return [...byId].flatMap(([id, told]) => toIncident(told, open.get(id)) ?? []);
}

/** The end of a rule that ends it may have been lost with the rule: then the last that was heard is its end. */
function toIncident(
  told: readonly RuleEvent[],
  now: OpenInstance | undefined,
): KnownIncident | null {
  const last = told.findLast(({ event }) => event.kind !== 'late_data') ?? told.at(-1);
  const rule = told.findLast(({ event }) => event.rule !== null)?.event.rule ?? null;
  if (last === undefined || rule === null) return null;
  const { event } = last;
  const episode = now?.episode ?? event.episode;
  if (episode === null) return null;
  const overflow = told.find(({ event: { kind } }) => kind === 'firing')?.event.overflow ?? 0;
  return {
    id: episode.id,
    ruleId: last.ruleId,
    rule,
    fingerprint: event.fingerprint,
    group: event.group,
    state: now === undefined ? 'resolved' : now.core === 'recovering' ? 'recovering' : 'firing',
    startedAtMs: episode.startedAtMs,
    endedAtMs: now === undefined ? event.atMs : null,
    endReason: now === undefined ? event.reason : '',
    firstValue: episode.firstValue,
    worstValue: episode.worstValue,
    lastValue: now === undefined ? event.value : now.value,
    threshold: now?.threshold ?? event.threshold ?? episode.threshold,
    lateData: told.some(({ event: { kind } }) => kind === 'late_data'),
    overflow,
  };
}

function isAsked(incident: KnownIncident, { fromMs, toMs, state, ruleId }: IncidentsAsk): boolean {
  const isOpen = incident.endedAtMs === null;
  if (state !== 'any' && (state === 'open') !== isOpen) return false;
  if (ruleId !== '' && incident.ruleId !== ruleId) return false;
  return incident.startedAtMs < toMs && (incident.endedAtMs ?? Infinity) >= fromMs;
}

function byOpenAndStart(a: KnownIncident, b: KnownIncident): number {
  const open = Number(b.endedAtMs === null) - Number(a.endedAtMs === null);
  return open || b.startedAtMs - a.startedAtMs || a.id.localeCompare(b.id);
}
