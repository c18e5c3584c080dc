/**
 * A process that decides, sends and marks, to be killed in between: it says `held` at the step that HOLD names and goes
 * no further. Started anew on the same directory it goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DataDirectoryInUseError } from '../../store/engine/data-directory-error.ts';
import { type DeliveryLog, toDeliveryLog } from '../../store/delivery-log.ts';
import { startStore, type Store } from '../../store/start-store.ts';
import type { Attempt, Delivery } from '../delivery.ts';
import { toChannel } from '../routing/routing.testing.ts';
import { decide } from './decide.testing.ts';
import { startSender } from './sender.ts';

/** Where it can be held; `send` is up to the other side, which need not answer. */
export type Step = 'decided' | 'read' | 'send' | 'before-mark' | 'after-mark' | 'never';

const { DATA_DIR = '', SINK = '', HOLD = 'never', DELIVERIES = '[]' } = process.env;

async function holdAt(step: Step): Promise<void> {
  if (step !== HOLD) return;
  process.stdout.write('held\n');
  // Nothing else keeps the process alive while the engine does.
  await sleep(60_000);
}

function toHeldLog(log: DeliveryLog): DeliveryLog {
  return {
    ...log,
    readOpen: async (nowMs) => {
      const open = await log.readOpen(nowMs);
      await holdAt('read');
      return open;
    },
    write: async (rows) => {
      await holdAt('before-mark');
      await log.write(rows);
      await holdAt('after-mark');
    },
  };
}

async function send(channel: string, delivery: Delivery, signal: AbortSignal): Promise<Attempt> {
  const body = JSON.stringify(delivery);
  const headers = { 'webhook-id': delivery.id };
  const answer = await fetch(`${SINK}/${channel}`, { method: 'POST', body, headers, signal });
  await answer.text();
  return { outcome: 'delivered', status: answer.status };
}

/** The engine of whoever was killed needs a moment to notice. */
async function open(): Promise<Store> {
  for (;;)
    try {
      return await startStore({ engine: 'embedded', dataDir: DATA_DIR }, () => undefined);
    } catch (error) {
      if (!(error instanceof DataDirectoryInUseError)) throw error;
      await sleep(50);
    }
}

const store = await open();
for (const delivery of JSON.parse(DELIVERIES) as Delivery[]) await decide(store.client, [delivery]);
await holdAt('decided');
const sender = startSender({
  log: toHeldLog(toDeliveryLog(store.client)),
  send,
  channelsOf: () => [toChannel({ name: 'oncall' }), toChannel({ name: 'mail' })],
  now: () => Date.now(),
  warn: (message, fields) => process.stderr.write(`${message} ${String(fields['error'])}\n`),
});
await sender.settled();
process.stdout.write(`settled ${sender.status().waiting}\n`);
await sender.close();
await store.close();
