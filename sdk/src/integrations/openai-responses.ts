import { genAi } from '../attributes.ts';
import { captureMode } from '../redact.ts';
import type { AnswerFacts, GenaiApi, Merge, RequestFacts } from './genai-api.ts';
import {
  openaiPart,
  other,
  parts,
  reasoning,
  text,
  toolCall,
  toolResponse,
  type Message,
  type Part,
  messagesOf,
} from './genai-parts.ts';
import { failureOf, inPathOf } from './openai-errors.ts';
import { openaiUsage } from './openai-usage.ts';
import { at, listAt, numberAt, textAt, told } from './json.ts';

/** `POST /responses`. */
export const openaiResponses: GenaiApi = {
  name: 'responses',
  kind: 'llm',
  provider: 'openai',
  isRequest: (body) =>
    typeof at(body, 'model') === 'string' &&
    (at(body, 'input') !== undefined || at(body, 'prompt') !== undefined),
  request: (body, url) => readRequest(body, url),
  answer: (body) => readAnswer(body),
  merge: () => mergeEvents(),
};

const readRequest = (body: unknown, url: URL): RequestFacts => {
  const instructions = textAt(body, 'instructions');
  return {
    ...told({
      model: textAt(body, 'model') ?? inPathOf(url),
      stream: at(body, 'stream') === true ? true : undefined,
      tools: at(body, 'tools'),
      system: instructions === undefined ? undefined : [text(instructions)],
    }),
    ...(captureMode() === 'full' && { input: toMessages(at(body, 'input')) }),
    attributes: told({
      [genAi.requestTemperature]: numberAt(body, 'temperature'),
      [genAi.requestTopP]: numberAt(body, 'top_p'),
      [genAi.requestMaxTokens]: numberAt(body, 'max_output_tokens'),
      [genAi.requestReasoningLevel]: textAt(body, 'reasoning', 'effort'),
      [genAi.requestPreviousResponseId]: textAt(body, 'previous_response_id'),
      [genAi.conversationId]: textAt(body, 'conversation') ?? textAt(body, 'conversation', 'id'),
    }),
  };
};

const readAnswer = (body: unknown): AnswerFacts => {
  const output = listAt(body, 'output');
  const failure = failureOf(body);
  const reason = finishReason(body);
  return {
    facts: told({
      responseId: textAt(body, 'id'),
      responseModel: textAt(body, 'model'),
      finishReasons: reason === undefined ? undefined : [reason],
      usage: openaiUsage(at(body, 'usage')),
      output: messagesOf(output, toMessage),
    }),
    toolCalls: output.filter(isCall).flatMap((item) => textAt(item, 'name') ?? []),
    ...(failure && { failure }),
  };
};

const isCall = (item: unknown): boolean =>
  ['function_call', 'custom_tool_call'].includes(textAt(item, 'type') ?? '');

/** The API has a status where others have a finish reason. */
const finishReason = (body: unknown): string | undefined => {
  const status = textAt(body, 'status');
  if (status === 'incomplete')
    return textAt(body, 'incomplete_details', 'reason') === 'max_output_tokens'
      ? 'length'
      : (textAt(body, 'incomplete_details', 'reason') ?? status);
  if (status !== 'completed') return status;
  return listAt(body, 'output').some(isCall) ? 'tool_calls' : 'stop';
};

const toMessages = (items: unknown): readonly Message[] => {
  if (typeof items === 'string') return [{ role: 'user', parts: [text(items)] }];
  return Array.isArray(items) ? items.map(toMessage) : [];
};

const toMessage = (item: unknown): Message => {
  const type = textAt(item, 'type') ?? 'message';
  const said = (part: Part): Message => ({ role: 'assistant', parts: [part] });
  if (type === 'message')
    return {
      role: textAt(item, 'role') ?? 'assistant',
      parts: parts(at(item, 'content'), openaiPart),
    };
  if (isCall(item))
    return said(
      toolCall(at(item, 'call_id'), at(item, 'name'), at(item, 'arguments') ?? at(item, 'input')),
    );
  if (type === 'function_call_output' || type === 'custom_tool_call_output')
    return { role: 'tool', parts: [toolResponse(at(item, 'call_id'), at(item, 'output'))] };
  if (type === 'reasoning')
    return {
      role: 'assistant',
      parts: listAt(item, 'summary').map((part) => reasoning(at(part, 'text'))),
    };
  return said(other(item));
};

/** The events that matter carry the whole response: the first says who it is, the last how it went. */
const mergeEvents = (): Merge => {
  let response: unknown;
  let failed: unknown;
  return {
    add: (event) => {
      response = at(event, 'response') ?? response;
      if (at(event, 'type') === 'error') failed = at(event, 'error') ?? event;
    },
    body: () =>
      failed === undefined ? response : { ...(response as object | undefined), error: failed },
  };
};
