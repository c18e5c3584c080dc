/** The store goes away while rules are evaluated: every window is judged once it is back. */
import { expect, onTestFinished, test } from 'vitest';
import { alertRules } from '../contract.ts';
import { readIncidents } from '../store/read-incidents.ts';
import { createDataDir, sendRun, toRule, withStore } from './alert-settings.testing.ts';
import { scale } from './scale.testing.ts';
import { readMetric, startServerProcess } from './server-process.testing.ts';

test(
  'windows that fell into the death of the engine are caught up on, each once',
  { timeout: scale.limitMs },
  async () => {
    // One begins and is over while nothing can be stored.
    const rules = [toRule({ id: 'steady' }), toRule({ id: 'brief', window: '6s' })];
    const dataDir = await createDataDir(rules, 'http://127.0.0.1:9/');
    const server = await startServerProcess({ dataDir });
    onTestFinished(async () => void (await server.kill('SIGKILL')));
    // Until a window is judged that ended after the moment.
    const evaluates = async (atMs: number): Promise<void> => {
      await expect
        .poll(() => readLastEvaluatedMs(server.url), { timeout: 90_000, interval: 200 })
        .toBeGreaterThan(atMs);
    };
    await evaluates(Date.now() + 3_000);
    const pid = server.enginePid();
    if (pid === null) throw new Error('there is no engine');
    // It hangs before it dies, for longer than windows wait for what is late.
    process.kill(pid, 'SIGSTOP');
    await sendRun(server.url, 'brief');
    await waitUntilOld(server.url, 12);
    process.kill(pid, 'SIGKILL');
    const killedMs = Date.now();
    await evaluates(killedMs + 3_000);
    await server.kill('SIGTERM');
    await withStore(dataDir, async ({ client }) => {
      const answer = await client.query({
        query: `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(eval_at)) AS evaluations,
            toFloat64(dateDiff('second', min(eval_at), max(eval_at))) + 1 AS seconds,
            toFloat64(toUnixTimestamp64Milli(min(eval_at))) AS first_ms
          FROM alert_log WHERE rule_id = 'steady'`,
        format: 'JSONEachRow',
      });
      const [found] =
        await answer.json<Record<'rows' | 'evaluations' | 'seconds' | 'first_ms', number>>();
      expect(found?.first_ms).toBeLessThan(killedMs);
      expect(found?.rows).toBe(found?.seconds);
      expect(found?.evaluations).toBe(found?.seconds);
      const ask = { fromMs: 0, toMs: Infinity, state: 'any', ruleId: 'brief', limit: 9 } as const;
      const { incidents } = await readIncidents({ client }, 'default', ask);
      expect(incidents.length).toBe(1);
    });
  },
);

/** Until the oldest commit that is not in the tables is so many seconds old. */
async function waitUntilOld(url: string, seconds: number): Promise<void> {
  await expect
    .poll(() => readMetric(url, 'orchescope_wal_oldest_age_seconds'), {
      timeout: 60_000,
      interval: 200,
    })
    .toBeGreaterThan(seconds);
}

/** When the newest window of the rule ended whose judgement is stored; 0 while none can be read. */
async function readLastEvaluatedMs(url: string): Promise<number> {
  try {
    const answer = await fetch(`${url}/api/alerts/rules`);
    const { rules } = alertRules.parse(await answer.json());
    return rules.find(({ rule }) => rule.id === 'steady')?.lastEvaluatedAtMs ?? 0;
  } catch {
    return 0;
  }
}
