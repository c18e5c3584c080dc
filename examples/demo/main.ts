import { setTimeout as sleep } from 'node:timers/promises';
import { cutAt } from './clock.ts';
import { createDay, createDayRandom } from './day.ts';
import { createLive } from './live.ts';
import { readOptions, type DemoOptions } from './options.ts';
import { postTraces } from './post.ts';
import { toRequests } from './to-requests.ts';
import type { Trace } from './trace.ts';

/** Sends a day of multi-agent traffic to a running collector: `node examples/demo/main.ts --help`. */
const options = readOptions(process.argv.slice(2));
try {
  const nowMs = Date.now();
  const day = createDay({ seed: options.seed, endUnixMs: nowMs, traces: options.traces });
  await sendDay(day, nowMs, options);
  await sendTail(day, nowMs, options);
} catch (error) {
  console.error(toSentence(error));
  process.exit(1);
}

async function sendDay(day: readonly Trace[], nowMs: number, options: DemoOptions): Promise<void> {
  const sent = cutAt(day, nowMs);
  const requests = toRequests(sent, { scope: 'orchescope-demo', spansPerRequest: 1000 }).values();
  const sendSome = async () => {
    for (const request of requests) await postTraces(options, request);
  };
  await Promise.all([sendSome(), sendSome(), sendSome()]);
  const spans = sent.reduce((sum, trace) => sum + trace.spans.length, 0);
  const failed = sent.filter((trace) => trace.spans[0]?.status === 'error').length;
  const running = sent.filter((trace) => trace.spans[0]?.running).length;
  const seconds = ((Date.now() - nowMs) / 1000).toFixed(1);
  console.log(`Sent the last 24 hours in ${seconds} s: ${sent.length} traces, ${spans} spans.`);
  console.log(`${failed} traces failed, ${running} are still running.`);
  const query = options.project === 'default' ? '' : `?project=${options.project}`;
  console.log(`Look at them: ${options.endpoint}/runs${query}`);
}

/** Time goes on: what was running ends when it should, and new runs begin. */
async function sendTail(day: readonly Trace[], nowMs: number, options: DemoOptions): Promise<void> {
  const untilMs = Date.now() + options.tailSeconds * 1000;
  const open = day.filter((trace) => trace.spans.some((span) => span.endMs > nowMs));
  const live = createLive(createDayRandom(options.seed + 1, nowMs), {
    startUnixMs: nowMs,
    open,
    everyMs: 4000,
  });
  if (Date.now() < untilMs) {
    const stop =
      untilMs === Infinity ? 'until you press Ctrl-C' : `for ${options.tailSeconds} seconds`;
    console.log(`More arrive ${stop}.`);
  }
  while (Date.now() < untilMs) {
    for (const request of live.due(Date.now())) await postTraces(options, request);
    await sleep(1000);
  }
}

function toSentence(error: unknown): string {
  if (error instanceof TypeError && error.message === 'fetch failed') {
    return `No collector answers at ${options.endpoint}. Start one with "npm start", or name another with --endpoint.`;
  }
  return error instanceof Error ? error.message : String(error);
}
