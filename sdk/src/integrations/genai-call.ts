import {
  context,
  createContextKey,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api';
import { activeContext } from '../ambient.ts';
import { genAi, orchescope, otel } from '../attributes.ts';
import { emit, type OrchEvent } from '../events.ts';
import { open, type LooseSpec, type Operation } from '../operation.ts';
import { captureMode, toContent } from '../redact.ts';
import { safely } from '../safely.ts';
import { followAnswer } from './genai-answer.ts';
import type { GenaiApi, RequestFacts } from './genai-api.ts';
import { causeOf, nameOf } from './genai-errors.ts';
import { rememberFailure, requestKey, takeFailure, type Failed } from './genai-attempts.ts';
import { providerOf } from './genai-endpoints.ts';
import { parse } from './json.ts';

/** A request to a model, before it is sent. */
export type GenaiCall = {
  readonly api: GenaiApi;
  readonly url: URL;
  readonly headers: Headers;
  /** The body when it is a text; empty when it cannot be read without using it up. */
  readonly body: string;
  readonly provider: string | undefined;
};

/** Sends the request inside a span of its own. What comes back is what the server sent. */
export const observeCall = async (
  call: GenaiCall,
  send: () => Promise<Response>,
): Promise<Response> => {
  const started = safely('reading a request', () => start(call));
  if (started === undefined) return send();
  const { operation, onFailure } = started;
  let response: Response;
  try {
    response = await context.with(insideCall(operation.context), send);
  } catch (error) {
    onFailure(nameOf(error));
    operation.fail(causeOf(error));
    throw error;
  }
  return (
    safely('following an answer', () => followAnswer(response, call.api, operation, onFailure)) ??
    left(operation, response)
  );
};

const left = (operation: Operation, response: Response): Response => {
  operation.succeed(true);
  return response;
};

/** In the context of a request of ours, so that a wrapper below another one is silent even where spans are not sampled. */
const insideKey = createContextKey('orchescope.inference');

const inferences: ReadonlySet<unknown> = new Set([
  'chat',
  'generate_content',
  'text_completion',
  'embeddings',
]);

export const insideCall = (around: Context): Context => around.setValue(insideKey, true);

export const isInsideCall = (): boolean => context.active().getValue(insideKey) === true;

/** Someone has a span for this call already: the client itself, its framework, or the user. */
export const isInsideInference = (): boolean => {
  const active = activeContext();
  const span = trace.getSpan(active) as { attributes?: Attributes } | undefined;
  return span !== undefined && inferences.has(span.attributes?.[genAi.operationName]);
};

type Started = { readonly operation: Operation; readonly onFailure: (reason: string) => void };

/** Nothing where no OpenTelemetry SDK is registered: then reading along would be for nobody. */
const start = (call: GenaiCall): Started | undefined => {
  const { api, url, body } = call;
  const asked = parse(body);
  if (body !== '' && !api.isRequest(asked)) return undefined;
  const { key, before, attempt } = attemptAt(call);
  if (before) emit(retryOf(before));
  const spec: LooseSpec = {
    ...toSpec(call, api.request(asked, url), attempt),
    ...(before && { links: [{ to: before.span, rel: 'retries' }] }),
  };
  const operation = open(spec, [], {
    integration: 'genai-fetch',
    ...(api.operation !== undefined && { operation: api.operation }),
  });
  const span = operation.span.spanContext();
  if (!trace.isSpanContextValid(span)) return undefined;
  const onFailure = (reason: string): void => rememberFailure(key, { attempt, span, reason });
  return { operation, onFailure };
};

type Attempt = {
  readonly key: string;
  readonly before: Failed | undefined;
  /** 1 = the first try. */
  readonly attempt: number;
};

/** Which try of its call a request is. */
export const attemptAt = ({ url, headers, body }: GenaiCall): Attempt => {
  const parent = trace.getSpanContext(activeContext())?.spanId ?? '';
  const key = requestKey(parent, url.href, body);
  const counted = attemptOf(headers);
  const before = repeats(takeFailure(key), counted);
  return { key, before, attempt: counted ?? (before ? before.attempt + 1 : 1) };
};

export const retryOf = ({ attempt, reason, atMs }: Failed): OrchEvent => ({
  type: 'retry',
  attempt,
  reason,
  delayMs: performance.now() - atMs,
});

/** The failure that this request is another try of. One that the user stopped and asked again is not. */
const repeats = (failed: Failed | undefined, counted: number | undefined): Failed | undefined =>
  (counted === undefined ? failed?.reason !== 'AbortError' : counted > 1) ? failed : undefined;

/** OpenAI's clients and those made by the same generator count their retries from 0. */
const attemptOf = (headers: Headers): number | undefined => {
  const count = Number(headers.get('x-stainless-retry-count') ?? Number.NaN);
  return Number.isInteger(count) ? count + 1 : undefined;
};

const toSpec = (call: GenaiCall, asked: RequestFacts, attempt: number): LooseSpec => {
  const { api, url } = call;
  return {
    kind: api.kind,
    name: api.name,
    provider: call.provider ?? providerOf(url, api),
    ...(asked.model !== undefined && { model: asked.model }),
    ...(asked.stream !== undefined && { stream: asked.stream }),
    ...(asked.input !== undefined && { input: asked.input }),
    attributes: {
      ...serverOf(url),
      ...asked.attributes,
      ...(attempt > 1 && { [orchescope.retryAttempt]: attempt }),
      ...contentOf(asked),
    },
  };
};

export const serverOf = (url: URL): Attributes => ({
  [otel.serverAddress]: url.hostname,
  [otel.serverPort]: url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port),
});

/** What comes with the messages, where content may be recorded. */
export const contentOf = ({
  system,
  tools,
}: {
  readonly system?: unknown;
  readonly tools?: unknown;
}): Attributes => {
  if (captureMode() !== 'full') return {};
  return {
    ...(system !== undefined && { [genAi.systemInstructions]: toContent(system).text }),
    ...(tools !== undefined && { [genAi.toolDefinitions]: toContent(tools).text }),
  };
};
