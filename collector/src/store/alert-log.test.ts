import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Delivery } from '../alerts/delivery.ts';
import type { AlertEventKind, Episode, Instance, RuleState } from '../alerts/instance.ts';
import {
  readRuleStates,
  writeEvaluations,
  type Evaluation,
  type IncidentRule,
  type StoredEvent,
} from './alert-log.ts';
import { readRuleHistory } from './read-alert-history.ts';
import { readIncident, readIncidents, readOpenIncidents } from './read-incidents.ts';
import { startTestStore, type TestStore } from './testing.ts';

let started: TestStore;
beforeAll(async () => {
  started = await startTestStore();
});
afterAll(() => started.close());

const minuteMs = 60_000;
const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs - 5 * minuteMs;

const rule: IncidentRule = {
  title: 'Loops',
  severity: 'warning',
  metric: 'loop_rate',
  unit: 'share',
  labels: {},
  owner: 'team',
  runbook: '',
  target: 0.01,
  direction: 'above',
};

function episodeOf(id: string, startedAtMs: number): Episode {
  return { id, startedAtMs, firstValue: 0.2, worstValue: 0.4, threshold: 0.05 };
}

function eventOf(kind: AlertEventKind, atMs: number, episode: Episode | null): StoredEvent {
  const what = { fingerprint: 'f', group: "o'neill \\", value: 0.2, threshold: 0.05, samples: 9 };
  return { kind, atMs, episode, ...what, reason: `is ${kind}`, rule, overflow: 0 };
}

function stateOf(evaluatedAtMs: number, instances: readonly Instance[] = []): RuleState {
  return { ruleHash: 'h', evaluatedAtMs, instances, told: [] };
}

function instanceOf(episode: Episode): Instance {
  return {
    fingerprint: 'f',
    group: 'g',
    core: 'firing',
    over: null,
    sinceMs: 1,
    firstSeenMs: 1,
    lastSampleMs: 1,
    evaluatedAtMs: 1,
    value: 0.3,
    threshold: 0.05,
    samples: 8,
    pendingSinceMs: null,
    recoveringSinceMs: null,
    missing: 0,
    errors: 0,
    changes: [],
    flapping: false,
    learning: false,
    episode,
    reason: '',
  };
}

function evaluationOf(
  what: Partial<Evaluation> & Pick<Evaluation, 'projectId' | 'evalAtMs'>,
): Evaluation {
  return {
    ruleId: 'loop-rate',
    term: 1,
    ruleHash: 'h',
    state: 'normal',
    groupCount: 1,
    firingCount: 0,
    overflow: 0,
    worstGroup: '',
    worstValue: null,
    threshold: null,
    samples: 0,
    error: '',
    ruleState: null,
    events: [],
    deliveries: [],
    ...what,
  };
}

function deliveryOf(id: string, incident: string): Delivery {
  const alert = { incident, fingerprint: 'f', group: 'g', state: 'firing', value: 1 } as const;
  const rest = { threshold: 1, samples: 1, reason: '', startedAtMs: 1, endedAtMs: null };
  return {
    id,
    projectId: 'p',
    ruleId: 'loop-rate',
    channel: 'ops',
    createdAtMs: nowMs,
    sequence: 1,
    message: {
      kind: 'firing',
      project: 'p',
      rule: 'loop-rate',
      ...rule,
      description: '',
      window: { fromMs: 0, toMs: 1 },
      alerts: [{ ...alert, ...rest, exemplars: [] }],
      overflow: 0,
    },
  };
}

const write = (rows: readonly Evaluation[], token: string): Promise<void> =>
  writeEvaluations(started.store.client, rows, token);

test('the state of a rule is that of its last evaluation that wrote one', async () => {
  const projectId = 'state';
  await write(
    [
      evaluationOf({ projectId, evalAtMs: nowMs, ruleState: stateOf(nowMs) }),
      evaluationOf({ projectId, evalAtMs: nowMs + 1_000, worstValue: 0.5, error: 'no answer' }),
    ],
    'state',
  );
  const last = (await readRuleStates(started.store, projectId)).get('loop-rate');
  expect(last).toMatchObject({ evalAtMs: nowMs + 1_000, worstValue: 0.5, error: 'no answer' });
  expect(last?.ruleState).toEqual(stateOf(nowMs));
  expect(last?.stateAtMs).toBe(nowMs);
});

test('what a higher term wrote counts, even of an earlier time and whoever came last', async () => {
  const projectId = 'terms';
  const of = (term: number, evalAtMs: number): Evaluation =>
    evaluationOf({ projectId, evalAtMs, term, worstValue: term, ruleState: stateOf(evalAtMs) });
  await write([of(2, nowMs)], 'terms 2');
  await write([of(1, nowMs), of(1, nowMs + 2_000)], 'terms 1');
  const last = (await readRuleStates(started.store, projectId)).get('loop-rate');
  expect(last).toMatchObject({ worstValue: 2, term: 2, evalAtMs: nowMs });
  expect(last?.ruleState).toEqual(stateOf(nowMs));
});

test('rows written again under their token are there once', async () => {
  const projectId = 'token';
  const rows = [evaluationOf({ projectId, evalAtMs: nowMs })];
  await write(rows, 'token');
  await write(rows, 'token');
  const answer = await started.store.client.query({
    query: "SELECT count() AS n FROM alert_log WHERE project_id = 'token'",
    format: 'JSONEachRow',
  });
  expect(await answer.json()).toEqual([{ n: '1' }]);
});

test('incidents are told from firing to their end, with what was sent of them', async () => {
  const projectId = 'incidents';
  const over = episodeOf('a1', nowMs);
  const open = episodeOf('b2', nowMs + 3 * minuteMs);
  const on = { projectId, ruleHash: 'h' };
  await write(
    [
      evaluationOf({
        ...on,
        evalAtMs: nowMs,
        firingCount: 1,
        events: [eventOf('firing', nowMs, over)],
        deliveries: [deliveryOf('d1', 'a1')],
      }),
      evaluationOf({
        ...on,
        evalAtMs: nowMs + minuteMs,
        events: [
          eventOf('late_data', nowMs + minuteMs, over),
          eventOf('resolved', nowMs + minuteMs, over),
          eventOf('pending', nowMs + minuteMs, null),
        ],
      }),
      evaluationOf({
        ...on,
        evalAtMs: nowMs + 3 * minuteMs,
        firingCount: 1,
        events: [eventOf('firing', nowMs + 3 * minuteMs, open)],
        deliveries: [deliveryOf('d2', 'b2')],
        ruleState: stateOf(nowMs + 3 * minuteMs, [instanceOf(open)]),
      }),
    ],
    'incidents',
  );
  const ask = { fromMs: nowMs, toMs: Infinity, state: 'any', ruleId: '', limit: 10 } as const;
  const { incidents, openCount } = await readIncidents(started.store, projectId, ask);
  expect(openCount).toBe(1);
  expect(incidents).toMatchObject([
    { id: 'b2', state: 'firing', lastValue: 0.3, endedAtMs: null, lateData: false },
    { id: 'a1', state: 'resolved', endedAtMs: nowMs + minuteMs, lateData: true, rule },
  ]);
  expect((await readOpenIncidents(started.store, projectId)).map(({ id }) => id)).toEqual(['b2']);

  const told = await readIncident(started.store, projectId, 'a1');
  expect(told?.events.map(({ kind }) => kind)).toEqual(['firing', 'late_data', 'resolved']);
  expect(told?.deliveries.map(({ id }) => id)).toEqual(['d1']);
  expect(await readIncident(started.store, projectId, 'none')).toBeNull();

  const later = { ...ask, fromMs: nowMs + 4 * minuteMs };
  const afterwards = await readIncidents(started.store, projectId, later);
  expect(afterwards.incidents.map(({ id }) => id)).toEqual(['b2']);

  const history = (await readRuleHistory(started.store, projectId)).get('loop-rate');
  expect(history).toMatchObject({ incidentCount: 2, messageCount: 2 });
  expect(history?.strip).toHaveLength(168);
  expect(Math.max(...(history?.strip ?? []))).toBeGreaterThan(0.4);
});
