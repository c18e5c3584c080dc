/** One message, in any of the vocabularies. */
import type { Message, MessagePart } from '../../contract.ts';
import {
  field,
  firstField,
  isObject,
  listField,
  objectField,
  textField,
  toText,
  type JsonObject,
} from './json-fields.ts';
import { toPart, toResponseText, toTextPart, toToolCall } from './to-part.ts';

export function createMessage(role: string, parts: readonly (MessagePart | undefined)[]): Message {
  return { role, name: '', parts: parts.filter((part) => part !== undefined), finishReason: '' };
}

/** Undefined when the object is no message. */
export function toMessage(value: JsonObject, defaultRole: string): Message | undefined {
  const source = unwrap(value);
  const role = toRole(source, value, defaultRole);
  if (role === undefined) return undefined;
  return {
    role,
    name: textField(source, 'name', 'author'),
    parts: toParts(source, role),
    finishReason: toText(
      firstField(source, 'finish_reason', 'finishReason', 'stop_reason') ??
        firstField(value, 'finish_reason', 'finishReason'),
    ),
  };
}

/** OpenInference `{message}`, OpenAI choices `{message}`, LangChain `{lc, id, kwargs}` and `{type, data}`, Gemini `{content: {parts}}`. */
function unwrap(value: JsonObject): JsonObject {
  const content = objectField(value, 'content');
  if (content !== undefined && Array.isArray(field(content, 'parts'))) return content;
  return (
    objectField(value, 'message') ??
    objectField(value, 'kwargs') ??
    objectField(value, 'data') ??
    value
  );
}

/** A Map: a sender may call a role `constructor`. */
const roles: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['humanmessage', 'user'],
  ['humanmessagechunk', 'user'],
  ['ai', 'assistant'],
  ['aimessage', 'assistant'],
  ['aimessagechunk', 'assistant'],
  ['model', 'assistant'],
  ['systemmessage', 'system'],
  ['developer', 'system'],
  ['toolmessage', 'tool'],
  ['functionmessage', 'tool'],
  ['function', 'tool'],
]);

const messageTypes = new Set([
  'human',
  'ai',
  'system',
  'tool',
  'function',
  'user',
  'assistant',
  'message',
]);

function toRole(source: JsonObject, outer: JsonObject, defaultRole: string): string | undefined {
  const told =
    textField(source, 'role') ||
    textField(outer, 'role') ||
    langChainClass(outer) ||
    messageType(source) ||
    messageType(outer);
  if (told !== '') return roles.get(told.toLowerCase()) ?? told;
  const looksLikeOne =
    source !== outer ||
    ['parts', 'tool_calls', 'content'].some((name) => Object.hasOwn(source, name));
  return looksLikeOne && textField(source, 'type') === '' ? defaultRole : undefined;
}

/** `["langchain_core", "messages", "HumanMessage"]` */
function langChainClass(value: JsonObject): string {
  const name = listField(value, 'id').at(-1);
  return typeof name === 'string' && Object.hasOwn(value, 'kwargs') ? name : '';
}

function messageType(value: JsonObject): string {
  const type = textField(value, 'type');
  return messageTypes.has(type) && type !== 'message' ? type : '';
}

function toParts(source: JsonObject, role: string): MessagePart[] {
  const calls = [...listField(source, 'tool_calls'), ...listField(source, 'toolCalls')]
    .filter(isObject)
    .map(toToolCall);
  const content = toContentParts(source, role);
  const thought = toThought(source);
  // LangChain repeats the calls of Anthropic blocks in `tool_calls`.
  const said = new Set(content.map(callId));
  const unsaid = calls.filter((call) => callId(call) === '' || !said.has(callId(call)));
  return [thought, ...content, ...unsaid, toFunctionCall(source)].filter(
    (part) => part !== undefined,
  );
}

function callId(part: MessagePart): string {
  return part.type === 'tool_call' ? part.id : '';
}

function toThought(source: JsonObject): MessagePart | undefined {
  const content = textField(source, 'reasoning_content', 'reasoning');
  return content === '' ? undefined : { type: 'reasoning', content };
}

function toFunctionCall(source: JsonObject): MessagePart | undefined {
  const call = objectField(source, 'function_call');
  if (call !== undefined) return toToolCall(call);
  const name = textField(source, 'function_call_name');
  const args = textField(source, 'function_call_arguments_json');
  return name === '' ? undefined : { type: 'tool_call', id: '', name, arguments: args };
}

function toContentParts(source: JsonObject, role: string): MessagePart[] {
  const content = firstField(source, 'parts', 'contents', 'content', 'text', 'refusal');
  const answeredId =
    textField(source, 'tool_call_id', 'toolCallId', 'tool_use_id') ||
    (role === 'tool' ? textField(source, 'id') : '');
  if (role === 'tool' && !isPartList(content)) {
    return [{ type: 'tool_call_response', id: answeredId, response: toResponseText(content) }];
  }
  const blocks = Array.isArray(content) ? content : [content];
  return blocks.flatMap((block) => toPart(block) ?? []);
}

/** Parts that already say which call they answer, as in OpenTelemetry's schema and the AI SDK. */
function isPartList(content: unknown): boolean {
  return (
    Array.isArray(content) &&
    content.some(
      (one) =>
        isObject(one) &&
        (textField(one, 'type').startsWith('tool') || Object.hasOwn(one, 'functionResponse')),
    )
  );
}

export function toPlainMessage(text: string, role: string): Message {
  return createMessage(role, [toTextPart(text)]);
}
