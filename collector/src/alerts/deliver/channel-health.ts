/** Which channels work: whether one has failed since, and how long it wants to be left alone. */
import type { AttemptRow, ChannelFailure } from '../../store/delivery-log.ts';

export type ChannelName = { readonly projectId: string; readonly channel: string };

export type ChannelHealth = {
  /** Of channels that failed before this process began. */
  readonly restore: (failures: readonly ChannelFailure[]) => void;
  /** @param pauseMs that it asked for; 0 = none */
  readonly note: (row: AttemptRow, pauseMs: number) => void;
  /** Null while it works. */
  readonly failureOf: (name: ChannelName) => ChannelFailure | null;
  /** 0 when it may be asked at once. */
  readonly pausedUntilMs: (name: ChannelName) => number;
  readonly failures: () => readonly ChannelFailure[];
};

export function createChannelHealth(): ChannelHealth {
  const failures = new Map<string, ChannelFailure>();
  const pauses = new Map<string, number>();
  return {
    restore: (known) => {
      for (const failure of known) failures.set(toChannelKey(failure), failure);
    },
    note: (row, pauseMs) => {
      const key = toChannelKey(row);
      pauses.delete(key);
      if (row.outcome === 'delivered') failures.delete(key);
      else {
        const { projectId, channel, message: error, atMs } = row;
        const failingSinceMs = failures.get(key)?.failingSinceMs ?? atMs;
        failures.set(key, { projectId, channel, failingSinceMs, error });
        if (pauseMs > 0) pauses.set(key, atMs + pauseMs);
      }
    },
    failureOf: (name) => failures.get(toChannelKey(name)) ?? null,
    pausedUntilMs: (name) => pauses.get(toChannelKey(name)) ?? 0,
    failures: () => [...failures.values()],
  };
}

/** Names of projects are chosen by senders: JSON keeps them apart from what follows. */
export function toChannelKey({ projectId, channel }: ChannelName): string {
  return JSON.stringify([projectId, channel]);
}
