/**
 * What waits for one channel about one rule, as it is to be sent. While a channel is away news grow old: what fired and
 * is over is told in one message, and of several reminders the last is enough. Made anew from the same messages it is
 * the same, so that nothing of it has to be stored.
 */
import { toDeliveryId } from '../routing/delivery-id.ts';
import type { AlertMessage, Delivery, MessageAlert } from '../delivery.ts';

export type Waiting = {
  readonly delivery: Delivery;
  /** Messages that are not sent, since this one tells it all. */
  readonly replaces: readonly string[];
};

/** A message of something that is over is sent as it is until it is so old. */
const oldMs = 3_600_000;
const longest = 100;

/** In the order in which it has to arrive. */
export function mergeLane(deliveries: readonly Delivery[], nowMs: number): readonly Waiting[] {
  if (deliveries.length <= 1) return deliveries.map(toWaiting);
  const lane = deliveries.toSorted(byOrder);
  const merged = new Map<Delivery, Waiting | null>();
  for (const stories of toStories(lane)) {
    const [first] = stories;
    if (first === undefined || !isOver(stories) || !isOld(stories, nowMs)) continue;
    for (const one of stories) merged.set(one, null);
    merged.set(first, toMerged(first, stories));
  }
  const waiting = lane.map((one) => merged.get(one) ?? (merged.has(one) ? null : toWaiting(one)));
  return dropReminders(waiting.filter((one) => one !== null));
}

function toWaiting(delivery: Delivery): Waiting {
  return { delivery, replaces: [] };
}

/** Evaluations of a rule follow each other, and so do the messages of one evaluation. */
function byOrder(a: Delivery, b: Delivery): number {
  return a.createdAtMs - b.createdAtMs || a.sequence - b.sequence;
}

/** Messages that speak of the same incidents belong together: none of them can be left out without the others. */
function toStories(lane: readonly Delivery[]): readonly (readonly Delivery[])[] {
  let stories: Delivery[][] = [];
  for (const one of lane) {
    const incidents = new Set(toIncidents(one));
    const isRelated = (story: readonly Delivery[]): boolean =>
      story.some((other) => toIncidents(other).some((incident) => incidents.has(incident)));
    const related = stories.filter(isRelated);
    stories = [...stories.filter((story) => !related.includes(story)), [...related.flat(), one]];
  }
  return stories.map((story) => story.toSorted(byOrder));
}

function toIncidents({ message }: Delivery): readonly string[] {
  return message.alerts.map(({ incident }) => incident);
}

/** Something began here, and all that began here is over. */
function isOver(story: readonly Delivery[]): boolean {
  // Of what was delivered before only the acknowledgement may be left: it begins nothing.
  const alerts = story
    .filter(({ message }) => message.kind !== 'acknowledged')
    .flatMap(({ message }) => message.alerts);
  const over = new Set(alerts.filter(isResolved).map(({ incident }) => incident));
  const begun = alerts.filter((alert) => !isResolved(alert));
  return begun.length > 0 && begun.every(({ incident }) => over.has(incident));
}

function isOld(story: readonly Delivery[], nowMs: number): boolean {
  return story.some(
    ({ message, createdAtMs }) => message.kind !== 'resolved' && nowMs - createdAtMs > oldMs,
  );
}

function isResolved({ state }: MessageAlert): boolean {
  return state === 'resolved';
}

/** Takes the place of the first, so that it overtakes nothing that tells of what came before. */
function toMerged(first: Delivery, story: readonly Delivery[]): Waiting {
  const { projectId, ruleId, channel } = first;
  const alerts = toMergedAlerts(story);
  const kind = 'fired_and_resolved';
  const news = alerts.map(({ incident, endedAtMs }) => ({ id: incident, atMs: endedAtMs ?? 0 }));
  const id = toDeliveryId({ projectId, ruleId, channel, kind, news });
  const last = story.at(-1)?.message ?? first.message;
  const unlisted = Math.max(0, ...story.map(({ message }) => message.overflow));
  const message: AlertMessage = {
    ...last,
    kind,
    window: { fromMs: first.message.window.fromMs, toMs: last.window.toMs },
    alerts: alerts.slice(0, longest),
    overflow: unlisted + Math.max(0, alerts.length - longest),
  };
  return { delivery: { ...first, id, message }, replaces: story.map((one) => one.id) };
}

/** One a group: as it was when it fired, and how it ended. */
function toMergedAlerts(story: readonly Delivery[]): readonly MessageAlert[] {
  const merged = new Map<string, MessageAlert>();
  for (const alert of story.flatMap(({ message }) => message.alerts)) {
    const { incident, endedAtMs, reason } = alert;
    const begun = merged.get(incident);
    if (begun === undefined) merged.set(incident, alert);
    else if (isResolved(alert))
      merged.set(incident, { ...begun, state: 'fired_and_resolved', endedAtMs, reason });
  }
  return [...merged.values()];
}

function dropReminders(lane: readonly Waiting[]): readonly Waiting[] {
  const reminders = lane.filter(({ delivery }) => delivery.message.kind === 'reminder');
  const last = reminders.pop();
  if (last === undefined) return lane;
  const replaces = reminders.map(({ delivery }) => delivery.id);
  const instead: Waiting = { delivery: last.delivery, replaces };
  return lane
    .filter((one) => !reminders.includes(one))
    .map((one) => (one === last ? instead : one));
}
