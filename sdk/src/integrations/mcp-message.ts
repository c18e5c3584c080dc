import type { Attributes } from '@opentelemetry/api';
import { genAi, otel } from '../attributes.ts';
import type { LooseSpec, Operation } from '../operation.ts';
import { captureMode, toText } from '../redact.ts';
import type { Carrier } from '../spec.ts';
import { AnswerError } from './genai-errors.ts';
import { at, listAt, numberAt, textAt } from './json.ts';

/** JSON-RPC as it comes over the wire: a request has a method and an id, an answer an id alone. */
export type Message = Readonly<Record<string, unknown>>;

/** Shaking hands and knocking say nothing of the work, and would each be a trace of its own. */
const unspoken: ReadonlySet<unknown> = new Set(['initialize', 'ping']);

/** The id of a request or an answer, as a key. */
export const idOf = ({ id }: Message): string | undefined =>
  typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;

/** True for requests that become spans. */
export const isWork = (message: Message): boolean =>
  typeof message['method'] === 'string' &&
  idOf(message) !== undefined &&
  !unspoken.has(message['method']);

export const isAnswer = (message: Message): boolean =>
  message['method'] === undefined && idOf(message) !== undefined;

/** The request that this notification takes back, and why. */
export const cancelledBy = (
  message: Message,
): { readonly id: string; readonly reason: string } | undefined => {
  if (message['method'] !== 'notifications/cancelled') return undefined;
  const id = at(message, 'params', 'requestId');
  return { id: String(id), reason: textAt(message, 'params', 'reason') ?? '' };
};

/** `tools/call search`, `prompts/get greeting`, `resources/read`: never a URI, there may be any number of them. */
export const titleOf = (message: Message): string => {
  const method = String(message['method']);
  const name = textAt(message, 'params', 'name');
  return name !== undefined && named.has(method) ? `${method} ${toText('name', name)}` : method;
};

const named: ReadonlySet<string> = new Set(['tools/call', 'prompts/get']);

/** A call of a tool is a tool; whatever else is asked is a step of the conversation. */
export const toSpec = (message: Message, sessionId: unknown): LooseSpec => {
  const method = String(message['method']);
  const attributes = attributesOf(message, method, sessionId);
  if (method !== 'tools/call') return { kind: 'step', name: method, attributes };
  const args = at(message, 'params', 'arguments');
  const name = textAt(message, 'params', 'name') ?? method;
  return { kind: 'tool', name, attributes, ...(args !== undefined && { args }) };
};

const attributesOf = (message: Message, method: string, sessionId: unknown): Attributes => {
  const prompt = method === 'prompts/get' ? textAt(message, 'params', 'name') : undefined;
  const uri = captureMode() === 'off' ? undefined : textAt(message, 'params', 'uri');
  return {
    [otel.mcpMethodName]: method,
    [otel.jsonrpcRequestId]: idOf(message) ?? '',
    ...(typeof sessionId === 'string' && { [otel.mcpSessionId]: sessionId }),
    ...(prompt !== undefined && { [genAi.promptName]: prompt }),
    ...(uri !== undefined && { [otel.mcpResourceUri]: uri }),
  };
};

const headers = ['traceparent', 'tracestate', 'baggage'] as const;

/** The trace that a request says it belongs to. */
export const carrierIn = (message: Message): Carrier => {
  const carrier: Carrier = {};
  for (const header of headers) {
    const value = textAt(message, 'params', '_meta', header);
    if (value !== undefined) carrier[header] = value;
  }
  return carrier;
};

/** The same request with a trace to belong to. The caller's own object stays as it is. */
export const withCarrier = (message: Message, carrier: Carrier): Message => {
  const params = message['params'] as object | undefined;
  const meta = at(params, '_meta') as object | undefined;
  return { ...message, params: { ...params, _meta: { ...meta, ...carrier } } };
};

/** Ends the span of a request by what was answered. A tool that failed says so in its result. */
export const settle = (operation: Operation, answer: Message): void => {
  const code = numberAt(answer, 'error', 'code');
  const result = answer['result'];
  if (result !== undefined) operation.set({ result });
  if (answer['error'] !== undefined) {
    if (code !== undefined) operation.span.setAttribute(otel.rpcResponseStatusCode, String(code));
    operation.fail(failure(String(code ?? '_OTHER'), textAt(answer, 'error', 'message')));
  } else if (at(result, 'isError') === true) operation.fail(failure('tool_error', said(result)));
  else operation.succeed(true);
};

const said = (result: unknown): string =>
  listAt(result, 'content')
    .map((part) => textAt(part, 'text') ?? '')
    .join(' ');

/** An error that nobody has thrown here. */
export const failure = (type: string, message = ''): Error => new AnswerError({ type, message });

const timedOut = '-32001';

/** A request that its caller gave up: of its own will, or because it took too long. */
export const takeBack = (operation: Operation, reason: string): void =>
  operation.fail(
    reason.includes(timedOut) ? failure(timedOut, reason) : failure('AbortError', reason),
  );
