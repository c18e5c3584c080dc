/** What a channel did not hear of while evaluations were made up for: what it is told now, and what has to wait. */
import type { AlertEvent, Episode, Missed, MissedIncident, Told } from '../instance.ts';
import type { InstanceFlags, RouteInput } from './route.ts';
import { toHolding } from './things.ts';

export type SortedMissed = {
  readonly tellable: readonly MissedIncident[];
  /** Those that are not listed. */
  readonly restCount: number;
  readonly window: RouteInput['window'];
  /** @param untold open incidents that the channel still does not know of */
  readonly toLeft: (untold: readonly string[]) => Missed | null;
};

/** Held back for longer than that it is nobody's news; the incidents are in the log. */
const newsMs = 86_400_000;

const nothing: SortedMissed = {
  tellable: [],
  restCount: 0,
  window: { fromMs: 0, toMs: 0 },
  toLeft: () => null,
};

/**
 * Whatever is held back stays untold, so that a later evaluation finds it. An end is never held back: whoever was told
 * that it fires would go on believing it.
 */
export function isHeldBack({
  silenced,
  inhibited,
  muted,
}: Omit<InstanceFlags, 'acknowledged'>): boolean {
  return silenced || inhibited || muted;
}

export function sortMissed(input: RouteInput, told: Told): SortedMissed {
  const missed = input.missed.find(({ channel }) => channel === told.channel);
  if (missed === undefined) return nothing;
  const { open, over, restCount } = addEnded(missed, input, told);
  const holdsBack = toHolding(input);
  const isHeld = ({ group }: MissedIncident): boolean => isHeldBack(holdsBack(group));
  const tellable = over.filter((one) => !isHeld(one));
  const held = over.filter((one) => isHeld(one) && Math.abs(input.atMs - one.endedAtMs) < newsMs);
  const untoldRest = tellable.length === 0 && held.length > 0 ? restCount : 0;
  return {
    tellable,
    restCount,
    window: {
      fromMs: Math.min(...tellable.map(({ startedAtMs }) => startedAtMs)),
      toMs: Math.max(...tellable.map(({ endedAtMs }) => endedAtMs)),
    },
    toLeft: (untold) => {
      const left = open.filter((id) => untold.includes(id));
      if (left.length === 0 && held.length === 0) return null;
      return { ...missed, open: left, over: held, restCount: untoldRest, ended: [] };
    },
  };
}

/** As long as a message. */
const mostListed = 100;

/** What was over at an evaluation, of what the channel would have known to fire and does not. */
export function addEnded(missed: Missed, input: RouteInput, told: Told): Missed {
  const open = new Set(missed.open.filter((id) => !told.incidents.includes(id)));
  const ended = input.ended.flatMap((event): MissedIncident[] => {
    const { episode, reason } = event;
    // Taken out: of an incident that is made up for in several rounds there is one end.
    if (episode === null || !open.delete(episode.id)) return [];
    const late = `told late, since rules were not evaluated at the time; ${reason}`;
    const { worstValue: value, threshold } = episode;
    return [{ ...toMissedIncident(event, episode), value, threshold, reason: late }];
  });
  const over = [...missed.over, ...ended];
  return {
    ...missed,
    open: [...open],
    over: over.slice(0, mostListed),
    restCount: missed.restCount + Math.max(0, over.length - mostListed),
  };
}

/** What is over of that which the channel was told. */
export function endedOf({ ended }: RouteInput, told: Told): MissedIncident[] {
  return ended.flatMap((event) => {
    const { episode } = event;
    if (episode === null || !told.incidents.includes(episode.id)) return [];
    return [toMissedIncident(event, episode)];
  });
}

function toMissedIncident(
  { fingerprint, group, value, threshold, samples, reason, atMs }: AlertEvent,
  { id: incident, startedAtMs }: Episode,
): MissedIncident {
  const about = { incident, fingerprint, group, startedAtMs, endedAtMs: atMs };
  return { ...about, value, threshold, samples, reason };
}
