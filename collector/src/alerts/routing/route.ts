/**
 * Who is told what after an evaluation of a rule. Each channel is compared with what fires now: the difference is its
 * messages. So whatever was held back goes out as soon as nothing holds it back, and nothing is told twice.
 */
import type { AlertMessage, Delivery } from '../delivery.ts';
import type { AlertSettings } from '../alert-settings.ts';
import type { AlertEvent, Instance, Missed, Told } from '../instance.ts';
import type { TimedRule } from '../timed-rule.ts';
import { tellChannel } from './tell-channel.ts';
import { toFlags, toThings } from './things.ts';

export type InstanceFlags = {
  readonly silenced: boolean;
  readonly inhibited: boolean;
  readonly muted: boolean;
  readonly acknowledged: boolean;
};

export type RouteInput = {
  readonly projectId: string;
  readonly timed: TimedRule;
  readonly unit: string;
  /** After the evaluation. */
  readonly instances: readonly Instance[];
  /** Whatever was resolved by it: its group may be gone, and those who were told still hear that it is over. */
  readonly ended: readonly AlertEvent[];
  readonly told: readonly Told[];
  readonly missed: readonly Missed[];
  readonly settings: AlertSettings;
  /** Ids of the rules of the project that fire now. */
  readonly firingRules: ReadonlySet<string>;
  /** Groups beyond those that are watched. */
  readonly overflow: number;
  /** Of the evaluation. */
  readonly atMs: number;
  /** That was evaluated. */
  readonly window: AlertMessage['window'];
  /** Trace ids of a group by its fingerprint, worst first. */
  readonly exemplarsOf: (fingerprint: string) => readonly string[];
};

export type Routed = {
  /** What the channels will have been told; takes the place of `told`. */
  readonly told: readonly Told[];
  /** What is still to be told of it; takes the place of `missed`. */
  readonly missed: readonly Missed[];
  /** In the order in which they have to arrive. */
  readonly deliveries: readonly Delivery[];
  /** By fingerprint, of every instance. */
  readonly flags: ReadonlyMap<string, InstanceFlags>;
};

export function route(input: RouteInput): Routed {
  const flags = toFlags(input);
  const things = toThings(input, flags);
  const toldOf = new Map(input.told.map((told) => [told.channel, told]));
  const { rule } = input.timed;
  const answers = input.settings.channels.map(({ channel }) => {
    const isNamed = rule.channels.includes(channel.name);
    const told = toldOf.get(channel.name) ?? nothingTold(channel.name);
    const isWanted = rule.channels.length === 0 ? channel.isDefault : isNamed;
    return tellChannel(input, things, { channel, told, isWanted });
  });
  return {
    // A channel that is gone is forgotten, and one that never heard of the rule is not worth keeping.
    told: answers.map(({ told }) => told).filter(({ sequence }) => sequence > 0),
    missed: answers.flatMap(({ missed }) => (missed === null ? [] : [missed])),
    deliveries: answers.flatMap(({ deliveries }) => deliveries),
    flags,
  };
}

export function nothingTold(channel: string): Told {
  return { channel, incidents: [], toldAtMs: 0, sequence: 0 };
}
