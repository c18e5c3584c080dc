/** What ingest tells of its work, request by request. Counters and the ingest page are made of it. */
import type { RefusalReason } from './refusal.ts';

export type SignalName = 'traces' | 'logs' | 'metrics';

/** A request that was answered 200. */
export type TakenRequest = {
  readonly signal: SignalName;
  readonly projectId: string;
  /** As they came over the wire, and inflated. */
  readonly wireBytes: number;
  readonly inflatedBytes: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Why the rejected ones were: a stable word. */
  readonly rejectedReason: string;
  /** The sentence the sender read about them; empty when there was none. */
  readonly message: string;
  /** From the whole body to canonical rows. */
  readonly decodeMs: number;
};

/** A request that was turned away whole. */
export type RefusedRequest = {
  readonly signal: SignalName;
  /** Null when the refusal came before a project was chosen. */
  readonly projectId: string | null;
  readonly reason: RefusalReason;
  /** Records of it, 1 when nobody counted them. */
  readonly count: number;
  readonly message: string;
  /** Why the store was away. Other causes may quote the body. */
  readonly cause: unknown;
};

export type IngestWatcher = {
  readonly taken: (request: TakenRequest) => void;
  readonly refused: (request: RefusedRequest) => void;
};
