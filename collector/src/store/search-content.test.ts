import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContentItem, Span } from '../span.ts';
import { searchContent, toSearchSql, type ContentSearch } from './search-content.ts';
import { oneSpan } from './span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from './testing.ts';

const startUnixNano = oneSpan.startTimeUnixNano;
const dayNano = 86_400_000_000_000n;
const item = (slot: ContentItem['slot'], body: string): ContentItem => ({
  slot,
  key: slot,
  format: 'json',
  body,
});
const message = (content: string): string => JSON.stringify([{ role: 'user', content }]);

/** Span id -> what it holds, each an hour younger than the one before. */
const bodies: Readonly<Record<string, string>> = {
  '01': message('Where is the refund?\nRefunds take a week, said Anna.'),
  '02': message('nothing of note'),
  '03': message('Line one\n\tsecond\\line "quoted words" here'),
  '04': message('Der Käse aus Zürich, 東京 und 🚀'),
  '05': message('Der Käse aus Zürich, 東京 und 🚀').replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
  '06': message('error E_1042 at step-7 of refund-policy.v2'),
};

function toSpan(id: string, body: string, hours: number): Span {
  return {
    ...oneSpan,
    spanId: id.padStart(16, '0'),
    conversationId: `conversation-${hours % 2}`,
    startTimeUnixNano: startUnixNano + BigInt(hours) * (dayNano / 24n),
    content: [item('input_messages', body)],
  };
}

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
  const spans = Object.entries(bodies).map(([id, body], at) => toSpan(id, body, at));
  await storeSpans(opened, spans);
  const old = { ...oneSpan, spanId: '07'.padStart(16, '0') };
  await storeSpans(opened, [
    {
      ...old,
      startTimeUnixNano: startUnixNano - 40n * dayNano,
      content: [item('input', 'refund of old'), item('output', 'refund')],
    },
    { ...old, projectId: 'other', content: [item('input', message('refund of others'))] },
  ]);
});
afterAll(() => opened.close());

const search = (text: string, more: Partial<ContentSearch> = {}) =>
  searchContent(opened.store, 'default', {
    text,
    fromUnixNano: startUnixNano - 100n * dayNano,
    toUnixNano: startUnixNano + dayNano,
    limit: 50,
    after: null,
    ...more,
  });
const ids = async (text: string): Promise<string[]> =>
  (await search(text)).map(({ spanId }) => spanId.slice(-2));

test.each<[name: string, text: string, found: string[]]>([
  ['a word in any case, newest first, one hit a span', 'REFUND', ['06', '01', '07']],
  ['a whole word only', 'refun', []],
  ['a word behind an escaped line break', 'refunds', ['01']],
  ['no word that merely ends like one behind an escape', 'ote', []],
  ['words in their order, whatever stands between', 'the refund refunds', ['01']],
  ['words not in another order', 'refunds refund', []],
  ['words over line breaks, tabs and backslashes', 'one second line quoted', ['03']],
  ['letters beyond ASCII, also where the sender escaped them', 'käse aus zürich', ['05', '04']],
  ['letters of other scripts and of two units', '東京 und 🚀', ['05', '04']],
  ['identifiers by their pieces', 'E_1042', ['06']],
  ['what looks like a pattern is text', '(refun.|.*)', []],
  ['a quote is no SQL', "refund') OR 1=1 --", []],
])('%s', async (_, text, found) => {
  expect(await ids(text)).toEqual(found);
});

test('a hit says where it is and shows what stands around it', async () => {
  const [hit] = await search('anna');
  expect(hit).toEqual({
    startTimeUnixNano: String(startUnixNano),
    traceId: oneSpan.traceId,
    spanId: '01'.padStart(16, '0'),
    slot: 'input_messages',
    before: '[{"role":"user","content":"Where is the refund?\\nRefunds take a week, said ',
    match: 'Anna',
    after: '."}]',
  });
});

test('pages neither repeat nor skip', async () => {
  const found: string[] = [];
  for (let after: ContentSearch['after'] = null; ;) {
    const [hit] = await search('refund', { limit: 1, after });
    if (hit === undefined) break;
    found.push(hit.spanId.slice(-2));
    after = hit;
  }
  expect(found).toEqual(['06', '01', '07']);
});

test('only the range and the project that were asked for', async () => {
  const narrow = await search('refund', {
    fromUnixNano: startUnixNano,
    toUnixNano: startUnixNano + 1n,
  });
  expect(narrow.map(({ spanId }) => spanId.slice(-2))).toEqual(['01']);
  const query = { text: 'others', fromUnixNano: 0n, toUnixNano: startUnixNano * 2n, limit: 9 };
  const others = await searchContent(opened.store, 'other', { ...query, after: null });
  expect(others).toHaveLength(1);
  expect(await ids('others')).toEqual([]);
});

describe('a text without a word', () => {
  test.each(['', '  ', '"!?"'])('%j is refused', async (text) => {
    await expect(search(text)).rejects.toThrow('Write a word to look for.');
  });
});

test('a word that is nowhere opens no granule', async () => {
  const query = {
    text: 'nowhere',
    fromUnixNano: 0n,
    toUnixNano: startUnixNano * 2n,
    limit: 9,
    after: null,
  };
  const { sql, params } = toSearchSql(query);
  const answer = await opened.store.client.query({
    query: `EXPLAIN indexes = 1 ${sql}`,
    query_params: { ...params, projectId: 'default' },
    format: 'TabSeparatedRaw',
  });
  const plan = await answer.text();
  expect(plan).toMatch(/Name: body_words[\s\S]*?Granules: 0\//);
});
