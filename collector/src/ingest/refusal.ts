import { StoreBusyError, StoreUnavailableError } from '../store/store.ts';

/** Why a whole request is turned away. OTLP senders repeat 429 and 503; every other status here is final. */
export type RefusalReason =
  | 'method'
  | 'content_type'
  | 'content_encoding'
  | 'project'
  | 'too_large'
  | 'malformed'
  | 'disconnected'
  /** The project sends more than it may. */
  | 'project_rate'
  /** More requests under way, or more bytes in them, than we hold. */
  | 'overload'
  | 'unavailable';

type Answer = { readonly status: 400 | 405 | 413 | 415 | 429 | 503; readonly grpcCode: number };

export const refusalAnswers: Readonly<Record<RefusalReason, Answer>> = {
  method: { status: 405, grpcCode: 12 },
  content_type: { status: 415, grpcCode: 3 },
  content_encoding: { status: 415, grpcCode: 3 },
  project: { status: 400, grpcCode: 3 },
  too_large: { status: 413, grpcCode: 8 },
  malformed: { status: 400, grpcCode: 3 },
  disconnected: { status: 400, grpcCode: 1 },
  project_rate: { status: 429, grpcCode: 8 },
  overload: { status: 429, grpcCode: 8 },
  unavailable: { status: 503, grpcCode: 14 },
};

export type RefusalOptions = ErrorOptions & {
  readonly count?: number;
  readonly retryAfterSeconds?: number;
};

/** The message is for the sender: what is wrong and what to change. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  /** Spans that were turned away, 1 when nobody counted them. */
  readonly count: number;
  /** Told with 429 and 503. Exporters give up after about ten seconds in all: keep it short. */
  readonly retryAfterSeconds: number;

  constructor(reason: RefusalReason, message: string, options?: RefusalOptions) {
    super(message, options);
    this.reason = reason;
    this.count = options?.count ?? 1;
    this.retryAfterSeconds = options?.retryAfterSeconds ?? 1;
  }
}

/** @param noun `spans`, `log records`, `data points` */
export function toStoreRefusal(error: unknown, noun: string, count: number): Refusal | null {
  if (error instanceof StoreBusyError) return toBehind(noun, count);
  if (!(error instanceof StoreUnavailableError)) return null;
  return new Refusal('unavailable', `The store cannot take ${noun} now: try again.`, {
    cause: error,
    count,
  });
}

export function toBehind(noun: string, count = 1): Refusal {
  return new Refusal(
    'overload',
    `More ${noun} come than the store can take: try again in a moment.`,
    { count },
  );
}
