import type { ContentItem, Span } from '../../collector/src/span.ts';
import { oneSpan } from '../../collector/src/store/span-arbitrary.ts';
import { createRandom, type Random } from '../../examples/demo/random.ts';

/**
 * Chats as providers see them: every call carries the whole history, the conversations take turns in time, and each
 * call is a trace of its own. Words are drawn as in English, a few often and most rarely.
 */
export type ConversationShape = {
  readonly conversations: number;
  readonly turns: number;
  /** A tool call and its JSON result before every answer, as in an agent's loop. */
  readonly tools: boolean;
};

type Message = { readonly role: string; readonly parts: readonly object[] };
type Conversation = { readonly id: string; readonly history: Message[] };

const startUnixNano = 1_795_000_000_000_000_000n;
/** A call of each conversation takes this long, so a second holds this part of them. */
const secondsPerTurn = 5;

/** The spans of one second each, in order. */
export function* createSeconds(shape: ConversationShape, seed: number): Generator<Span[]> {
  const random = createRandom(seed);
  const words = createVocabulary(random);
  const text = (length: number): string => createText(random, words, length);
  const all = Array.from({ length: shape.conversations }, (): Conversation => {
    const system = { role: 'system', parts: [{ type: 'text', content: text(3000) }] };
    return { id: `conv_${random.hex(8)}`, history: [system] };
  });
  const perSecond = Math.ceil(all.length / secondsPerTurn);
  let second = 0;
  for (let turn = 0; turn < shape.turns; turn++) {
    for (let at = 0; at < all.length; at += perSecond, second++) {
      const now = all.slice(at, at + perSecond);
      yield now.map((one, place) => call(one, shape, random, text, second * 1000 + place * 50));
    }
  }
}

function call(
  { id, history }: Conversation,
  shape: ConversationShape,
  random: Random,
  text: (length: number) => string,
  milliseconds: number,
): Span {
  history.push({ role: 'user', parts: [{ type: 'text', content: text(500) }] });
  if (shape.tools) history.push(...callTool(random, text));
  const answer: Message = { role: 'assistant', parts: [{ type: 'text', content: text(700) }] };
  const content = [toItem('input_messages', history), toItem('output_messages', [answer])];
  history.push(answer);
  const start = startUnixNano + BigInt(milliseconds) * 1_000_000n + BigInt(random.int(0, 999_999));
  return {
    ...oneSpan,
    traceId: random.hex(16),
    spanId: random.hex(8),
    kind: 'llm',
    conversationId: id,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(random.int(500, 4000)) * 1_000_000n,
    content,
  };
}

function callTool(random: Random, text: (length: number) => string): Message[] {
  const id = `call_${random.hex(12)}`;
  const rows = Array.from({ length: random.int(4, 10) }, () => ({
    id: random.int(1, 1e9),
    score: random.next(),
    title: text(60),
    url: `https://example.com/${random.hex(8)}`,
  }));
  return [
    { role: 'assistant', parts: [{ type: 'tool_call', id, arguments: { query: text(80) } }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id, result: { status: 'ok', rows } }] },
  ];
}

function toItem(slot: 'input_messages' | 'output_messages', messages: Message[]): ContentItem {
  const key = slot === 'input_messages' ? 'gen_ai.input.messages' : 'gen_ai.output.messages';
  return { slot, key, format: 'json', body: JSON.stringify(messages) };
}

const syllables =
  'an ter con pro re st le ment tion er in al de com ar ex per tra um sol ve ic gra'.split(' ');

function createVocabulary(random: Random): string[] {
  return Array.from({ length: 4000 }, () =>
    Array.from({ length: random.int(1, 4) }, () => random.pick(syllables as [string])).join(''),
  );
}

function createText(random: Random, words: readonly string[], length: number): string {
  let text = '';
  while (text.length < length) {
    text += words[Math.floor(random.next() ** 2.5 * words.length)];
    text += random.chance(0.1) ? '. ' : ' ';
  }
  return text.slice(0, length);
}
