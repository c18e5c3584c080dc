import { Hono, type Context } from 'hono';
import { projectHeader } from '../project.ts';
import type { SpanSink } from '../store/store.ts';
import {
  countJsonRecords,
  countProtobufRecords,
  dataPointLevels,
  logRecordLevels,
} from './otlp/count-records.ts';
import { MalformedBodyError, maxMessages, TooManyMessagesError } from './otlp/request.ts';
import { createBodyBudget } from './body-budget.ts';
import { createQueue } from './one-by-one.ts';
import type { Pricer } from './pricing/pricer.ts';
import { readBody, type IngestLimits } from './read-body.ts';
import { Refusal } from './refusal.ts';
import {
  acceptedReply,
  encodingOf,
  refusedReply,
  type Encoding,
  type Outcome,
  type RejectedField,
} from './replies.ts';
import { takeSpans } from './take-spans.ts';

export type IngestOptions = {
  readonly sink: SpanSink;
  readonly price: Pricer;
  readonly limits: IngestLimits;
  /** Asked before the body is read; null when the headers name a project that cannot be. */
  readonly projectOf: (headers: Headers) => string | null;
  /** Hears of every refusal: how many spans or records, or 1 for a request nobody could count; and why the store was away. */
  readonly onRefused?: (reason: string, count: number, cause?: unknown) => void;
};

type Signal = {
  readonly path: string;
  readonly rejectedField: RejectedField;
  /** What `onRefused` calls the records that a taken request lost. */
  readonly rejectedReason: string;
  readonly take: (
    body: Buffer,
    encoding: Encoding,
    projectId: string,
    parts: Pick<IngestOptions, 'sink' | 'price'>,
  ) => Promise<Outcome>;
};

const signals: readonly Signal[] = [
  {
    path: '/v1/traces',
    rejectedField: 'rejectedSpans',
    rejectedReason: 'invalid_span',
    take: takeSpans,
  },
  {
    path: '/v1/logs',
    rejectedField: 'rejectedLogRecords',
    rejectedReason: 'logs_not_stored',
    take: async (body, encoding) =>
      rejectAll(
        encoding === 'application/json'
          ? countJsonRecords(body, logRecordLevels)
          : countProtobufRecords(body, logRecordLevels),
      ),
  },
  {
    path: '/v1/metrics',
    rejectedField: 'rejectedDataPoints',
    rejectedReason: 'metrics_not_stored',
    take: async (body, encoding) =>
      rejectAll(
        encoding === 'application/json'
          ? countJsonRecords(body, dataPointLevels)
          : countProtobufRecords(body, dataPointLevels),
      ),
  },
];

function rejectAll(count: number): Outcome {
  if (count === 0) return { rejected: 0, message: '' };
  return { rejected: count, message: 'This version of Orchescope stores traces only.' };
}

/** `POST /v1/traces`, `/v1/logs` and `/v1/metrics` of OTLP/HTTP, in protobuf and JSON. */
export function createIngestRoutes(options: IngestOptions): Hono {
  const app = new Hono();
  const receive = createReceiver(options);
  for (const signal of signals) {
    app.post(signal.path, (c) => receive(c, signal));
    app.all(signal.path, (c) => {
      const refusal = new Refusal('method', `Send ${signal.path} with POST.`);
      return refuse(refusal, encodingOf(c.req.header('content-type')), options);
    });
  }
  return app;
}

/** Bytes of all bodies from their first chunk to their answer. */
const maxHeldBytes = 128 * 1024 * 1024;
/** Decoded, a body is many times its size: larger ones become spans and are stored one by one. */
const largeBodyBytes = 2 * 1024 * 1024;

function createReceiver(options: IngestOptions) {
  const budget = createBodyBudget(maxHeldBytes);
  const oneByOne = createQueue();

  return async (c: Context, signal: Signal): Promise<Response> => {
    const encoding = encodingOf(c.req.header('content-type'));
    const share = budget.open();
    try {
      if (encoding === null) throw wrongType();
      const projectId = options.projectOf(c.req.raw.headers);
      if (projectId === null) throw wrongProject();
      // In a callback of its own: here the body would be held until the answer.
      const outcome = await readBody(c, options.limits, share).then((body) => {
        const take = () => signal.take(body, encoding, projectId, options);
        return body.length > largeBodyBytes ? oneByOne(take) : take();
      });
      if (outcome.rejected > 0) options.onRefused?.(signal.rejectedReason, outcome.rejected);
      return acceptedReply(encoding, outcome, signal.rejectedField);
    } catch (error) {
      return refuse(toRefusal(error), encoding, options);
    } finally {
      share.giveBack();
    }
  };
}

function refuse(refusal: Refusal, encoding: Encoding | null, options: IngestOptions): Response {
  // Other causes may quote the body.
  const cause = refusal.reason === 'unavailable' ? refusal.cause : undefined;
  options.onRefused?.(refusal.reason, refusal.count, cause);
  return refusedReply(encoding ?? 'application/json', refusal);
}

/** @throws the error itself when it is a fault of ours, for the server to log */
function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof MalformedBodyError) {
    return new Refusal('malformed', `The body cannot be read: ${error.message}.`, { cause: error });
  }
  if (error instanceof TooManyMessagesError) {
    return new Refusal(
      'too_large',
      `The body holds more than ${maxMessages} spans, attributes and values together: send smaller batches.`,
    );
  }
  throw error;
}

function wrongProject(): Refusal {
  return new Refusal(
    'project',
    `The header ${projectHeader} must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit.`,
  );
}

function wrongType(): Refusal {
  return new Refusal(
    'content_type',
    'Content-Type must be application/x-protobuf or application/json.',
  );
}
