import { genAi } from '../attributes.ts';
import { captureMode } from '../redact.ts';
import type { AnswerFacts, GenaiApi, Merge, RequestFacts } from './genai-api.ts';
import {
  openaiPart,
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

/** `POST /chat/completions`, OpenAI's and everybody's. */
export const openaiChat: GenaiApi = {
  name: 'chat.completions',
  kind: 'llm',
  provider: 'openai',
  isRequest: (body) => Array.isArray(at(body, 'messages')),
  request: (body, url) => readRequest(body, url),
  answer: (body) => readAnswer(body),
  merge: () => mergeChunks(),
};

const readRequest = (body: unknown, url: URL): RequestFacts => ({
  ...told({
    model: textAt(body, 'model') ?? inPathOf(url),
    stream: at(body, 'stream') === true ? true : undefined,
    tools: at(body, 'tools'),
  }),
  ...(captureMode() === 'full' && { input: listAt(body, 'messages').map(openaiChatMessage) }),
  attributes: told({
    [genAi.requestTemperature]: numberAt(body, 'temperature'),
    [genAi.requestTopP]: numberAt(body, 'top_p'),
    [genAi.requestMaxTokens]:
      numberAt(body, 'max_completion_tokens') ?? numberAt(body, 'max_tokens'),
    [genAi.requestFrequencyPenalty]: numberAt(body, 'frequency_penalty'),
    [genAi.requestPresencePenalty]: numberAt(body, 'presence_penalty'),
    [genAi.requestSeed]: numberAt(body, 'seed'),
    [genAi.requestChoiceCount]: numberAt(body, 'n'),
    [genAi.requestReasoningLevel]: textAt(body, 'reasoning_effort'),
    [genAi.outputType]: outputTypes[textAt(body, 'response_format', 'type') ?? ''],
  }),
});

const outputTypes: Readonly<Record<string, string>> = {
  text: 'text',
  json_object: 'json',
  json_schema: 'json',
};

const readAnswer = (body: unknown): AnswerFacts => {
  const choices = listAt(body, 'choices');
  const reasons = choices.flatMap((choice) => textAt(choice, 'finish_reason') ?? []);
  const calls = choices.flatMap((choice) => listAt(choice, 'message', 'tool_calls'));
  const failure = failureOf(body);
  return {
    facts: told({
      responseId: textAt(body, 'id'),
      responseModel: textAt(body, 'model'),
      finishReasons: reasons.length > 0 ? reasons : undefined,
      usage: openaiUsage(at(body, 'usage')),
      output: messagesOf(choices, (choice) => openaiChatMessage(at(choice, 'message'))),
    }),
    toolCalls: calls.flatMap(
      (call) => textAt(call, 'function', 'name') ?? textAt(call, 'custom', 'name') ?? [],
    ),
    ...(failure && { failure }),
  };
};

/** A message of a request or an answer. */
export const openaiChatMessage = (message: unknown): Message => {
  const role = textAt(message, 'role') ?? 'assistant';
  const content = at(message, 'content');
  if (role === 'tool') return { role, parts: [toolResponse(at(message, 'tool_call_id'), content)] };
  const thought = at(message, 'reasoning_content') ?? at(message, 'reasoning');
  const refusal = at(message, 'refusal');
  return {
    role,
    parts: [
      ...(typeof thought === 'string' ? [reasoning(thought)] : []),
      ...parts(content, openaiPart),
      ...(typeof refusal === 'string' ? [text(refusal)] : []),
      ...listAt(message, 'tool_calls').map(toCallPart),
    ],
  };
};

/** A custom tool takes a text, a function takes JSON. */
const toCallPart = (call: unknown): Part => {
  const custom = at(call, 'custom');
  if (custom !== undefined)
    return toolCall(at(call, 'id'), at(custom, 'name'), at(custom, 'input'));
  const asked = at(call, 'function');
  return toolCall(at(call, 'id'), at(asked, 'name'), at(asked, 'arguments'));
};

type Call = { id?: unknown; function: { name: string; arguments: string } };
type Choice = {
  finish_reason?: unknown;
  message: { role: string; content: string; reasoning_content?: string; tool_calls: Call[] };
};

/** Deltas of choices become messages; everything else is as the last chunk that has it says. */
const mergeChunks = (): Merge => {
  const choices: Choice[] = [];
  const whole: Record<string, unknown> = {};
  const add = (chunk: unknown): void => {
    for (const name of ['id', 'model', 'usage', 'error']) {
      const value = at(chunk, name);
      if (value !== undefined && value !== null) whole[name] = value;
    }
    for (const choice of listAt(chunk, 'choices')) addChoice(choices, choice);
  };
  return { add, body: () => ({ ...whole, choices: choices.filter(Boolean) }) };
};

const addChoice = (choices: Choice[], chunk: unknown): void => {
  const index = numberAt(chunk, 'index') ?? 0;
  const fresh = (): Choice => ({ message: { role: 'assistant', content: '', tool_calls: [] } });
  const choice = (choices[Math.min(index, 128)] ??= fresh());
  const { message } = choice;
  const reason = at(chunk, 'finish_reason');
  if (reason !== undefined && reason !== null) choice.finish_reason = reason;
  message.content += textAt(chunk, 'delta', 'content') ?? '';
  const thought =
    textAt(chunk, 'delta', 'reasoning_content') ?? textAt(chunk, 'delta', 'reasoning');
  if (thought !== undefined)
    message.reasoning_content = (message.reasoning_content ?? '') + thought;
  for (const call of listAt(chunk, 'delta', 'tool_calls')) addCall(message.tool_calls, call);
};

const addCall = (calls: Call[], chunk: unknown): void => {
  const index = numberAt(chunk, 'index') ?? 0;
  const call = (calls[Math.min(index, 128)] ??= { function: { name: '', arguments: '' } });
  call.id ??= at(chunk, 'id');
  call.function.name += textAt(chunk, 'function', 'name') ?? '';
  call.function.arguments += textAt(chunk, 'function', 'arguments') ?? '';
};
