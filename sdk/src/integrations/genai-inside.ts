import { context } from '@opentelemetry/api';
import { activeContext } from '../ambient.ts';
import { redactAttributes } from '../redact.ts';
import { safely } from '../safely.ts';
import { followAnswer, type Answered, type OnFailure } from './genai-answer.ts';
import { rememberFailure } from './genai-attempts.ts';
import { attemptAt, insideCall, retryOf, serverOf, type GenaiCall } from './genai-call.ts';
import { providerOf } from './genai-endpoints.ts';
import { nameOf } from './genai-errors.ts';
import { parse, told } from './json.ts';
import type { ModelCall } from './openai-agents-current.ts';

/**
 * Sends a request for a model call that a framework has made a span of. There is no second span; the first learns
 * what only the wire tells: the server, parameters, time to first chunk, tries. The answer is kept aside until the
 * framework ends its span: whether words are told is the framework's setting as well.
 */
export const observeInside = async (
  call: GenaiCall,
  around: ModelCall,
  send: () => Promise<Response>,
): Promise<Response> => {
  const onFailure = safely('reading a request', () => tellRequest(call, around));
  const inside = insideCall(activeContext());
  let response: Response;
  try {
    response = await context.with(inside, send);
  } catch (error) {
    onFailure?.(nameOf(error));
    throw error;
  }
  return safely(
    'following an answer',
    () => followAnswer(response, call.api, toAnswered(around), onFailure ?? (() => {})),
    response,
  );
};

const tellRequest = (call: GenaiCall, around: ModelCall): OnFailure => {
  const { api, url, body, provider } = call;
  const { operation } = around;
  const { model, stream, attributes } = api.request(parse(body), url);
  const { key, before, attempt } = attemptAt(call);
  if (before) operation.emit(retryOf(before));
  around.failure = undefined;
  around.model = model ?? around.model;
  operation.span.setAttributes(redactAttributes({ ...serverOf(url), ...attributes }));
  operation.set(told({ provider: provider ?? providerOf(url, api), model, stream }));
  const span = operation.span.spanContext();
  return (reason) => rememberFailure(key, { attempt, span, reason });
};

/** The framework ends its own span; what the request came to is kept until then. */
const toAnswered = (around: ModelCall): Answered => {
  const { operation } = around;
  return {
    span: operation.span,
    context: activeContext(),
    set: (facts) => {
      around.answer = facts;
    },
    emit: (event) => operation.emit(event),
    chunk: () => operation.chunk(),
    succeed: () => {},
    fail: (error) => {
      around.failure = error;
    },
    abandon: () => {},
  };
};
