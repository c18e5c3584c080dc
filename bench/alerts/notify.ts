import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServerProcess } from '../../collector/src/torture/server-process.testing.ts';
import { sendRun } from '../../collector/src/torture/alert-settings.testing.ts';
import { percentile } from '../percentile.ts';

/**
 * From the acknowledgement of a span that breaks a threshold to its notification at a webhook, with a server of its own:
 * `node bench/alerts/notify.ts [--interval 60s] [--rounds 20] [--cli collector/dist/cli.js]`.
 * Each round has a rule and a moment of its own, drawn from the whole interval.
 */
const { values } = parseArgs({
  options: {
    interval: { type: 'string', default: '60s' },
    rounds: { type: 'string', default: '20' },
    cli: { type: 'string' },
  },
});
const intervalMs = Number(values.interval.slice(0, -1)) * 1_000;
const rounds = Number(values.rounds);

const arrivedMs = new Map<string, number>();
const sink = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const { type, data } = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly type: string;
      readonly data: { readonly rule: string };
    };
    if (type === 'alert.firing') arrivedMs.set(data.rule, performance.now());
    outgoing.end();
  });
});
sink.listen(0, '127.0.0.1');
await once(sink, 'listening');
const { port } = sink.address() as AddressInfo;

const dataDir = await mkdtemp(join(tmpdir(), 'orchescope-notify-'));
const server = await startServerProcess({
  dataDir,
  env: { ORCHESCOPE_ALERT_ALLOW: `127.0.0.1:${port}` },
  ...(values.cli === undefined ? {} : { cli: values.cli }),
});
try {
  await put('channels', {
    channel: {
      name: 'hook',
      type: 'webhook',
      isDefault: true,
      url: `http://127.0.0.1:${port}/`,
    },
  });
  const names = Array.from({ length: rounds }, (_, at) => `round-${at}`);
  for (const id of names) await put('rules', { rule: toRule(id) });
  // Every rule has been evaluated once, with nothing to tell.
  await sleep(intervalMs + 5_000);
  const latencies = await Promise.all(names.map(measure));
  const sorted = latencies.toSorted((a, b) => a - b);
  const seconds = (share: number): string => (percentile(sorted, share) / 1_000).toFixed(1);
  const limit = intervalMs / 1_000 + 5;
  process.stdout.write(
    `rules every ${values.interval}, ${rounds} of them: p50 ${seconds(0.5)} s, p95 ${seconds(0.95)} s, ` +
      `slowest ${((sorted.at(-1) ?? 0) / 1_000).toFixed(1)} s (limit ${limit} s)\n`,
  );
} finally {
  await server.kill('SIGTERM');
  sink.close();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(name: string): Promise<number> {
  await sleep(Math.random() * intervalMs);
  await sendRun(server.url, name);
  const acknowledgedMs = performance.now();
  while (!arrivedMs.has(name)) await sleep(20);
  return (arrivedMs.get(name) ?? 0) - acknowledgedMs;
}

function toRule(id: string): object {
  return {
    id,
    title: id,
    metric: 'runs_started',
    filter: `service:${id}`,
    window: '5m',
    interval: values.interval,
    condition: { type: 'threshold', alert: 0, recover: 0 },
  };
}

async function put(path: string, body: object): Promise<void> {
  const answer = await fetch(`${server.url}/api/alerts/${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ project: 'default', ...body }),
  });
  if (!answer.ok)
    throw new Error(`PUT ${path} was answered ${answer.status}: ${await answer.text()}`);
}
