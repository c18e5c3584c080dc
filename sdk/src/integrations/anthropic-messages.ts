import { genAi } from '../attributes.ts';
import type { Usage } from '../facts.ts';
import { captureMode } from '../redact.ts';
import type { AnswerFacts, GenaiApi, Merge, RequestFacts } from './genai-api.ts';
import {
  media,
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
import { failureOf } from './openai-errors.ts';
import { at, listAt, numberAt, parse, textAt, told } from './json.ts';

/** `POST /v1/messages`, for clients that make no span themselves: Anthropic's own does since 0.134. */
export const anthropicMessages: GenaiApi = {
  name: 'messages',
  kind: 'llm',
  provider: 'anthropic',
  isRequest: (body) =>
    Array.isArray(at(body, 'messages')) && typeof at(body, 'max_tokens') === 'number',
  request: (body) => readRequest(body),
  answer: (body) => readAnswer(body),
  merge: () => mergeEvents(),
};

const readRequest = (body: unknown): RequestFacts => {
  const system = at(body, 'system');
  return {
    ...told({
      model: textAt(body, 'model'),
      stream: at(body, 'stream') === true ? true : undefined,
      tools: at(body, 'tools'),
      system: system === undefined ? undefined : parts(system, toPart),
    }),
    ...(captureMode() === 'full' && { input: listAt(body, 'messages').map(toMessage) }),
    attributes: told({
      [genAi.requestTemperature]: numberAt(body, 'temperature'),
      [genAi.requestTopP]: numberAt(body, 'top_p'),
      [genAi.requestTopK]: numberAt(body, 'top_k'),
      [genAi.requestMaxTokens]: numberAt(body, 'max_tokens'),
      [genAi.requestReasoningLevel]: textAt(body, 'output_config', 'effort'),
    }),
  };
};

const readAnswer = (body: unknown): AnswerFacts => {
  const content = listAt(body, 'content');
  const reason = textAt(body, 'stop_reason');
  const failure = failureOf(body);
  return {
    facts: told({
      responseId: textAt(body, 'id'),
      responseModel: textAt(body, 'model'),
      finishReasons: reason === undefined ? undefined : [reason],
      usage: toUsage(at(body, 'usage')),
      output: messagesOf(content.length > 0 ? [{ role: 'assistant', content }] : [], toMessage),
    }),
    toolCalls: content
      .filter((block) => textAt(block, 'type') === 'tool_use')
      .flatMap((block) => textAt(block, 'name') ?? []),
    ...(failure && { failure }),
  };
};

/** Anthropic counts cached tokens apart from the input. */
const toUsage = (usage: unknown): Usage | undefined => {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const fresh = numberAt(usage, 'input_tokens');
  const cacheReadTokens = numberAt(usage, 'cache_read_input_tokens');
  const cacheWriteTokens = numberAt(usage, 'cache_creation_input_tokens');
  return told({
    inputTokens:
      fresh === undefined ? undefined : fresh + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    outputTokens: numberAt(usage, 'output_tokens'),
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: numberAt(usage, 'output_tokens_details', 'thinking_tokens'),
  });
};

const toMessage = (message: unknown): Message => ({
  role: textAt(message, 'role') ?? 'user',
  parts: parts(at(message, 'content'), toPart),
});

const toPart = (block: unknown): Part => {
  const type = textAt(block, 'type');
  if (type === 'text') return text(at(block, 'text'));
  if (type === 'thinking') return reasoning(at(block, 'thinking'));
  if (type === 'tool_use') return toolCall(at(block, 'id'), at(block, 'name'), at(block, 'input'));
  if (type === 'tool_result') return toolResponse(at(block, 'tool_use_id'), at(block, 'content'));
  if (type === 'image' || type === 'document')
    return media(type, at(block, 'source', 'url'), at(block, 'source', 'media_type'));
  return other(block);
};

type Block = { readonly [member: string]: unknown };

/** A message begins, its blocks grow by deltas, and its end tells why and the final counts. */
const mergeEvents = (): Merge => {
  let message: Record<string, unknown> = {};
  const blocks: Block[] = [];
  const add = (event: unknown): void => {
    const index = Math.min(numberAt(event, 'index') ?? 0, 1024);
    const type = textAt(event, 'type');
    if (type === 'message_start') message = { ...(at(event, 'message') as object | undefined) };
    else if (type === 'content_block_start')
      blocks[index] = { ...(at(event, 'content_block') as Block) };
    else if (type === 'content_block_delta')
      blocks[index] = grown(blocks[index] ?? {}, at(event, 'delta'));
    else if (type === 'message_delta') message = closed(message, event);
    else if (type === 'error') message = { ...message, error: at(event, 'error') };
  };
  return { add, body: () => ({ ...message, content: blocks.filter(Boolean).map(whole) }) };
};

const closed = (message: Record<string, unknown>, event: unknown): Record<string, unknown> => ({
  ...message,
  ...(at(event, 'delta') as object | undefined),
  usage: {
    ...(message['usage'] as object | undefined),
    ...told((at(event, 'usage') ?? {}) as object),
  },
});

const grown = (block: Block, delta: unknown): Block => {
  const longer = (name: string, more: string | undefined): Block =>
    more === undefined ? block : { ...block, [name]: (textAt(block, name) ?? '') + more };
  const type = textAt(delta, 'type');
  if (type === 'text_delta') return longer('text', textAt(delta, 'text'));
  if (type === 'thinking_delta') return longer('thinking', textAt(delta, 'thinking'));
  if (type === 'input_json_delta') return longer('json', textAt(delta, 'partial_json'));
  return block;
};

const whole = (block: Block): Block => {
  const json = textAt(block, 'json');
  return json === undefined ? block : { ...block, input: parse(json) ?? json };
};
