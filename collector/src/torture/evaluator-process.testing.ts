/** One of several that evaluate the rules of one store, in a process of its own: to be stopped and let go on. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseAllowList } from '../alerts/channels/allow-list.ts';
import { createChannels } from '../alerts/channels/channel.ts';
import { createHeartbeat } from '../alerts/evaluate/heartbeat.ts';
import { createAlertSettings } from '../alerts/settings/alert-settings-store.ts';
import { nothingProvisioned } from '../alerts/settings/provisioned.ts';
import { startAlerts } from '../alerts/start-alerts.ts';
import { connectToStore, type StoreAddress } from '../store/connect.ts';
import type { Reading } from '../alerts/reading.ts';

type Task = { readonly store: StoreAddress; readonly holder: string; readonly allow: string };

/** Long enough for a slow machine to renew in time. */
export const leaseTimes = { ttlMs: 2_000, renewMs: 300 };

export type EvaluatorProcess = {
  readonly child: ChildProcess;
  /** Null while another evaluates. */
  readonly term: () => number | null;
};

export function startEvaluatorProcess(task: Task): EvaluatorProcess {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(task)], { stdio: 'inherit' });
  let term: number | null = null;
  child.on('message', (message) => (term = message as number | null));
  return { child, term: () => term };
}

const [, , text] = process.argv;
if (process.send !== undefined && text !== undefined) run(JSON.parse(text) as Task);

function run({ store, holder, allow: allowed }: Task): void {
  const client = connectToStore(store);
  const allow = parseAllowList([allowed]);
  const channels = createChannels({ secretKey: new Uint8Array(32) });
  const nothing: Reading = { group: '', value: null, samples: 0, bad: 0, pricedShare: null };
  const quiet = (): void => undefined;
  const alerts = startAlerts({
    hiddenMs: () => 0,
    client,
    exclusive: false,
    holder,
    settings: createAlertSettings({ store: { client }, files: () => nothingProvisioned }),
    facts: {
      rejectedShare: () => nothing,
      walAge: () => nothing,
      diskUsedShare: async () => nothing,
    },
    readBudget: async () => null,
    send: (channel, delivery, signal) =>
      channels.send(channel, delivery, { publicUrl: '', allow, signal, nowMs: Date.now() }),
    heartbeat: createHeartbeat({ url: '', everyMs: 60_000, allow, warn: quiet }),
    info: quiet,
    warn: quiet,
    lease: leaseTimes,
  });
  const tell = setInterval(() => process.send?.(alerts.status().term), 50);
  process.once('SIGTERM', () => {
    clearInterval(tell);
    void alerts
      .close()
      .then(() => client.close())
      .then(() => process.exit(0));
  });
}
