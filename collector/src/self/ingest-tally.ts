/** Everything ingest tells, counted since the start and by minute. */
import type { IngestWatcher, RefusedRequest, SignalName, TakenRequest } from '../ingest/watcher.ts';
import { createCappedNames } from './capped-names.ts';
import { createCounter } from './counter.ts';
import { createMinuteRing, type Minute } from './minute-ring.ts';

export const signalNames: readonly SignalName[] = ['traces', 'logs', 'metrics'];
const maxProjects = 100;

/** Records or requests that were not taken, and the last of them. */
export type Loss = {
  /** `refused` = the whole request, the sender was told so; `rejected` = some records of a request that was taken. */
  readonly kind: 'refused' | 'rejected';
  readonly signal: SignalName;
  readonly reason: string;
  readonly count: number;
  readonly lastAtMs: number;
  /** Null when the refusal came before a project was chosen. */
  readonly lastProjectId: string | null;
  readonly lastMessage: string;
};

export type IngestTally = {
  readonly watcher: IngestWatcher;
  readonly counters: ReturnType<typeof createCounters>;
  readonly losses: () => readonly Loss[];
  readonly minutes: (signal: SignalName) => readonly Minute[];
};

export function createIngestTally(nowMs: () => number = Date.now): IngestTally {
  const counters = createCounters();
  const projectLabel = createCappedNames(maxProjects);
  // By kind, signal and reason, all of them our own words.
  const losses = new Map<string, Loss>();
  const rings = new Map(signalNames.map((signal) => [signal, createMinuteRing(nowMs)]));

  function lose(loss: Omit<Loss, 'lastAtMs'>): void {
    const key = `${loss.kind} ${loss.signal} ${loss.reason}`;
    const count = (losses.get(key)?.count ?? 0) + loss.count;
    losses.set(key, { ...loss, count, lastAtMs: nowMs() });
  }

  function taken(request: TakenRequest): void {
    const { signal, projectId, wireBytes, inflatedBytes, accepted, rejected } = request;
    const project = projectLabel(projectId);
    const labels = { signal, project };
    counters.requests.add(labels, 1);
    counters.wireBytes.add(labels, wireBytes);
    counters.inflatedBytes.add(labels, inflatedBytes);
    counters.received.add(labels, accepted + rejected);
    counters.accepted.add(labels, accepted);
    counters.decodeSeconds.add({ signal }, request.decodeMs / 1000);
    rings.get(signal)?.add({
      requests: 1,
      records: accepted,
      bytes: inflatedBytes,
      rejectedRecords: rejected,
    });
    if (rejected === 0) return;
    const reason = request.rejectedReason;
    counters.rejected.add({ ...labels, reason }, rejected);
    lose({
      kind: 'rejected',
      signal,
      reason,
      count: rejected,
      lastProjectId: projectId,
      lastMessage: request.message,
    });
  }

  function refused({ signal, projectId, reason, count, message }: RefusedRequest): void {
    const project = projectId === null ? 'unknown' : projectLabel(projectId);
    counters.requests.add({ signal, project }, 1);
    counters.refused.add({ signal, project, reason }, 1);
    rings.get(signal)?.add({ requests: 1, refusedRequests: 1, refusedRecords: count });
    lose({
      kind: 'refused',
      signal,
      reason,
      count,
      lastProjectId: projectId,
      lastMessage: message,
    });
  }

  return {
    watcher: { taken, refused },
    counters,
    losses: () => [...losses.values()].sort((a, b) => b.lastAtMs - a.lastAtMs),
    minutes: (signal) => rings.get(signal)?.read() ?? [],
  };
}

function createCounters() {
  const bySender = ['signal', 'project'] as const;
  const byReason = ['signal', 'project', 'reason'] as const;
  return {
    requests: createCounter(bySender),
    wireBytes: createCounter(bySender),
    inflatedBytes: createCounter(bySender),
    received: createCounter(bySender),
    accepted: createCounter(bySender),
    refused: createCounter(byReason),
    rejected: createCounter(byReason),
    decodeSeconds: createCounter(['signal'] as const),
  };
}
