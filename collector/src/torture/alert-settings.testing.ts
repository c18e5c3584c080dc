/** A data directory whose project has rules and a webhook channel already: rules that look every second, as no user may. */
import { rm } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { alertChannel, alertRule, type AlertRule } from '../contract.ts';
import { createTestDataDir } from '../store/new-data-dir.testing.ts';
import { startStore, type Store } from '../store/start-store.ts';
import { writeSetting } from '../store/settings-log.ts';

export type RuleDraft = Pick<AlertRule, 'id'> & Partial<AlertRule>;

/** Fires while a run of the service of its name began within the window. */
export function toRule({ id, ...more }: RuleDraft): AlertRule {
  const written = {
    id,
    title: id,
    metric: 'runs_started',
    filter: `service:${id}`,
    window: '10s',
    interval: '1s',
    condition: { type: 'threshold', alert: 0, recover: 0 },
    keepFiring: '1s',
    repeatEvery: '0s',
    groupEvery: '0s',
  };
  return { ...alertRule.parse(written), ...more };
}

export async function setAlerts(
  { client }: Pick<Store, 'client'>,
  rules: readonly AlertRule[],
  url: string,
): Promise<void> {
  const change = { projectId: 'default', changedBy: 'test' };
  const nowMs = Date.now();
  for (const rule of rules) {
    await writeSetting(
      client,
      { ...change, area: 'alert-rules', key: rule.id, value: rule },
      nowMs,
    );
  }
  const channel = alertChannel.parse({ name: 'hook', type: 'webhook', isDefault: true, url });
  const value = { channel, sealedSecret: '', secretHost: '' };
  await writeSetting(client, { ...change, area: 'alert-channels', key: 'hook', value }, nowMs);
}

/** Ends with the test that asked for it. */
export async function createDataDir(rules: readonly AlertRule[], url: string): Promise<string> {
  const dataDir = await createTestDataDir('orchescope-alerts-');
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  await withStore(dataDir, (store) => setAlerts(store, rules, url));
  return dataDir;
}

/** While no server runs over it. */
export async function withStore<T>(dataDir: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await startStore({ engine: 'embedded', dataDir }, () => undefined);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** One run of a service, begun now. Resolves when it is acknowledged. */
export async function sendRun(url: string, service: string): Promise<void> {
  const hex = (bytes: number): string =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
  const startNano = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: hex(16),
    spanId: hex(8),
    name: 'work',
    kind: 1,
    startTimeUnixNano: startNano.toString(),
    endTimeUnixNano: (startNano + 1_000_000n).toString(),
    attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'invoke_agent' } }],
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  const body = {
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 't' }, spans: [span] }] }],
  };
  const answer = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the run was answered ${answer.status}: ${await answer.text()}`);
}
