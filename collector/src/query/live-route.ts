import type { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { liveQuery, type LiveHello, type LiveSpans, type ServerInfo } from '../contract.ts';
import { ApiFailure } from './api-failure.ts';
import type { LiveFeed } from './live-feed.ts';
import { readQuery } from './validate.ts';

const heartbeatMs = 15_000;
const maxSubscribers = 200;

export function addLiveRoute(app: Hono, live: LiveFeed, info: ServerInfo): void {
  app.get('/live', (c) => {
    const { project, trace } = readQuery(c, liveQuery);
    if (live.subscriberCount() >= maxSubscribers) {
      throw new ApiFailure(
        'unavailable',
        'Too many readers follow the live feed. Try again later.',
      );
    }
    // Proxies would gather events until a buffer is full.
    c.header('X-Accel-Buffering', 'no');
    return streamSSE(c, async (stream) => {
      const send = async (event: string, data: LiveHello | LiveSpans): Promise<void> => {
        await stream.writeSSE({ event, data: JSON.stringify(data) });
      };
      // A slow reader has one event under way; what comes meanwhile is counted into the next.
      const follow = createFollower((news) => send('spans', news));
      void send('hello', { version: info.version });
      const heartbeat = setInterval(() => void stream.write(': still here\n\n'), heartbeatMs);
      await new Promise<void>((end) => {
        const filter = { projectId: project, traceId: trace ?? null };
        const stop = live.subscribe(filter, follow, end);
        stream.onAbort(() => {
          stop();
          end();
        });
        if (stream.aborted) stop();
        if (stream.aborted) end();
      });
      clearInterval(heartbeat);
    });
  });
}

function createFollower(send: (news: LiveSpans) => Promise<void>): (news: LiveSpans) => void {
  let sending = false;
  let missed: LiveSpans | undefined;
  const follow = (news: LiveSpans): void => {
    if (sending) missed = missed === undefined ? news : merge(missed, news);
    else void deliver(news);
  };
  const deliver = async (news: LiveSpans): Promise<void> => {
    sending = true;
    await send(news);
    sending = false;
    const next = missed;
    missed = undefined;
    if (next !== undefined) follow(next);
  };
  return follow;
}

const maxNamedTraces = 500;

function merge(earlier: LiveSpans, later: LiveSpans): LiveSpans {
  const counts = new Map(earlier.traces.map((one) => [one.traceId, one.spanCount]));
  for (const { traceId, spanCount } of later.traces) {
    const known = counts.get(traceId);
    if (known !== undefined || counts.size < maxNamedTraces)
      counts.set(traceId, (known ?? 0) + spanCount);
  }
  return {
    traces: Array.from(counts, ([traceId, spanCount]) => ({ traceId, spanCount })),
    spanCount: earlier.spanCount + later.spanCount,
  };
}
