/**
 * A sender in a process of its own, started by the programs beside it. It makes its bodies first, then keeps so many
 * connections busy, waits as long as it is told to when it is turned away, and sends that request again.
 */
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../percentile.ts';
import { createBodies, type Bodies } from './bodies.ts';
import type { LoadOptions, LoadReport } from './load-process.ts';

type Answer = { readonly status: number; readonly retryAfterMs: number; readonly text: string };

process.once('message', (options: LoadOptions) => {
  const { corpus, bodies: count, isGzip } = options;
  const load = createLoad(options, createBodies({ corpus, count, isGzip }));
  process.send?.('ready');
  process.on('message', (order: 'start' | 'read' | 'stop') => {
    if (order === 'start') load.start();
    if (order === 'read') process.send?.(load.read());
    if (order === 'stop') void load.stop().then(() => process.send?.(load.read()));
  });
});
process.once('disconnect', () => process.exit());

function createLoad(options: LoadOptions, bodies: Bodies) {
  const { url, connections, spansPerSecond } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const pauseMs = (1000 * bodies.spansPerBody * connections) / spansPerSecond;
  let serial = 0;
  let stopping = new AbortController();
  let running: Promise<void>[] = [];
  let tally = newTally();

  /** Requests go round the bodies, each round for a project of its own: no two rows are the same. */
  function post(number: number): Promise<Answer> {
    const body = bodies.bytes[number % bodies.bytes.length] ?? Buffer.alloc(0);
    const headers = {
      'content-type': bodies.contentType,
      'content-length': body.length,
      'orchescope-project': `bench-${options.name}-${Math.floor(number / bodies.bytes.length)}`,
      ...(bodies.isGzip ? { 'content-encoding': 'gzip' } : {}),
    };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(`${url}/v1/traces`, { method: 'POST', agent, headers });
      sent.once('error', reject);
      sent.once('response', (response) => {
        let text = '';
        response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
        response.once('error', reject);
        response.once('end', () => {
          const retryAfterMs = Number(response.headers['retry-after'] ?? 1) * 1000;
          resolve({ status: response.statusCode ?? 0, retryAfterMs, text });
        });
      });
      sent.end(body);
    });
  }

  async function send(): Promise<void> {
    const number = serial++;
    for (;;) {
      const startedMs = performance.now();
      const { status, retryAfterMs, text } = await post(number);
      tally.answers[status] = (tally.answers[status] ?? 0) + 1;
      if (status === 200) {
        if (text !== '') throw new Error(`some spans were not taken: ${text}`);
        tally.spans += bodies.spansPerBody;
        tally.ackMs.push(performance.now() - startedMs);
        return;
      }
      if (status !== 429 && status !== 503) throw new Error(`answered ${status}: ${text}`);
      if (stopping.signal.aborted) return;
      await sleep(retryAfterMs);
    }
  }

  async function runConnection(): Promise<void> {
    // Not all at once, which would be a wave at every beat.
    await sleep(Number.isFinite(pauseMs) ? pauseMs * Math.random() : 0);
    while (!stopping.signal.aborted) {
      const startedMs = performance.now();
      await send();
      const restMs = pauseMs - (performance.now() - startedMs);
      if (restMs > 0) await sleep(restMs);
    }
  }

  return {
    start: () => {
      stopping = new AbortController();
      running = Array.from({ length: connections }, runConnection);
    },
    /** What happened since it was asked last. */
    read: (): LoadReport => {
      const { ackMs, spans, answers } = tally;
      tally = newTally();
      const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(ackMs, share));
      return { spans, answers, ackMs: { p50: p50 ?? 0, p99: p99 ?? 0, max: max ?? 0 } };
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function newTally(): { spans: number; answers: Record<number, number>; ackMs: number[] } {
  return { spans: 0, answers: {}, ackMs: [] };
}
