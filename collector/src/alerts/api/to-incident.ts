/** An incident as the contract tells it: what evaluations found, and what people said of it. */
import type { Incident } from '../../contract.ts';
import type { KnownIncident } from '../../store/read-incidents.ts';
import type { AlertSettings } from '../alert-settings.ts';
import { isSilenced } from '../routing/silenced.ts';

export function toIncident(
  known: KnownIncident,
  { acknowledged, silences }: AlertSettings,
  nowMs: number,
): Incident {
  const { id, ruleId, rule, group, state, startedAtMs, endedAtMs, endReason } = known;
  const { firstValue, worstValue, lastValue, threshold, lateData, overflow } = known;
  const found = { id, ruleId, group, state, startedAtMs, endedAtMs, endReason };
  const values = { firstValue, worstValue, lastValue, threshold, lateData, overflow };
  const word = acknowledged.get(id);
  const { labels, severity, metric } = rule;
  const facts = { ...labels, rule: ruleId, group, severity, metric };
  return {
    ...rule,
    ...found,
    ...values,
    acknowledgedAtMs: word?.atMs ?? null,
    acknowledgedBy: word?.by ?? '',
    silenced: endedAtMs === null && isSilenced(silences, facts, nowMs),
  };
}
