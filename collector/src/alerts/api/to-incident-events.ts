/** What happened to an incident, in order: what evaluations found, and what people did. */
import type { IncidentDetail, Incident } from '../../contract.ts';
import type { StoredEvent } from '../../store/alert-log.ts';
import type { AlertSettings, KnownSilence } from '../alert-settings.ts';
import { matchesAll } from '../routing/silenced.ts';

type Told = IncidentDetail['events'][number];

export function toIncidentEvents(
  incident: Incident,
  events: readonly StoredEvent[],
  settings: AlertSettings,
  nowMs: number,
): Told[] {
  const found = events.map(({ atMs, kind, reason }) => ({ atMs, kind, text: reason, by: '' }));
  const acknowledged = settings.acknowledged.get(incident.id);
  const resolved = settings.resolved.get(incident.id);
  const said: Told[] = [
    ...(acknowledged === undefined
      ? []
      : [toWord(acknowledged, 'acknowledged', 'Somebody looks after it: no more reminders.')]),
    ...(resolved === undefined
      ? []
      : [toWord(resolved, 'resolved', 'Somebody said that it is over.')]),
    ...settings.silences
      .filter((silence) => touches(silence, incident, nowMs))
      .map((silence) => toSilenced(silence, incident)),
  ];
  return [...found, ...said].toSorted((a, b) => a.atMs - b.atMs);
}

function toWord(
  { atMs, by }: { readonly atMs: number; readonly by: string },
  kind: 'acknowledged' | 'resolved',
  text: string,
): Told {
  return { atMs, kind, text, by };
}

function touches(silence: KnownSilence, incident: Incident, nowMs: number): boolean {
  const { ruleId: rule, group, severity, metric, labels, startedAtMs, endedAtMs } = incident;
  const { matchers, startsAtMs, endsAtMs } = silence;
  if (startsAtMs > (endedAtMs ?? nowMs) || endsAtMs <= startedAtMs) return false;
  return matchesAll(matchers, { ...labels, rule, group, severity, metric });
}

function toSilenced(silence: KnownSilence, { startedAtMs }: Incident): Told {
  const { startsAtMs, reason: text, author: by } = silence;
  return { atMs: Math.max(startsAtMs, startedAtMs), kind: 'silenced', text, by };
}
