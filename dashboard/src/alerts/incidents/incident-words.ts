/** What is said of an incident. */
import type { Incident, IncidentDetail } from 'orchescope/contract';
import { formatDuration } from '../../format.ts';
import { formatInUnit } from '../../ui/chart/unit-text.ts';

export const incidentStateWords: Readonly<Record<Incident['state'], string>> = {
  firing: 'Firing',
  recovering: 'Recovering',
  resolved: 'Resolved',
};

type Event = IncidentDetail['events'][number];
export const eventWords: Readonly<Record<Event['kind'], string>> = {
  pending: 'Beyond the threshold',
  firing: 'Fired',
  recovering: 'Recovering',
  refiring: 'Fires again',
  resolved: 'Resolved',
  acknowledged: 'Acknowledged',
  silenced: 'Silenced',
  flapping: 'Flapping',
  late_data: 'Late data',
  error: 'Could not be evaluated',
  nodata: 'No data',
};

type Notification = IncidentDetail['notifications'][number];
export const notificationKindWords: Readonly<Record<Notification['kind'], string>> = {
  firing: 'It fires',
  resolved: 'It is over',
  fired_and_resolved: 'It fired and is over',
  reminder: 'It still fires',
  acknowledged: 'Somebody acknowledged it',
  flapping: 'It flaps',
  meta: 'A channel is dead',
  test: 'Test',
};

export const notificationStateWords: Readonly<Record<Notification['state'], string>> = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  dead: 'Given up',
  superseded: 'Replaced by a later one',
};

/** "12.4 s, above 5 s"; of absence "nothing in the window". */
export function breachInWords(
  value: number | null,
  { threshold, direction, unit }: Pick<Incident, 'threshold' | 'direction' | 'unit'>,
): string {
  if (direction === 'absent') return 'nothing arrived';
  const shown = formatInUnit(value, unit);
  if (threshold === null) return shown;
  const side = { above: 'above', below: 'below', both: 'outside of' }[direction];
  return `${shown}, ${side} ${formatInUnit(threshold, unit)}`;
}

/** How long it lasted, or lasts. */
export function lastedInWords(
  { startedAtMs, endedAtMs }: Pick<Incident, 'startedAtMs' | 'endedAtMs'>,
  nowMs: number,
): string {
  return formatDuration(
    Math.max(0, Math.round(((endedAtMs ?? nowMs) - startedAtMs) / 1000) * 1000),
  );
}

/** Sentences that whoever reads the incident must know of. */
export function cautionsOf({ lateData, overflow }: Incident): string[] {
  const cautions: string[] = [];
  if (lateData) {
    cautions.push(
      'Spans of this time arrived after it was judged. The numbers here are those that were known when it fired; it was not judged again.',
    );
  }
  if (overflow > 0) {
    cautions.push(
      overflow === 1
        ? 'One more group of this rule fired at the time. The worst 100 are watched, and it is not among them.'
        : `${overflow} more groups of this rule fired at the time. The worst 100 are watched, and they are not among them.`,
    );
  }
  return cautions;
}

/** Only what a browser opens as a page; a link may have been written by anybody. */
export function safeLink(link: string): string | null {
  return /^https?:\/\//i.test(link) && URL.canParse(link) ? link : null;
}
