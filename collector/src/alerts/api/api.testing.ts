/** The routes of alerts over a real store, and evaluations as the evaluator writes them. */
import type { Hono } from 'hono';
import { randomBytes } from 'node:crypto';
import type { AlertRule } from '../../contract.ts';
import { writeEvaluations, type Evaluation, type StoredEvent } from '../../store/alert-log.ts';
import { startTestStore, type TestStore } from '../../store/testing.ts';
import { parseAllowList } from '../channels/allow-list.ts';
import { createChannels } from '../channels/channel.ts';
import type { Resolve } from '../channels/target.ts';
import type { Instance } from '../instance.ts';
import { createAlertSettings } from '../settings/alert-settings-store.ts';
import { hashOfRule } from '../settings/hash-of-rule.ts';
import { unitOf } from '../settings/metric-facts.ts';
import { nothingProvisioned, type ProvisionedAlerts } from '../settings/provisioned.ts';
import { createAlertRoutes } from './routes.ts';

export type AlertApi = {
  readonly opened: TestStore;
  readonly app: Hono;
  /** What is wrong inside, not with what was asked. */
  readonly failed: unknown[];
  readonly wokenCount: () => number;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answered>;
  readonly close: () => Promise<void>;
};

export type Answered = {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
};

/** Names that lead where nobody may send; all others are public. */
const namedAddresses: Readonly<Record<string, string>> = {
  localhost: '127.0.0.1',
  'metadata.example.com': '169.254.169.254',
  'inside.example.com': '10.0.0.7',
};

export async function startAlertApi(
  files: ProvisionedAlerts = nothingProvisioned,
  allow: readonly string[] = [],
): Promise<AlertApi> {
  const opened = await startTestStore();
  const failed: unknown[] = [];
  let woken = 0;
  const secretKey = randomBytes(32);
  const resolve: Resolve = (name) => Promise.resolve([namedAddresses[name] ?? '93.184.215.14']);
  const app = createAlertRoutes({
    store: opened.store,
    channels: createChannels({ secretKey, resolve }),
    secretKey,
    allow: parseAllowList(allow),
    publicUrl: 'https://observe.example.com',
    resolve,
    settings: createAlertSettings({ store: opened.store, files: () => files }),
    wake: () => (woken += 1),
    log: (_, error) => failed.push(error),
  });
  return {
    opened,
    app,
    failed,
    wokenCount: () => woken,
    ask: async (method, path, body) => {
      const headers = { 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { headers, body: toText(body) };
      const answer = await app.request(path, { method, ...sent });
      const text = await answer.text();
      const { status } = answer;
      return { status, body: text === '' ? null : JSON.parse(text), headers: answer.headers };
    },
    close: opened.close,
  };
}

function toText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

let tokens = 0;

/** As if the rule had just been looked at, and one group were firing since `startedAtMs`. */
export async function fire(
  api: AlertApi,
  projectId: string,
  rule: AlertRule,
  { group, startedAtMs, id }: { group: string; startedAtMs: number; id: string },
): Promise<void> {
  const evalAtMs = startedAtMs + 60_000;
  const episode = { id, startedAtMs, firstValue: 0.2, worstValue: 0.4, threshold: 0.1 };
  const value = { group, value: 0.3, threshold: 0.1, samples: 60 };
  const instance: Instance = {
    ...value,
    fingerprint: `f-${id}`,
    core: 'firing',
    over: null,
    sinceMs: startedAtMs,
    firstSeenMs: startedAtMs,
    lastSampleMs: evalAtMs,
    evaluatedAtMs: evalAtMs,
    pendingSinceMs: null,
    recoveringSinceMs: null,
    missing: 0,
    errors: 0,
    changes: [startedAtMs],
    flapping: false,
    learning: false,
    episode,
    reason: 'It is beyond the threshold.',
  };
  const { title, severity, metric, labels, owner, runbook } = rule;
  const about = { title, severity, metric, labels, owner, runbook };
  const event: StoredEvent = {
    ...value,
    kind: 'firing',
    atMs: startedAtMs,
    fingerprint: instance.fingerprint,
    episode,
    reason: instance.reason,
    rule: { ...about, unit: unitOf(metric), target: 0.02, direction: 'above' },
    overflow: 0,
  };
  const ruleHash = hashOfRule(rule);
  const evaluation: Evaluation = {
    projectId,
    ruleId: rule.id,
    evalAtMs,
    term: 1,
    ruleHash,
    state: 'firing',
    groupCount: 1,
    firingCount: 1,
    overflow: 0,
    worstGroup: group,
    worstValue: 0.3,
    threshold: 0.1,
    samples: 60,
    error: '',
    ruleState: { ruleHash, evaluatedAtMs: evalAtMs, instances: [instance], told: [] },
    events: [event],
    deliveries: [],
  };
  tokens += 1;
  await writeEvaluations(api.opened.store.client, [evaluation], `fire-${tokens}`);
}
