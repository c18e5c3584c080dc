import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiError, searchResult, traceList } from '../contract.ts';
import type { Span } from '../span.ts';
import { oneSpan } from '../store/span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from '../store/testing.ts';
import { answerFailure } from './api-failure.ts';
import { addSearchRoute } from './search-route.ts';
import { addTraceRoutes } from './trace-routes.ts';

const startedAt = BigInt(Date.now() - 3_600_000) * 1_000_000n;
const said = (id: number, text: string, extra: Partial<Span> = {}): Span => {
  const startTimeUnixNano = startedAt + BigInt(id) * 1_000_000_000n;
  return {
    ...oneSpan,
    traceId: String(id).repeat(32),
    spanId: String(id).repeat(16),
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano + 1n,
    content: [{ slot: 'input', key: 'input', format: 'text', body: text }],
    ...extra,
  };
};

let opened: TestStore;
const app = new Hono();
beforeAll(async () => {
  opened = await startTestStore();
  app.onError((error, c) => answerFailure(c, error, () => undefined));
  addSearchRoute(app, opened.store);
  addTraceRoutes(app, opened.store);
  await storeSpans(opened, [
    said(1, 'a refund, please'),
    said(2, 'the refund policy'),
    said(3, 'nothing'),
    said(4, 'a refund elsewhere', { projectId: 'other' }),
  ]);
});
afterAll(() => opened.close());

const search = async (query: string) =>
  searchResult.parse(await (await app.request(`/search?${query}`)).json());
const list = async (filter: string): Promise<string[]> => {
  const response = await app.request(`/traces?q=${encodeURIComponent(filter)}`);
  const { traces } = traceList.parse(await response.json());
  return traces.map(({ traceId }) => traceId.charAt(0));
};

test('hits come newest first, page by page', async () => {
  const found: string[] = [];
  let cursor = '';
  do {
    const page = await search(`q=REFUND&limit=1${cursor}`);
    found.push(...page.hits.map((hit) => `${hit.spanId.charAt(0)} ${hit.before}|${hit.match}`));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(found).toEqual(['2 the |refund', '1 a |refund']);
});

test('a range without hits is empty, not an error', async () => {
  expect(await search('q=refund&from=now-1m')).toMatchObject({ hits: [], nextCursor: null });
});

test.each<[filter: string, traces: string[]]>([
  ['content:refund', ['2', '1']],
  ['content:"refund policy"', ['2']],
  ['content:refund -content:policy', ['1']],
  ['-content:refund', ['3']],
])('the list of traces answers %s', async (filter, traces) => {
  expect(await list(filter)).toEqual(traces);
});

test.each<[path: string, code: string, message: RegExp]>([
  ['/search', 'invalid_request', /^q: /],
  ['/search?q=%3F!', 'invalid_request', /^q: Write a word to look for\.$/],
  ['/search?q=a&from=now&to=now-1h', 'invalid_request', /^from: choose a time before to\.$/],
  ['/search?q=a&cursor=e30', 'invalid_cursor', /^cursor: /],
  ['/search?q=a&cursor=%25', 'invalid_cursor', /^cursor: /],
  ['/traces?q=content:!', 'invalid_filter', /^Write a word after content:/],
])('%s is refused as %s', async (path, code, message) => {
  const response = await app.request(path);
  const { error } = apiError.parse(await response.json());
  expect([response.status, error.code]).toEqual([400, code]);
  expect(error.message).toMatch(message);
});
