/** The store goes away while rules are evaluated: every window is judged once it is back. */
import { expect, onTestFinished, test } from 'vitest';
import { createDataDir, toRule, withStore } from './alert-settings.testing.ts';
import { scale } from './scale.testing.ts';
import { readMetric, startServerProcess } from './server-process.testing.ts';

test(
  'windows that fell into the death of the engine are caught up on, each once',
  { timeout: scale.limitMs },
  async () => {
    const rules = [toRule({ id: 'steady' })];
    const dataDir = await createDataDir(rules, 'http://127.0.0.1:9/');
    const server = await startServerProcess({ dataDir });
    onTestFinished(async () => void (await server.kill('SIGKILL')));
    const evaluated = (): Promise<number> =>
      readMetric(server.url, 'orchescope_alerts_evaluations_total').catch(() => 0);
    const evaluates = async (more: number): Promise<void> => {
      const before = await evaluated();
      await expect
        .poll(evaluated, { timeout: 60_000, interval: 200 })
        .toBeGreaterThanOrEqual(before + more);
    };
    // The shipped rules are among them, once each.
    await evaluates(20);
    const pid = server.enginePid();
    if (pid === null) throw new Error('there is no engine');
    process.kill(pid, 'SIGKILL');
    await evaluates(10);
    await server.kill('SIGTERM');
    await withStore(dataDir, async ({ client }) => {
      const answer = await client.query({
        query: `SELECT toFloat64(count()) AS rows, toFloat64(uniqExact(eval_at)) AS evaluations,
            toFloat64(dateDiff('second', min(eval_at), max(eval_at))) + 1 AS seconds
          FROM alert_log WHERE rule_id = 'steady'`,
        format: 'JSONEachRow',
      });
      const [found] = await answer.json<Record<'rows' | 'evaluations' | 'seconds', number>>();
      expect(found?.seconds).toBeGreaterThan(10);
      expect(found?.rows).toBe(found?.seconds);
      expect(found?.evaluations).toBe(found?.seconds);
    });
  },
);
