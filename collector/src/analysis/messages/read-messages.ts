/** The messages of a span, read from the content its sender left, whichever vocabulary that was. */
import type { Message } from '../../contract.ts';
import type { ContentItem, Span } from '../../span.ts';
import { toBodyValue } from './body-value.ts';
import { field, isObject, textField, type JsonObject } from './json-fields.ts';
import { createMessage } from './to-message.ts';
import { toMessages } from './to-messages.ts';

export type MessageSlot = 'system_instructions' | 'input_messages' | 'output_messages';

export type MessagesRead = {
  readonly messages: Message[];
  /** What could not be read, and what tells the same again in another vocabulary. */
  readonly unread: ContentItem[];
};

const speakers: Readonly<Record<MessageSlot, string>> = {
  system_instructions: 'system',
  input_messages: 'user',
  output_messages: 'assistant',
};

export function readMessages(span: Pick<Span, 'content'>, slot: MessageSlot): MessagesRead {
  const groups = new Map<string, Group>();
  const unread: ContentItem[] = [];
  for (const item of span.content) {
    const side = item.slot === slot ? item : toAnswers(item, slot);
    if (side === undefined) continue;
    const messages = toItemMessages(side, speakers[slot]);
    if (messages === undefined) unread.push(item);
    else addToGroup(groups, item, messages);
  }
  const [first, ...others] = [...groups.values()].filter((group) => group.messages.length > 0);
  unread.push(...others.flatMap((group) => group.items));
  return { messages: first === undefined ? [] : finish(first), unread };
}

/** Pydantic AI's first version kept what went in and what came out in one list of events. */
const eventLists: ReadonlySet<string> = new Set(['events', 'all_messages_events']);

function toAnswers(item: ContentItem, slot: MessageSlot): ContentItem | undefined {
  if (slot !== 'output_messages' || item.slot !== 'input_messages') return undefined;
  return item.key === 'events' ? { ...item, slot } : undefined;
}

/** Of such a list, only what belongs to the side that is asked for. */
function ofSide(item: ContentItem, value: unknown): unknown {
  if (item.key !== 'events' || !Array.isArray(value)) return value;
  return value.filter(
    (event) =>
      isObject(event) &&
      (textField(event, 'event.name') === 'gen_ai.choice') === (item.slot === 'output_messages'),
  );
}

/** Items that complete each other: one event a message, or one attribute a part of the answer. */
type Group = {
  readonly together: Together;
  readonly items: ContentItem[];
  readonly messages: Message[];
};
type Together = 'events' | 'answer' | 'alone';

function addToGroup(groups: Map<string, Group>, item: ContentItem, messages: Message[]): void {
  const together = togetherOf(item.key);
  const name = together === 'alone' ? `alone ${groups.size}` : together;
  const group = groups.get(name) ?? { together, items: [], messages: [] };
  group.items.push(item);
  group.messages.push(...messages);
  groups.set(name, group);
}

const messageEvent =
  /^gen_ai\.(?:(system|user|assistant|tool)\.message|choice|content\.(?:prompt|completion))$/;

function togetherOf(key: string): Together {
  if (messageEvent.test(key) || eventLists.has(key)) return 'events';
  return key.startsWith('ai.response.') ? 'answer' : 'alone';
}

/** The AI SDK spreads one answer over attributes: thoughts first, then text, then calls. */
function finish(group: Group): Message[] {
  if (group.together !== 'answer') return group.messages;
  const rank = ['reasoning', 'text', 'tool_call'];
  const parts = group.messages.flatMap((message) => message.parts);
  return [
    createMessage(
      'assistant',
      parts.toSorted((a, b) => rankOf(rank, a.type) - rankOf(rank, b.type)),
    ),
  ];
}

function rankOf(rank: readonly string[], type: string): number {
  const at = rank.indexOf(type);
  return at === -1 ? rank.length : at;
}

function toItemMessages(item: ContentItem, speaker: string): Message[] | undefined {
  const value = toBodyValue(item);
  if (typeof value === 'string' && isCutJson(item, value)) return undefined;
  if (togetherOf(item.key) === 'events') return fromEvents(item.key, ofSide(item, value), speaker);
  if (item.key === 'ai.response.reasoning' && typeof value === 'string') {
    return [createMessage(speaker, [{ type: 'reasoning', content: value }])];
  }
  return toMessages(value, speaker);
}

/** Shorter text was never cut: if it begins like JSON, a model may have written it so. */
const shortestCutChars = 100_000;

function isCutJson(item: ContentItem, text: string): boolean {
  return /^\s*[[{]/.test(text) && (item.format !== 'text' || text.length >= shortestCutChars);
}

/** One event, or a list of events that say their own names. */
function fromEvents(key: string, value: unknown, speaker: string): Message[] | undefined {
  const events = Array.isArray(value) ? value : [value];
  const read = events.map((event) => {
    if (!isObject(event)) return toMessages(event, roleOf(key, speaker));
    return fromEvent(event, roleOf(textField(event, 'event.name') || key, speaker));
  });
  const known = read.filter((one) => one !== undefined);
  return known.length === read.length ? known.flat() : undefined;
}

function roleOf(eventName: string, speaker: string): string {
  if (eventName === 'gen_ai.choice') return 'assistant';
  return messageEvent.exec(eventName)?.[1] ?? speaker;
}

/** Attributes of an old message event: values that are objects were sent as JSON text. */
function fromEvent(attributes: JsonObject, role: string): Message[] | undefined {
  const packed = textField(
    attributes,
    'gen_ai.prompt',
    'gen_ai.completion',
    'gen_ai.event.content',
  );
  const source = packed === '' ? readJsonFields(attributes) : parseOr(packed);
  return toMessages(source, role);
}

function readJsonFields(attributes: JsonObject): JsonObject {
  const names = ['message', 'content', 'tool_calls', 'body'];
  const read = names
    .filter((name) => typeof field(attributes, name) === 'string')
    .map((name) => [name, parseOr(textField(attributes, name))]);
  const source: JsonObject = { ...attributes, ...Object.fromEntries(read) };
  // Some put the parts of the message, or its text, where its fields belong.
  const parts = field(source, 'message');
  if (Array.isArray(parts) || typeof parts === 'string') return { ...source, content: parts };
  const body = field(source, 'body');
  return isObject(body) ? body : source;
}

function parseOr(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // It only looked like JSON.
    return text;
  }
}
