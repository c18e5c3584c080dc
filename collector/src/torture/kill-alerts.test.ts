/** The server is killed while its rules fire: whoever is to be told is told, and of nothing twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startSink, type SinkRequest } from '../alerts/channels/sink.testing.ts';
import { readIncidents } from '../store/read-incidents.ts';
import { createDataDir, sendRun, toRule, withStore } from './alert-settings.testing.ts';
import { scale } from './scale.testing.ts';
import { startServerProcess, type ServerProcess } from './server-process.testing.ts';

const names = ['one', 'two', 'three', 'four'];
const rules = [
  ...names.map((id) => toRule({ id })),
  // It has to be beyond the threshold longer than the server lives.
  toRule({ id: 'patient', for: '4s', window: '15s' }),
];

type Message = {
  readonly id: string;
  readonly rule: string;
  readonly kind: string;
  readonly incidents: readonly string[];
};

test(
  'every firing arrives, once or under the same id, before its end, wherever the server is killed',
  { timeout: scale.limitMs },
  async () => {
    let server: ServerProcess | null = null;
    let killsLeft = 2;
    // Between the message and the row that says that it arrived.
    await using sink = await startSink(() => {
      if (server !== null && killsLeft > 0) {
        killsLeft -= 1;
        process.kill(server.pid, 'SIGKILL');
      }
      return { status: 200 };
    });
    const port = sink.port;
    const dataDir = await createDataDir(rules, `http://127.0.0.1:${port}/hook`);
    const env = { ORCHESCOPE_ALERT_ALLOW: `127.0.0.1:${port}` };
    const start = async (): Promise<ServerProcess> => {
      server = await startServerProcess({ dataDir, env });
      return server;
    };
    onTestFinished(async () => void (await server?.kill('SIGKILL')));

    let running = await start();
    for (const { id } of rules) {
      // It may die of the message about the one before.
      while (!(await isSent(running.url, id))) running = await start();
    }
    const told = (): Message[] => sink.requests.map(toMessage);
    const isOver = (): boolean =>
      rules.every(({ id }) => {
        const heard = told().filter(({ rule }) => rule === id);
        const kinds = new Set(heard.map(({ kind }) => kind));
        return kinds.has('fired_and_resolved') || (kinds.has('firing') && kinds.has('resolved'));
      });
    let randomKills = 2;
    while (!isOver()) {
      const lived = await Promise.race([running.exited, sleep(200 + Math.random() * 2_500)]);
      // Wherever it is: reading, deciding, writing, sending. One that died of its message counts for itself.
      if (lived === undefined) {
        if (randomKills === 0) continue;
        randomKills -= 1;
      }
      await running.kill('SIGKILL');
      running = await start();
    }
    await running.kill('SIGTERM');

    const messages = told();
    expect(messages.length).toBeGreaterThanOrEqual(rules.length);
    for (const { id } of rules) {
      const own = messages.filter(({ rule }) => rule === id);
      const incidents = new Set(own.flatMap((message) => message.incidents));
      for (const incident of incidents) expectInOrder(own, incident);
    }
    await expectStored(dataDir, messages);
  },
);

async function isSent(url: string, service: string): Promise<boolean> {
  return sendRun(url, service).then(
    () => true,
    () => false,
  );
}

function expectInOrder(messages: readonly Message[], incident: string): void {
  const of = (kind: string): Message[] =>
    messages.filter((message) => message.kind === kind && message.incidents.includes(incident));
  const begun = new Set([...of('firing'), ...of('fired_and_resolved')].map(({ id }) => id));
  expect(begun.size).toBe(1);
  expect(new Set(of('resolved').map(({ id }) => id)).size).toBeLessThanOrEqual(1);
  const [firing, resolved] = [of('firing').at(-1), of('resolved')[0]];
  if (firing === undefined || resolved === undefined) return;
  expect(messages.indexOf(firing)).toBeLessThan(messages.indexOf(resolved));
}

/** What people heard of is what stands in the log, and the wait went on over all deaths. */
async function expectStored(dataDir: string, messages: readonly Message[]): Promise<void> {
  await withStore(dataDir, async (store) => {
    const ask = { fromMs: 0, toMs: Infinity, state: 'any', ruleId: '', limit: 500 } as const;
    const { incidents } = await readIncidents(store, 'default', ask);
    const told = new Set(messages.flatMap((message) => message.incidents));
    for (const id of told) expect(incidents.map((incident) => incident.id)).toContain(id);
    const answer = await store.client.query({
      query: `SELECT rule_id, toUnixTimestamp64Milli(eval_at) AS at_ms, kind FROM alert_log
        ARRAY JOIN event_kinds AS kind WHERE rule_id = 'patient' AND kind IN ('pending', 'firing') ORDER BY eval_at`,
      format: 'JSONEachRow',
    });
    const [pending, firing] = await answer.json<{ at_ms: string; kind: string }>();
    expect([pending?.kind, firing?.kind]).toEqual(['pending', 'firing']);
    expect(Number(firing?.at_ms) - Number(pending?.at_ms)).toBe(4_000);
    const rows = await store.client.query({
      query: `SELECT count() AS rows, uniqExact(project_id, rule_id, eval_at) AS evaluations FROM alert_log`,
      format: 'JSONEachRow',
    });
    const [count] = await rows.json<{ rows: string; evaluations: string }>();
    expect(count?.rows).toBe(count?.evaluations);
  });
}

function toMessage({ headers, body }: SinkRequest): Message {
  const { type, data } = JSON.parse(body) as {
    readonly type: string;
    readonly data: { readonly rule: unknown; readonly alerts: readonly { incident: string }[] };
  };
  const { rule } = data;
  return {
    id: String(headers['webhook-id']),
    rule: typeof rule === 'string' ? rule : String((rule as { id: string }).id),
    kind: type.replace(/^alert\./, ''),
    incidents: data.alerts.map(({ incident }) => incident),
  };
}
