/**
 * An evaluation that is made up for. People hear of what is, not of what was meanwhile; but what began and was over
 * meanwhile they would never hear of. So the channels are told on paper, by the very comparison that tells them
 * otherwise: what holds messages back at the time of the evaluation holds these back as well.
 */
import type { Missed, Told } from '../instance.ts';
import { nothingTold, route, type RouteInput } from './route.ts';
import { addEnded, endedOf } from './sort-missed.ts';

/** @returns what takes the place of `missed`; `told` stays what it is */
export function miss(input: RouteInput): readonly Missed[] {
  const isQuiet = input.instances.every(({ episode }) => episode === null);
  if (isQuiet && input.ended.length === 0) return input.missed;
  const toldOf = new Map(input.told.map((told) => [told.channel, told]));
  const missedOf = new Map(input.missed.map((missed) => [missed.channel, missed]));
  const channels = [...new Set([...toldOf.keys(), ...missedOf.keys()])];
  const meant = channels.map((channel) =>
    toMeant(toldOf.get(channel) ?? nothingTold(channel), missedOf.get(channel)),
  );
  const routed = route({ ...input, told: meant, missed: [] });
  return routed.told.flatMap((next) => {
    const told = toldOf.get(next.channel) ?? nothingTold(next.channel);
    const before = missedOf.get(next.channel) ?? nothingMissed(next.channel);
    const { over, restCount } = addEnded(before, input, told);
    const open = next.incidents.filter((id) => !told.incidents.includes(id));
    const ended = [...before.ended, ...endedOf(input, told)];
    if (open.length === 0 && over.length === 0 && ended.length === 0) return [];
    return [{ channel: next.channel, meantAtMs: next.toldAtMs, open, over, restCount, ended }];
  });
}

function toMeant(told: Told, missed: Missed | undefined): Told {
  if (missed === undefined) return told;
  return {
    channel: told.channel,
    incidents: [...told.incidents, ...missed.open],
    toldAtMs: Math.max(told.toldAtMs, missed.meantAtMs),
    // That it is remembered at all.
    sequence: told.sequence + 1,
  };
}

function nothingMissed(channel: string): Missed {
  return { channel, meantAtMs: 0, open: [], over: [], restCount: 0, ended: [] };
}
