/** Killed at every step between deciding and marking: everything arrives, in order, and under one id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sink, startSink } from '../channels/sink.testing.ts';
import type { Delivery } from '../delivery.ts';
import { createTestDataDir } from '../../store/new-data-dir.testing.ts';
import { toDelivery } from './deliveries.testing.ts';
import type { Step } from './kill-child.testing.ts';

let dataDir: string;
let sink: Sink;
/** Called for a request that is left without an answer; null = all are answered. */
let onHanging: (() => void) | null = null;
const children: ChildProcess[] = [];

beforeAll(async () => {
  dataDir = await createTestDataDir('orchescope-deliver-');
  sink = await startSink(() => {
    if (onHanging === null) return { status: 200 };
    onHanging();
    onHanging = null;
    return 'hang';
  });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await sink[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

const createdAtMs = Date.now() - 60_000;
const make = (id: string, change: Partial<Delivery>, kind: 'firing' | 'resolved'): Delivery =>
  toDelivery({ id, createdAtMs, ...change }, kind, [id.split(' ')[0] ?? '']);
const decided = [
  make('a firing', { sequence: 1 }, 'firing'),
  make('a resolved', { sequence: 2, createdAtMs: createdAtMs + 1_000 }, 'resolved'),
  make('b firing', { sequence: 3, createdAtMs: createdAtMs + 2_000 }, 'firing'),
  make('mail firing', { channel: 'mail', createdAtMs: createdAtMs + 3_000 }, 'firing'),
];

/** Resolves with the first line it says, or with `sent` once the other side leaves it without an answer. */
async function startUntil(hold: Step, deliveries: readonly Delivery[] = []): Promise<string> {
  const program = fileURLToPath(new URL('kill-child.testing.ts', import.meta.url));
  const hanging = Promise.withResolvers<string>();
  onHanging = hold === 'send' ? () => hanging.resolve('sent') : null;
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      SINK: `http://127.0.0.1:${sink.port}`,
      HOLD: hold,
      DELIVERIES: JSON.stringify(deliveries),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const said = once(lines, 'line').then(([line]) => String(line));
  const line = await Promise.race([said, hanging.promise]);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  return line;
}

test(
  'everything arrives at least once, in order, and what is repeated has the same id',
  { timeout: 120_000 },
  async () => {
    expect(await startUntil('decided', decided)).toBe('held');
    const steps: readonly Step[] = ['read', 'send', 'before-mark', 'after-mark'];
    for (const step of [...steps, ...steps.slice(1)])
      expect(await startUntil(step)).toBe(step === 'send' ? 'sent' : 'held');
    expect(await startUntil('never')).toBe('settled 0');
    const arrived = sink.requests.map(({ path, headers, body }) => {
      const { message } = JSON.parse(body) as Delivery;
      return { path, id: String(headers['webhook-id']), body, kind: message.kind };
    });
    const ids = arrived.map(({ id }) => id);
    expect([...new Set(ids)].toSorted()).toEqual(decided.map(({ id }) => id).toSorted());
    // Otherwise nobody was killed in time.
    expect(ids.length).toBeGreaterThan(decided.length);
    expect(new Set(arrived.map(({ id, body }) => `${id} ${body}`)).size).toBe(decided.length);
    const oncall = arrived.filter(({ path }) => path === '/oncall').map(({ id }) => id);
    const inOrder = decided.filter(({ channel }) => channel === 'oncall').map(({ id }) => id);
    expect(oncall.filter((id, index) => id !== oncall[index - 1])).toEqual(inOrder);
    const all = ids.length;
    expect(await startUntil('never')).toBe('settled 0');
    expect(sink.requests.length).toBe(all);
  },
);
