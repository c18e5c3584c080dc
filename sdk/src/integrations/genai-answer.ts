import type { Context } from '@opentelemetry/api';
import { orchescope, otel } from '../attributes.ts';
import type { OrchEvent } from '../events.ts';
import type { Operation } from '../operation.ts';
import { followReadable, type Follower } from '../readable-stream.ts';
import { safely } from '../safely.ts';
import type { AnswerFacts, GenaiApi } from './genai-api.ts';
import { isTransient, retryAfterMs } from './genai-attempts.ts';
import { AnswerError, causeOf, nameOf } from './genai-errors.ts';
import { EventBody, WholeBody, type Body } from './genai-body.ts';

/** What an attempt came to, for the attempt after it. */
export type OnFailure = (reason: string) => void;

/** What an answer is told to: the operation of its request, or of the call that the request is part of. */
export type Answered = Pick<Operation, 'span' | 'context' | 'chunk'> & {
  readonly set: (facts: AnswerFacts['facts']) => unknown;
  readonly emit: (event: OrchEvent) => unknown;
  readonly succeed: (ok: boolean) => void;
  readonly fail: (error: unknown) => void;
  readonly abandon: () => void;
};

/**
 * The answer, handed on byte by byte as it is read, and the end of the operation when it has been read, has failed
 * or was left. The client gets a response that is the server's in all it can ask.
 */
export const followAnswer = (
  response: Response,
  api: GenaiApi,
  operation: Answered,
  onFailure: OnFailure,
): Response => {
  operation.span.setAttribute(otel.httpStatusCode, response.status);
  const ending = new AnswerEnding(response, api, operation, onFailure);
  if (response.body === null || response.bodyUsed) {
    ending.done();
    return response;
  }
  return response instanceof Response ? tapped(response, ending) : copied(response, ending);
};

/** Reading along, not cloning: a clone would go on after the client has left, and end after the client has gone on. */
const tapped = (response: Response, ending: AnswerEnding): Response => {
  const { status, statusText, headers } = response;
  const body = followReadable(response.body as ReadableStream<unknown>, ending);
  const same = new Response(body as ReadableStream<Uint8Array>, { status, statusText, headers });
  for (const name of ['url', 'redirected', 'type'] as const)
    Object.defineProperty(same, name, { configurable: true, value: response[name] });
  return same;
};

/** Another implementation of fetch: we cannot make a response of its kind, so its own `clone` must do. */
const copied = (response: Response, ending: AnswerEnding): Response => {
  const read = async (copy: Response): Promise<void> => {
    ending.chunk(new Uint8Array(await copy.arrayBuffer()));
    ending.done();
  };
  read(response.clone()).catch((error: unknown) => ending.fail(error));
  return response;
};

/** Ends what was forgotten. Made at the first answer, not at import. */
let forgotten: FinalizationRegistry<AnswerEnding> | undefined;

class AnswerEnding implements Follower {
  private readonly response: Response;
  private readonly api: GenaiApi;
  private readonly operation: Answered;
  private readonly onFailure: OnFailure;
  private readonly body: Body;
  private over = false;

  constructor(response: Response, api: GenaiApi, operation: Answered, onFailure: OnFailure) {
    this.response = response;
    this.api = api;
    this.operation = operation;
    this.onFailure = onFailure;
    const streamed = response.headers.get('content-type')?.includes('text/event-stream') === true;
    this.body = streamed ? new EventBody(api, () => operation.chunk()) : new WholeBody();
  }

  get context(): Context {
    return this.operation.context;
  }

  watch(stream: object): void {
    forgotten ??= new FinalizationRegistry((ending) => ending.abandon());
    forgotten.register(stream, this);
  }

  /** A body that comes in pieces is not yet a stream of words. */
  streaming(): this {
    return this;
  }

  chunk(bytes: unknown): void {
    safely('reading an answer', () => this.body.push(bytes as Uint8Array));
  }

  done(): void {
    if (this.over) return;
    this.over = true;
    const failure = safely('reading an answer', () => this.tell());
    if (failure === undefined) this.operation.succeed(true);
    else this.refused(failure);
  }

  fail(error: unknown): void {
    if (this.over) return;
    this.over = true;
    const failure = safely('reading an answer', () => this.tell());
    // A client that reads of a failure in a stream breaks the stream off: the failure came first.
    if (failure !== undefined) return this.refused(failure);
    this.onFailure(nameOf(error));
    this.operation.fail(causeOf(error));
  }

  /** The client left the body and forgot it, as Google's does: it was garbage-collected half read. */
  abandon(): void {
    if (this.over) return;
    this.over = true;
    safely('reading an answer', () => this.tell());
    this.operation.abandon();
  }

  /** Writes what the answer says; returns what went wrong. */
  private tell(): { type: string; message: string } | undefined {
    const { status } = this.response;
    const body = this.body.whole();
    const { facts, toolCalls, failure }: AnswerFacts =
      body === undefined ? { facts: {} } : this.api.answer(body);
    this.operation.set(facts);
    // Names alone, so that they can be told whatever the capture setting is.
    if (toolCalls && toolCalls.length > 0)
      this.operation.span.setAttribute(orchescope.responseToolCalls, toolCalls.slice(0, 128));
    if (status < 400) return failure;
    return { type: String(status), message: failure?.message ?? this.response.statusText };
  }

  private refused(failure: { type: string; message: string }): void {
    const { status, headers } = this.response;
    const waitMs = safely('reading retry-after', () => retryAfterMs(headers));
    const by =
      status === 429 ? 'rate_limit' : status === 503 || status === 529 ? 'backpressure' : undefined;
    if (by !== undefined)
      this.operation.emit({
        type: 'rejected',
        by,
        ...(waitMs !== undefined && { retryAfterMs: waitMs }),
      });
    if (isTransient(status)) this.onFailure(failure.type);
    this.operation.fail(new AnswerError(failure));
  }
}
