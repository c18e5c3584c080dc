import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { postTraces } from '../examples/demo/post.ts';
import { percentile } from './percentile.ts';
import { createShape } from './shapes/index.ts';

/**
 * How long after a span was acknowledged the API shows it. Posts small traces at a modest rate to a running
 * collector and asks for each until it is whole: `node bench/visible.ts [endpoint] [--posts 200] [--per-second 4]`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    posts: { type: 'string', default: '200' },
    'per-second': { type: 'string', default: '4' },
    project: { type: 'string', default: 'bench-visible' },
  },
});
const [endpoint = 'http://127.0.0.1:4318'] = positionals;
const posts = Number(values.posts);
const perSecond = Number(values['per-second']);
/** Coarse on purpose: asking is work for the collector too. */
const pollMs = 50;
const accessKey = process.env['ORCHESCOPE_ACCESS_KEY'] ?? '';

const startedMs = Date.now();
const waits: Promise<number>[] = [];
for (let post = 0; post < posts; post++) {
  waits.push(measure(startedMs + post));
  await sleep(1000 / perSecond);
}
const visibleMs = await Promise.all(waits);
const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(visibleMs, share).toFixed(0));
console.log(
  `visible after acknowledgement: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms (${posts} posts, ${perSecond} a second; node bench/visible.ts)`,
);

/** Milliseconds from the answer of the post to the first answer of the API that has every span. */
async function measure(seed: number): Promise<number> {
  const shape = createShape('running', { seed, endUnixMs: Date.now() });
  for (const request of shape.requests) {
    await postTraces({ endpoint, project: values.project, accessKey }, request);
  }
  const acknowledgedMs = performance.now();
  while ((await countSpans(shape.traceId)) < shape.spanCount) {
    if (performance.now() - acknowledgedMs > 60_000)
      throw new Error(`${shape.traceId} did not appear in 60 s`);
    await sleep(pollMs);
  }
  return performance.now() - acknowledgedMs;
}

async function countSpans(traceId: string): Promise<number> {
  const url = `${endpoint}/api/traces/${traceId}/skeleton?project=${values.project}`;
  const headers = accessKey === '' ? {} : { authorization: `Bearer ${accessKey}` };
  const response = await fetch(url, { headers });
  if (response.status === 404) {
    await response.arrayBuffer();
    return 0;
  }
  if (!response.ok)
    throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`);
  const skeleton: { totals: { spans: number } } = JSON.parse(await response.text());
  return skeleton.totals.spans;
}
