/** A whole list of messages, in any of the vocabularies. */
import type { Message } from '../../contract.ts';
import {
  field,
  isObject,
  listField,
  objectField,
  textField,
  type JsonObject,
} from './json-fields.ts';
import { createMessage, toMessage, toPlainMessage } from './to-message.ts';
import { toPart } from './to-part.ts';

const maxDepth = 6;

/** Undefined when the value cannot be read as messages. Bare text and bare parts are said by `role`. */
export function toMessages(value: unknown, role: string, depth = 0): Message[] | undefined {
  if (depth > maxDepth) return undefined;
  if (typeof value === 'string') return value === '' ? [] : [toPlainMessage(value, role)];
  if (Array.isArray(value)) return fromList(value, role, depth);
  return isObject(value) ? fromObject(value, role, depth) : undefined;
}

function fromList(list: readonly unknown[], role: string, depth: number): Message[] | undefined {
  // LangChain wraps a call in a batch of one.
  if (list.length > 0 && list.every(Array.isArray)) {
    return joinAll(list.map((one) => toMessages(one, role, depth + 1)));
  }
  if (list.length > 0 && list.every(isBarePart)) return [createMessage(role, list.map(toPart))];
  return joinAll(list.map((one) => fromListItem(one, role, depth)));
}

function fromListItem(item: unknown, role: string, depth: number): Message[] | undefined {
  if (!isObject(item)) return typeof item === 'string' ? toMessages(item, role) : undefined;
  const special = fromResponsesItem(item);
  if (special !== undefined) return [special];
  const message = toMessage(item, role);
  return message === undefined ? fromObject(item, role, depth + 1) : [message];
}

/** A block that belongs to a message of nobody in particular. */
function isBarePart(value: unknown): boolean {
  return (
    isObject(value) &&
    textField(value, 'role') === '' &&
    !['message', 'kwargs', 'data', 'parts', 'tool_calls'].some(
      (name) => isObject(field(value, name)) || Array.isArray(field(value, name)),
    ) &&
    (Object.hasOwn(value, 'toolCallId') ||
      (textField(value, 'type') !== '' &&
        !/^(human|ai|system|tool|function|user|assistant|constructor)$/.test(
          textField(value, 'type'),
        )))
  );
}

/** Items of OpenAI's Responses API that stand between messages. */
function fromResponsesItem(item: JsonObject): Message | undefined {
  const type = textField(item, 'type');
  if (!/^(function_call|reasoning|custom_tool_call)$|_call_(output|result)$/.test(type))
    return undefined;
  return createMessage(/_(output|result)$/.test(type) ? 'tool' : 'assistant', [toPart(item)]);
}

/** Fields under which a request or a response keeps its messages, and who speaks there. */
const lists: readonly (readonly [name: string, role: string])[] = [
  ['messages', ''],
  ['contents', 'user'],
  ['choices', 'assistant'],
  ['candidates', 'assistant'],
  ['generations', 'assistant'],
  ['completions', 'assistant'],
  ['prompts', 'user'],
  ['output', 'assistant'],
  ['input', 'user'],
];

function fromObject(value: JsonObject, role: string, depth: number): Message[] | undefined {
  for (const [name, speaker] of lists) {
    const list = field(value, name);
    if (!Array.isArray(list)) continue;
    const messages = toMessages(list, speaker || role, depth + 1);
    if (messages !== undefined) return [...toSystem(value), ...messages];
  }
  const prompt = field(value, 'prompt');
  if (prompt !== undefined) {
    const messages = toMessages(prompt, role, depth + 1);
    return messages && [...toSystem(value), ...messages];
  }
  const message = toMessage(value, role);
  if (message !== undefined) return [message];
  if (isBarePart(value)) return [createMessage(role, [toPart(value)])];
  const text = textField(value, 'text');
  return text === '' ? undefined : [toPlainMessage(text, role)];
}

/** Requests of Anthropic, the AI SDK and Gemini keep the system prompt beside the messages; Google's ADK in `config`. */
function toSystem(value: JsonObject): Message[] {
  const config = objectField(value, 'config') ?? {};
  const told =
    field(value, 'system') ??
    field(value, 'systemInstruction') ??
    field(value, 'system_instruction') ??
    field(value, 'instructions') ??
    field(config, 'systemInstruction') ??
    field(config, 'system_instruction');
  if (typeof told !== 'string' && !Array.isArray(told) && !isObject(told)) return [];
  const parts = isObject(told) ? listField(told, 'parts') : told;
  return (toMessages(parts, 'system') ?? []).map(({ parts }) => createMessage('system', parts));
}

/** All or nothing: a list that is half understood would look whole. */
function joinAll(lists: readonly (Message[] | undefined)[]): Message[] | undefined {
  const known = lists.filter((list) => list !== undefined);
  return known.length === lists.length ? known.flat() : undefined;
}
