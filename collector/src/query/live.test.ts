import { afterEach, expect, test, vi } from 'vitest';
import { liveHello, liveSpans, type LiveSpans } from '../contract.ts';
import { Hono } from 'hono';
import { createLiveFeed } from './live-feed.ts';
import { addLiveRoute } from './live-route.ts';

afterEach(() => vi.useRealTimers());

const all = { projectId: 'default', traceId: null };
const traceId = (n: number): string => n.toString(16).padStart(32, '0');
const news = (n: number) => ({ projectId: 'default', traceId: traceId(n), spanCount: 1 });

test('the first news goes out at once, then at most two a second, counting what came between', () => {
  vi.useFakeTimers();
  const live = createLiveFeed();
  const heard: LiveSpans[] = [];
  const stop = live.subscribe(all, (news) => heard.push(news));
  for (let at = 0; at < 100; at += 1) {
    live.publish([news(0), news(0)]);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(5_000);
  expect(heard.map((news) => news.spanCount)).toEqual([2, 98, 100]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a subscriber hears of its project and its trace only', () => {
  const live = createLiveFeed();
  const heard: LiveSpans[] = [];
  live.subscribe({ projectId: 'default', traceId: traceId(1) }, (news) => heard.push(news));
  live.publish([news(2), { ...news(1), projectId: 'other' }, news(1)]);
  expect(heard).toEqual([{ traces: [{ traceId: traceId(1), spanCount: 1 }], spanCount: 1 }]);
  live.close();
});

test('at most 500 traces are named, all spans are counted', () => {
  const live = createLiveFeed();
  const heard: LiveSpans[] = [];
  live.subscribe(all, (news) => heard.push(news));
  live.publish(Array.from({ length: 800 }, (_, at) => news(at)));
  expect([heard[0]?.traces.length, heard[0]?.spanCount]).toEqual([500, 800]);
  live.close();
});

function open(path: string) {
  const live = createLiveFeed();
  const app = new Hono();
  addLiveRoute(app, live, { version: '1', engine: 'embedded', authentication: false });
  const abort = new AbortController();
  return { live, abort, answer: app.request(path, { signal: abort.signal }) };
}

async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string) {
  let text = '';
  while (!text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  return text;
}

test('a reader is greeted, told of spans, and forgotten when it leaves', async () => {
  const { live, answer } = open('/live');
  const response = await answer;
  expect(response.headers.get('Content-Type')).toMatch(/^text\/event-stream/);
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('no body');
  const hello = await readUntil(reader, '\n\n');
  expect(hello).toBe('event: hello\ndata: {"version":"1"}\n\n');
  expect(liveHello.parse({ version: '1' })).toBeTruthy();
  live.publish([news(0)]);
  const told = await readUntil(reader, '\n\n');
  expect(told.startsWith('event: spans\n')).toBe(true);
  expect(liveSpans.parse(JSON.parse(told.slice(told.indexOf('{'))))).toMatchObject({
    spanCount: 1,
  });
  await reader.cancel();
  await vi.waitFor(() => expect(live.subscriberCount()).toBe(0));
});

test('closing the feed ends every stream', async () => {
  const { live, answer } = open('/live');
  const response = await answer;
  live.publish([news(0)]);
  await vi.waitFor(() => expect(live.subscriberCount()).toBe(1));
  live.close();
  expect(await response.text()).toContain('event: hello');
  expect(live.subscriberCount()).toBe(0);
});
