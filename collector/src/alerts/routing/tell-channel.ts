/** What one channel is told now: the difference between what it knows and what there is. */
import type { AlertChannel } from '../../contract.ts';
import type { IncidentWord } from '../alert-settings.ts';
import type { Delivery, DeliveryKind, MessageAlert } from '../delivery.ts';
import type { Missed, Told } from '../instance.ts';
import { toDeliveryId } from './delivery-id.ts';
import { toMessage } from './message.ts';
import { isHeldBack, sortMissed, type SortedMissed } from './sort-missed.ts';
import type { RouteInput } from './route.ts';
import { type Thing, toResolvedAlert } from './things.ts';

export type Listener = {
  readonly channel: AlertChannel;
  readonly told: Told;
  /** The rule goes to it. One that it went to once still hears the end of what it was told. */
  readonly isWanted: boolean;
};

type News = {
  readonly kind: DeliveryKind;
  readonly alerts: readonly MessageAlert[];
  readonly transitions: readonly { readonly id: string; readonly atMs: number }[];
  /** What is not listed, and the time it tells of; left out where they are those of the evaluation. */
  readonly rest?: Pick<RouteInput, 'overflow' | 'window'>;
};

const flappingEveryMs = 30 * 60_000;

export function tellChannel(
  input: RouteInput,
  things: readonly Thing[],
  listener: Listener,
): {
  readonly told: Told;
  readonly missed: Missed | null;
  readonly deliveries: readonly Delivery[];
} {
  const { told, isWanted, channel } = listener;
  const open = new Set(things.map(({ id }) => id));
  const over = told.incidents.filter((id) => !open.has(id));
  const kept = told.incidents.filter((id) => open.has(id));
  const knows = new Set(kept);
  const heard = things.filter(({ flags }) => isWanted && !isHeldBack(flags));
  const fresh = isHeldForGroup(input, told, kept)
    ? []
    : heard.filter(({ id, isUrgent }) => isUrgent && !knows.has(id));
  const again = heard.filter(({ id, isUrgent }) => isUrgent && knows.has(id));
  const missed = sortMissed(input, told);
  const incidents = [...kept, ...fresh.map(({ id }) => id)];
  const acknowledged = keepsAcknowledged(channel)
    ? toAcknowledged(things, incidents, told.acknowledged ?? [])
    : [];
  // First what is over: a channel may know the new episode of a group by the same name.
  const news: readonly News[] = [
    channel.sendResolved ? toResolved(input, over) : toNews('resolved', [], 0),
    toMissedNews(missed),
    toNews('firing', ofType(fresh, 'incident'), null),
    toNews(
      'flapping',
      [
        ...ofType(fresh, 'flapping'),
        ...ofType(isDue(input, told, flappingEveryMs) ? again : [], 'flapping'),
      ],
      told.toldAtMs,
    ),
    toNews('reminder', toReminded(input, told, again), told.toldAtMs),
    toAcknowledgedNews(input, acknowledged),
  ];
  const deliveries = news
    .filter(({ alerts }) => alerts.length > 0)
    .map((one, index) => toDelivery(input, one, told, index));
  return {
    told: {
      channel: told.channel,
      incidents,
      ...toldAcknowledged(told, acknowledged, incidents),
      toldAtMs: deliveries.some(isHeard) ? input.atMs : told.toldAtMs,
      sequence: told.sequence + deliveries.length,
    },
    missed: missed.toLeft([...open].filter((id) => !incidents.includes(id))),
    deliveries,
  };
}

/** New groups of what the channel knows to fire come together, not one by one. */
function isHeldForGroup(
  { atMs, timed }: RouteInput,
  { toldAtMs }: Told,
  kept: readonly string[],
): boolean {
  const sinceToldMs = atMs - toldAtMs;
  // Below zero the clock was put back: that must not hold anything for longer.
  return kept.length > 0 && sinceToldMs >= 0 && sinceToldMs < timed.groupEveryMs;
}

function isDue({ atMs }: RouteInput, { toldAtMs }: Told, everyMs: number): boolean {
  return atMs - toldAtMs >= everyMs;
}

function toReminded(input: RouteInput, told: Told, again: readonly Thing[]): readonly Thing[] {
  const { repeatEveryMs } = input.timed;
  if (repeatEveryMs === 0 || !isDue(input, told, repeatEveryMs)) return [];
  return ofType(again, 'incident').filter(({ flags }) => !flags.acknowledged);
}

/** It wakes the next person unless it knows that one is there. To others it would be one message more. */
function keepsAcknowledged({ type }: AlertChannel): boolean {
  return type === 'pagerduty';
}

/** Not held back by anything: it makes nobody look, and keeps somebody from being woken. */
function toAcknowledged(
  things: readonly Thing[],
  known: readonly string[],
  told: readonly string[],
): readonly Thing[] {
  return ofType(things, 'incident').filter(
    ({ id, flags }) => flags.acknowledged && known.includes(id) && !told.includes(id),
  );
}

function toldAcknowledged(
  told: Told,
  fresh: readonly Thing[],
  incidents: readonly string[],
): Pick<Told, 'acknowledged'> {
  const all = [...(told.acknowledged ?? []), ...fresh.map(({ id }) => id)];
  const acknowledged = all.filter((id) => incidents.includes(id));
  return acknowledged.length === 0 ? {} : { acknowledged };
}

/** Nothing else has to wait for its turn because of an acknowledgement. */
function isHeard({ message }: Delivery): boolean {
  return message.kind !== 'acknowledged';
}

/** Its time is that of the word. */
function toAcknowledgedNews({ settings }: RouteInput, things: readonly Thing[]): News {
  const wordOf = (id: string): IncidentWord | undefined => settings.acknowledged.get(id);
  return {
    kind: 'acknowledged',
    alerts: things.map(({ alert, id }) => ({ ...alert, reason: toBy(wordOf(id)) })),
    transitions: things.map(({ id }) => ({ id, atMs: wordOf(id)?.atMs ?? 0 })),
  };
}

function toBy(word: IncidentWord | undefined): string {
  const by = word?.by ?? '';
  return by === '' ? 'Somebody acknowledged it.' : `${by} acknowledged it.`;
}

function ofType(things: readonly Thing[], type: Thing['type']): readonly Thing[] {
  return things.filter((thing) => thing.type === type);
}

/** @param atMs what makes it another message than the one before of the same things; null = when each of them began */
function toNews(kind: DeliveryKind, things: readonly Thing[], atMs: number | null): News {
  return {
    kind,
    alerts: things.map(({ alert }) => alert),
    transitions: things.map(({ id, sinceMs }) => ({ id, atMs: atMs ?? sinceMs })),
  };
}

function toResolved(input: RouteInput, over: readonly string[]): News {
  const alerts = over.map((id) => toResolvedAlert(input, id));
  const transitions = alerts.map(({ incident, endedAtMs }) => ({
    id: incident,
    atMs: endedAtMs ?? input.atMs,
  }));
  return { kind: 'resolved', alerts, transitions };
}

/** However much was missed, it is one message. */
function toMissedNews({ tellable, restCount, window }: SortedMissed): News {
  return {
    kind: 'fired_and_resolved',
    alerts: tellable.map((one) => ({ ...one, state: 'fired_and_resolved', exemplars: [] })),
    transitions: tellable.map(({ incident, endedAtMs }) => ({ id: incident, atMs: endedAtMs })),
    rest: { overflow: restCount, window },
  };
}

function toDelivery(input: RouteInput, news: News, told: Told, index: number): Delivery {
  const { projectId, timed, unit, atMs } = input;
  const { window, overflow } = news.rest ?? input;
  const { rule } = timed;
  const { channel } = told;
  const { kind, alerts, transitions } = news;
  return {
    id: toDeliveryId({ projectId, ruleId: rule.id, channel, kind, news: transitions }),
    projectId,
    ruleId: rule.id,
    channel,
    createdAtMs: atMs,
    sequence: told.sequence + index + 1,
    message: toMessage({ projectId, rule, unit, window, overflow }, kind, alerts),
  };
}
