/**
 * What evaluations found and decided. A row is one decision: the state of a rule, what changed, and the messages that
 * have to go out for it are there together or not at all.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import type { Delivery } from '../alerts/delivery.ts';
import type { AlertEvent, RuleState } from '../alerts/instance.ts';
import type { AlertState, Incident } from '../contract.ts';
import { fromProject, readRows, type Reader } from './read-rows.ts';
import { insertRows } from './write-runs.ts';

/** What an incident keeps of its rule, which may be changed or gone when somebody asks. */
export type IncidentRule = Pick<
  Incident,
  'title' | 'severity' | 'metric' | 'unit' | 'labels' | 'owner' | 'runbook' | 'target' | 'direction'
>;

/** As it is stored: what belongs to an incident says what rule it was. */
export type StoredEvent = AlertEvent & {
  readonly rule: IncidentRule | null;
  /** Groups of the rule that were too many to watch then. */
  readonly overflow: number;
};

export type Evaluation = {
  readonly projectId: string;
  readonly ruleId: string;
  /** On the grid of the rule, by the clock of the store. */
  readonly evalAtMs: number;
  readonly term: number;
  readonly ruleHash: string;
  readonly state: AlertState;
  readonly groupCount: number;
  readonly firingCount: number;
  readonly overflow: number;
  readonly worstGroup: string;
  readonly worstValue: number | null;
  readonly threshold: number | null;
  readonly samples: number;
  /** Why it failed; empty when it did not. */
  readonly error: string;
  /** Null = as in the row before. */
  readonly ruleState: RuleState | null;
  readonly events: readonly StoredEvent[];
  readonly deliveries: readonly Delivery[];
};

/**
 * Resolves when they are on disk, all of them.
 * @param token of these rows and no others
 */
export async function writeEvaluations(
  client: ClickHouseClient,
  evaluations: readonly Evaluation[],
  token: string,
): Promise<void> {
  await insertRows(client, 'alert_log', evaluations.map(toRow), token);
}

function toRow(one: Evaluation): Record<string, unknown> {
  const { events, deliveries } = one;
  return {
    project_id: one.projectId,
    rule_id: one.ruleId,
    eval_at: toMilliTime(one.evalAtMs),
    term: one.term,
    rule_hash: one.ruleHash,
    state: one.state,
    group_count: one.groupCount,
    firing_count: one.firingCount,
    overflow: one.overflow,
    worst_group: one.worstGroup,
    worst_value: one.worstValue,
    threshold: one.threshold,
    samples: one.samples,
    error: one.error,
    rule_state: one.ruleState === null ? '' : JSON.stringify(one.ruleState),
    event_kinds: events.map(({ kind }) => kind),
    event_incidents: events.map(({ episode }) => episode?.id ?? ''),
    events: events.map((event) => JSON.stringify(event)),
    delivery_ids: deliveries.map(({ id }) => id),
    delivery_channels: deliveries.map(({ channel }) => channel),
    deliveries: deliveries.map((delivery) => JSON.stringify(delivery)),
  };
}

export function toMilliTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
}

/** The last that is known of a rule. */
export type LastEvaluation = Omit<
  Evaluation,
  'projectId' | 'ruleState' | 'events' | 'deliveries'
> & {
  /** Null when nothing is kept of it. `evaluatedAtMs` is that of the row it was written with. */
  readonly ruleState: RuleState | null;
  /** Of the row that the state was written with. */
  readonly stateAtMs: number;
};

/**
 * Of every rule that was evaluated lately, also of those that are gone since. What a higher term wrote counts, whatever
 * a lower one wrote after it.
 * @param days whoever was away for long looks back as far
 */
export async function readRuleStates(
  reader: Reader,
  projectId: string,
  days = stateKeptDays,
): Promise<ReadonlyMap<string, LastEvaluation>> {
  const rows = await readRows(reader, projectId, { sql: statesSql, params: { days } });
  return new Map(rows.map((row) => [String(row['rule_id']), toLast(row)]));
}

/** A state that is not written anew for a day is written again all the same. */
const stateKeptDays = 3;

const statesSql = `SELECT rule_id,
  argMax(tuple(toUnixTimestamp64Milli(eval_at), rule_hash, toString(state), group_count, firing_count, overflow, worst_group,
    worst_value, threshold, samples, error), (term, eval_at)) AS last,
  max(term) AS last_term,
  argMaxIf(rule_state, (term, eval_at), rule_state != '') AS text,
  toUnixTimestamp64Milli(argMaxIf(eval_at, (term, eval_at), rule_state != '')) AS text_at
FROM ${fromProject('alert_log')}
  AND eval_at > now64(3) - toIntervalDay({days:UInt32})
GROUP BY rule_id
ORDER BY rule_id`;

function toLast(row: Readonly<Record<string, unknown>>): LastEvaluation {
  const [
    evalAt,
    ruleHash,
    state,
    groups,
    firing,
    overflow,
    group,
    value,
    threshold,
    samples,
    error,
  ] = row['last'] as unknown[];
  const text = String(row['text']);
  return {
    ruleId: String(row['rule_id']),
    evalAtMs: Number(evalAt),
    term: Number(row['last_term']),
    ruleHash: String(ruleHash),
    state: String(state) as AlertState,
    groupCount: Number(groups),
    firingCount: Number(firing),
    overflow: Number(overflow),
    worstGroup: String(group),
    worstValue: toNumber(value),
    threshold: toNumber(threshold),
    samples: Number(samples),
    error: String(error),
    ruleState: text === '' ? null : (JSON.parse(text) as RuleState),
    stateAtMs: Number(row['text_at']),
  };
}

export function toNumber(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
