/** How ingest is doing. */
import { z } from 'zod';
import { count } from './parts.ts';

const milliseconds = z.number();

export const ingestSignal = z.object({
  signal: z.enum(['traces', 'logs', 'metrics']),
  /** Since the server started; records are spans, log records or data points. */
  requests: count,
  refusedRequests: count,
  acceptedRecords: count,
  rejectedRecords: count,
  wireBytes: count,
  inflatedBytes: count,
  decodeSeconds: count,
  /** One entry a minute, oldest first; the last minute is still running. */
  minutes: z.object({
    records: z.array(count),
    bytes: z.array(count),
    requests: z.array(count),
    refusedRequests: z.array(count),
    rejectedRecords: z.array(count),
  }),
});
export type IngestSignal = z.infer<typeof ingestSignal>;

export const ingestLoss = z.object({
  /** `refused` = a whole request; `rejected` = some records of a request that was taken. */
  kind: z.enum(['refused', 'rejected']),
  signal: ingestSignal.shape.signal,
  /** A stable word. */
  reason: z.string(),
  /** Records, or requests where nobody counted records; since the server started. */
  count,
  lastAt: z.iso.datetime(),
  lastProject: z.string().nullable(),
  /** The sentence the sender was answered last. */
  lastMessage: z.string(),
});
export type IngestLoss = z.infer<typeof ingestLoss>;

export const ingestSender = z.object({
  projectId: z.string(),
  serviceName: z.string(),
  dialect: z.string(),
  scopeName: z.string(),
  scopeVersion: z.string(),
  /** Empty when it did not tell. */
  sdkName: z.string(),
  sdkLanguage: z.string(),
  sdkVersion: z.string(),
  spansLastHour: count,
  lastSeen: z.iso.datetime(),
});
export type IngestSender = z.infer<typeof ingestSender>;

export const ingestHealth = z.object({
  verdict: z.enum(['ok', 'degraded', 'failing']),
  /** Sentences that say why it is not `ok`. */
  reasons: z.array(z.string()),
  startedAt: z.iso.datetime(),
  now: z.iso.datetime(),
  /** When something was taken last; null = nothing since the start. */
  lastTakenAt: z.iso.datetime().nullable(),
  signals: z.array(ingestSignal),
  /** Newest first. */
  losses: z.array(ingestLoss),
  underWay: z.object({ requests: count, maxRequests: count, bytes: count, maxBytes: count }),
  /** The write-ahead log; null when this server has none. */
  log: z
    .object({
      waitingRows: count,
      waitingBytes: count,
      maxBytes: count,
      segments: count,
      oldestAgeMs: milliseconds,
      damagedCommits: count,
      tornCommits: count,
      quarantinedSegments: count,
      failedInserts: count,
      commitP99Ms: milliseconds.nullable(),
      insertP99Ms: milliseconds.nullable(),
      /** From the acknowledgement to queries that see it. */
      visibleP50Ms: milliseconds.nullable(),
      visibleP99Ms: milliseconds.nullable(),
    })
    .nullable(),
  /** What the store answers; null when it does not. */
  store: z
    .object({
      tables: z.array(
        z.object({
          table: z.string(),
          rows: count,
          bytes: count,
          parts: count,
          maxPartsInPartition: count,
        }),
      ),
      /** Parts set aside as damaged: their rows are missing from every answer. */
      detachedParts: count,
      /** Of spans of the last five minutes, a sample: rows, and how many spans they are. */
      copies: z.object({ stored: count, distinct: count }),
      /** Of the last day, newest first, at most 200. */
      senders: z.array(ingestSender),
    })
    .nullable(),
  process: z.object({
    rssBytes: count,
    heapBytes: count,
    cpuSeconds: count,
    /** null for a ClickHouse server, and where it cannot be read. */
    engineRssBytes: count.nullable(),
    /** Of the last one to two minutes. */
    eventLoopP99Ms: milliseconds,
    eventLoopMaxMs: milliseconds,
    liveReaders: count,
  }),
});
export type IngestHealth = z.infer<typeof ingestHealth>;
