/** Two servers over one store: one evaluates, the other takes over, and neither is heard twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startSink } from '../alerts/channels/sink.testing.ts';
import { readIncidents } from '../store/read-incidents.ts';
import { startTestStore } from '../store/testing.ts';
import { setAlerts, toRule } from './alert-settings.testing.ts';
import { startEvaluatorProcess, type EvaluatorProcess } from './evaluator-process.testing.ts';

/** Nothing ever comes, so each fires once, at a time of its own. */
const rules = Array.from({ length: 12 }, (_, at) =>
  toRule({ id: `absent-${at}`, condition: { type: 'absence' }, for: `${at}s` }),
);

test(
  'one that was stopped is replaced, goes on, and nothing is counted or told twice',
  { timeout: 120_000 },
  async () => {
    await using sink = await startSink();
    const opened = await startTestStore();
    onTestFinished(opened.close);
    const { store } = opened;
    await setAlerts(store, rules, `http://127.0.0.1:${sink.port}/hook`);
    const start = (holder: string): EvaluatorProcess =>
      startEvaluatorProcess({ store: store.address, holder, allow: `127.0.0.1:${sink.port}` });
    const [a, b] = [start('a'), start('b')];
    const gone = [a, b].map(
      ({ child }) => new Promise<void>((resolve) => child.once('exit', () => resolve())),
    );
    onTestFinished(() => {
      for (const { child } of [a, b]) child.kill('SIGKILL');
    });
    const holderOf = async (others: readonly EvaluatorProcess[]): Promise<EvaluatorProcess> => {
      for (;;) {
        const found = others.find((one) => one.term() !== null);
        if (found !== undefined) return found;
        await sleep(20);
      }
    };

    const terms: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      const first = await holderOf([a, b]);
      const second = first === a ? b : a;
      const told = sink.requests.length;
      // Somewhere in the midst of it: at least one more was told.
      while (sink.requests.length === told && told < rules.length) await sleep(20);
      first.child.kill('SIGSTOP');
      terms.push((await holderOf([second])).term() ?? 0);
      first.child.kill('SIGCONT');
      await expect.poll(() => first.term(), { timeout: 20_000 }).toBeNull();
    }
    const ids = (): Set<string> =>
      new Set(sink.requests.map(({ headers }) => String(headers['webhook-id'])));
    await expect.poll(() => ids().size, { timeout: 60_000 }).toBe(rules.length);
    for (const { child } of [a, b]) child.kill('SIGTERM');
    await Promise.all(gone);

    expect(terms).toEqual(terms.toSorted((x, y) => x - y));
    expect(new Set(terms).size).toBe(2);
    const ask = { fromMs: 0, toMs: Infinity, state: 'any', ruleId: '', limit: 100 } as const;
    const { incidents, openCount } = await readIncidents(store, 'default', ask);
    expect(openCount).toBe(rules.length);
    expect(incidents).toHaveLength(rules.length);
    expect(ids().size).toBe(rules.length);

    // Of the evaluations that count none is missing.
    const answer = await store.client.query({
      query: `SELECT rule_id, toFloat64(uniqExact(eval_at)) AS evaluations,
          toFloat64(dateDiff('second', min(eval_at), max(eval_at))) + 1 AS seconds
        FROM alert_log WHERE startsWith(rule_id, 'absent') GROUP BY rule_id`,
      format: 'JSONEachRow',
    });
    const counted = await answer.json<{ evaluations: number; seconds: number }>();
    expect(counted).toHaveLength(rules.length);
    for (const { evaluations, seconds } of counted) expect(evaluations).toBe(seconds);
  },
);
