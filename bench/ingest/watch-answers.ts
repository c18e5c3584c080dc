/** What others notice of a server under load: how long it takes to answer, and until a span can be seen. */
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../percentile.ts';

export type Watch = { readonly stop: () => Promise<{ p50: number; p99: number; max: number }> };

/** How long `GET /healthz`, which does no work, waits for its turn. */
export const watchHealth = (url: string): Watch =>
  watch(5, async () => {
    await (await fetch(`${url}/healthz`)).text();
  });

/** From the acknowledgement of one span to the first answer of the API that has it. */
export const watchVisible = (url: string): Watch => {
  let serial = Date.now();
  return watch(100, async () => {
    serial += 1;
    const traceId = serial.toString(16).padStart(32, '0');
    await post(url, traceId);
    const acknowledgedMs = performance.now();
    while (!(await isThere(url, traceId))) await sleep(20);
    return performance.now() - acknowledgedMs;
  });
};

/** Once after the other, until it is stopped; what `task` answers, or how long it takes, in milliseconds. */
function watch(pauseMs: number, task: () => Promise<number | void>): Watch {
  const tookMs: number[] = [];
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedMs = performance.now();
      tookMs.push((await task()) ?? performance.now() - startedMs);
      await sleep(pauseMs);
    }
  };
  const running = run();
  // A failure is told to whoever stops it.
  running.catch(() => undefined);
  return {
    stop: async () => {
      stopping.abort();
      await running;
      const [p50 = 0, p99 = 0, max = 0] = [0.5, 0.99, 1].map((share) => percentile(tookMs, share));
      return { p50, p99, max };
    },
  };
}

const project = 'probe';

async function post(url: string, traceId: string): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId,
    spanId: traceId.slice(16),
    name: 'probe',
    kind: 1,
    startTimeUnixNano: String(now - 1_000_000n),
    endTimeUnixNano: String(now),
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const headers = { 'content-type': 'application/json', 'orchescope-project': project };
  for (;;) {
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', body, headers });
    const text = await answer.text();
    if (answer.ok) return;
    if (answer.status !== 429 && answer.status !== 503)
      throw new Error(`answered ${answer.status}: ${text}`);
    await sleep(100);
  }
}

async function isThere(url: string, traceId: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/traces/${traceId}/skeleton?project=${project}`);
  await answer.arrayBuffer();
  if (!answer.ok && answer.status !== 404) throw new Error(`the API answered ${answer.status}`);
  return answer.ok;
}
