import { Hono, type Context } from 'hono';
import { projectHeader } from '../project.ts';
import {
  MalformedBodyError,
  maxMessages,
  TooManyMessagesError,
  useValueDepth,
} from './otlp/request.ts';
import type { BodyBudget } from './body-budget.ts';
import type { IngestLimits } from './limits.ts';
import { createQueue } from './one-by-one.ts';
import type { ProjectLimits } from './project-limits.ts';
import { readBody } from './read-body.ts';
import { Refusal, toBehind } from './refusal.ts';
import {
  acceptedReply,
  encodingOf,
  refusedReply,
  type Encoding,
  type Outcome,
  type RejectedField,
} from './replies.ts';
import { takeLogs } from './take-logs.ts';
import { takeMetrics } from './take-metrics.ts';
import { takeSpans, type SpanParts } from './take-spans.ts';
import { useSpanLimits } from './to-span/limits.ts';
import type { IngestWatcher, SignalName } from './watcher.ts';

export type IngestOptions = SpanParts & {
  readonly limits: IngestLimits;
  /** Shared with whoever tells how much is held. */
  readonly budget: BodyBudget;
  readonly projectLimits: ProjectLimits;
  /** Asked before the body is read; null when the headers name a project that cannot be. */
  readonly projectOf: (headers: Headers) => string | null;
  readonly watcher: IngestWatcher;
};

type Signal = {
  readonly name: SignalName;
  /** What its records are called in sentences. */
  readonly noun: string;
  readonly path: string;
  readonly rejectedField: RejectedField;
  /** What the watcher calls the records that a taken request lost. */
  readonly rejectedReason: string;
  readonly take: (
    body: Buffer,
    encoding: Encoding,
    projectId: string,
    parts: SpanParts,
  ) => Promise<Outcome>;
};

const signals: readonly Signal[] = [
  {
    name: 'traces',
    noun: 'spans',
    path: '/v1/traces',
    rejectedField: 'rejectedSpans',
    rejectedReason: 'invalid_span',
    take: takeSpans,
  },
  {
    name: 'logs',
    noun: 'log records',
    path: '/v1/logs',
    rejectedField: 'rejectedLogRecords',
    rejectedReason: 'invalid_log_record',
    take: takeLogs,
  },
  {
    name: 'metrics',
    noun: 'data points',
    path: '/v1/metrics',
    rejectedField: 'rejectedDataPoints',
    rejectedReason: 'invalid_data_point',
    take: takeMetrics,
  },
];

/** `POST /v1/traces`, `/v1/logs` and `/v1/metrics` of OTLP/HTTP, in protobuf and JSON. */
export function createIngestRoutes(options: IngestOptions): Hono {
  useSpanLimits(options.limits);
  useValueDepth(options.limits.valueDepth);
  const app = new Hono();
  const receive = createReceiver(options);
  for (const signal of signals) {
    app.post(signal.path, (c) => receive(c, signal));
    app.all(signal.path, (c) => {
      const refusal = new Refusal('method', `Send ${signal.path} with POST.`);
      const encoding = encodingOf(c.req.header('content-type'));
      return refuse(refusal, encoding, { signal: signal.name, projectId: null }, options);
    });
  }
  return app;
}

/** Decoded, a body is many times its size: larger ones become spans and are stored one by one. */
const largeBodyBytes = 2 * 1024 * 1024;

function createReceiver(options: IngestOptions) {
  const oneByOne = createQueue();

  return async (c: Context, signal: Signal): Promise<Response> => {
    const encoding = encodingOf(c.req.header('content-type'));
    const about: RequestNames = { signal: signal.name, projectId: null };
    const share = options.budget.open();
    try {
      if (encoding === null) throw wrongType();
      const projectId = options.projectOf(c.req.raw.headers);
      if (projectId === null) throw wrongProject();
      about.projectId = projectId;
      options.projectLimits.admit(projectId);
      if (options.writer.isBehind()) throw toBehind(signal.noun);
      // In a callback of its own: here the body would be held until the answer.
      const { outcome, ...sizes } = await readBody(c, options.limits, share).then(
        async ({ body, wireBytes }) => {
          share.enter();
          options.projectLimits.charge(projectId, { bytes: body.length });
          const inflatedBytes = body.length;
          const take = () => signal.take(body, encoding, projectId, options);
          const outcome = await (inflatedBytes > largeBodyBytes ? oneByOne(take) : take());
          return { outcome, wireBytes, inflatedBytes };
        },
      );
      const { accepted, rejected } = outcome;
      options.projectLimits.charge(projectId, { spans: accepted + rejected });
      const { name, rejectedReason } = signal;
      options.watcher.taken({ signal: name, projectId, ...sizes, ...outcome, rejectedReason });
      return acceptedReply(encoding, outcome, signal.rejectedField);
    } catch (error) {
      return refuse(toRefusal(error), encoding, about, options);
    } finally {
      share.giveBack();
    }
  };
}

/** The project is filled in once it is known. */
type RequestNames = { readonly signal: SignalName; projectId: string | null };

function refuse(
  refusal: Refusal,
  encoding: Encoding | null,
  about: RequestNames,
  { watcher }: Pick<IngestOptions, 'watcher'>,
): Response {
  const { reason, count, message } = refusal;
  // Other causes may quote the body.
  const cause = reason === 'unavailable' ? refusal.cause : undefined;
  watcher.refused({ ...about, reason, count, message, cause });
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
