import { describe, expect, test } from 'vitest';
import { alertChannel, alertRule, type AlertRule } from '../../contract.ts';
import { createTurns } from '../../store/turns.ts';
import type { AlertSettings, KnownRule } from '../alert-settings.ts';
import { hashOfRule } from '../settings/hash-of-rule.ts';
import type { Look } from './due.ts';
import { evaluateProject, type Found, type Round } from './evaluate-project.ts';
import { failingRuleId } from './failing-rule.ts';
import type { KeptRule } from './kept-rule.ts';

const startMs = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;

function known(change: Partial<AlertRule> = {}): KnownRule {
  const rule = alertRule.parse({
    id: 'loops',
    title: 'Loops',
    metric: 'loop_rate',
    condition: { type: 'threshold', alert: 0.05 },
    keepFiring: '0s',
    ...change,
  });
  const made = { origin: 'api', file: '', changedAtMs: null, changedBy: '' } as const;
  return { rule, hash: hashOfRule(rule), ...made };
}

function settingsOf(rules: readonly KnownRule[]): AlertSettings {
  const channel = alertChannel.parse({ name: 'hook', type: 'webhook', isDefault: true });
  return {
    projectId: 'shop',
    rules,
    silences: [],
    acknowledged: new Map(),
    resolved: new Map(),
    muteTimings: [],
    channels: [{ channel, origin: 'api', sealedSecret: '', secretHost: '' }],
  };
}

type World = { settings: AlertSettings; kept: Map<string, KeptRule>; value: (look: Look) => Found };

/** One round after another over what the one before left, as the evaluator does once a round is stored. */
function createWorld(rules: readonly KnownRule[], value: World['value']) {
  const world: World = { settings: settingsOf(rules), kept: new Map(), value };
  const round = async (nowMs: number): Promise<Round> => {
    const parts = {
      judgeAll: async (looks: readonly Look[]) => looks.map(world.value),
      exemplarsOf: async () => new Map(),
      lateEvents: async () => [],
      turns: createTurns(),
    };
    const { settings, kept } = world;
    const input = {
      projectId: 'shop',
      settings,
      kept,
      nowMs,
      delayMs: 3_000,
      hiddenMs: 0,
      term: 1,
    };
    const result = await evaluateProject(parts, input);
    for (const [id, one] of result.kept) world.kept.set(id, one);
    return result;
  };
  return { world, round };
}

const high: Found = {
  type: 'judged',
  judged: [{ group: '', verdict: { type: 'breach', value: 0.4, threshold: 0.05, samples: 90 } }],
  overflow: 0,
};
const low: Found = {
  type: 'judged',
  judged: [{ group: '', verdict: { type: 'recovered', value: 0, threshold: 0.05, samples: 90 } }],
  overflow: 0,
};

const kindsOf = ({ deliveries }: Round): string[] => deliveries.map(({ message }) => message.kind);
const rowsOf = ({ evaluations }: Round, id = 'loops') =>
  evaluations.filter(({ ruleId }) => ruleId === id);

test('what fires is told in the row that says so, and not again', async () => {
  const { round } = createWorld([known()], () => high);
  const first = await round(startMs);
  const [row] = rowsOf(first);
  expect(row).toMatchObject({ state: 'firing', firingCount: 1, worstValue: 0.4, term: 1 });
  expect(row?.deliveries).toEqual(first.deliveries);
  expect(kindsOf(first)).toEqual(['firing']);
  expect(row?.ruleState?.told).toMatchObject([{ channel: 'hook' }]);
  expect(kindsOf(await round(startMs + minuteMs))).toEqual([]);
});

test('a round at the time of the one before looks at nothing', async () => {
  const { round } = createWorld([known()], () => high);
  await round(startMs);
  expect((await round(startMs + 10)).evaluations).toEqual([]);
});

test('a state that did not change is not written again', async () => {
  const { round } = createWorld([known()], () => low);
  await round(startMs);
  expect(rowsOf(await round(startMs + minuteMs))[0]?.ruleState).toBeNull();
});

describe('after downtime', () => {
  /** Fires and is over within it at minutes 3 and 12. */
  const twice = ({ atMs }: Look): Found =>
    Math.floor((atMs - startMs) / minuteMs) % 9 === 3 ? high : low;
  const upMs = startMs + 20 * minuteMs;

  test('each window is judged, and what began and was over meanwhile is told in one message', async () => {
    const { world, round } = createWorld([known()], () => low);
    await round(startMs);
    world.value = twice;
    const after = await round(upMs);
    expect(rowsOf(after)).toHaveLength(20);
    const kinds = rowsOf(after).flatMap(({ events }) => events.map(({ kind }) => kind));
    expect(kinds.filter((kind) => kind === 'firing')).toHaveLength(2);
    expect(kindsOf(after)).toEqual(['fired_and_resolved']);
    const { alerts } = after.deliveries[0]?.message ?? { alerts: [] };
    expect(
      alerts.map(({ state, value, endedAtMs, startedAtMs }) => [
        state,
        value,
        (endedAtMs ?? 0) - startedAtMs,
      ]),
    ).toEqual([
      ['fired_and_resolved', 0.4, minuteMs],
      ['fired_and_resolved', 0.4, minuteMs],
    ]);
    expect(rowsOf(after).at(-1)?.ruleState?.missed).toBeUndefined();
    expect(kindsOf(await round(upMs + minuteMs))).toEqual([]);
  });

  test('what is only known of now is not taken for the past', async () => {
    const { world, round } = createWorld(
      [known({ metric: 'disk_used_share', for: '5m' })],
      () => low,
    );
    await round(startMs);
    world.value = () => high;
    const after = await round(upMs);
    expect(rowsOf(after)).toMatchObject([{ state: 'pending', worstValue: 0.4 }]);
    expect(kindsOf(after)).toEqual([]);
  });

  test('whoever is killed before the message is stored makes the same one', async () => {
    const { world, round } = createWorld([known()], () => low);
    await round(startMs);
    world.value = twice;
    const before = new Map(world.kept);
    const first = await round(upMs);
    world.kept = before;
    const second = await round(upMs);
    expect(second.deliveries).toEqual(first.deliveries);
    expect(second.deliveries).toHaveLength(1);
  });

  test('what was silenced then is not told, and what is silenced now is told later', async () => {
    const silence = (fromMinute: number, toMinute: number) => ({
      id: 's',
      matchers: [{ name: 'rule', operator: '=' as const, value: 'loops' }],
      startsAtMs: startMs + fromMinute * minuteMs,
      endsAtMs: startMs + toMinute * minuteMs,
      author: '',
      reason: 'test',
    });
    const { world, round } = createWorld([known()], () => low);
    await round(startMs);
    world.value = twice;
    const silences = [silence(0, 9), silence(19, 21)];
    world.settings = { ...world.settings, silences };
    expect(kindsOf(await round(upMs))).toEqual([]);
    world.value = () => low;
    expect(kindsOf(await round(upMs + minuteMs))).toEqual([]);
    const told = await round(upMs + 2 * minuteMs);
    expect(kindsOf(told)).toEqual(['fired_and_resolved']);
    expect(told.deliveries[0]?.message.alerts).toHaveLength(1);
    expect(kindsOf(await round(upMs + 3 * minuteMs))).toEqual([]);
  });

  test('what another rule that fired at the time explains is not told', async () => {
    const rules = [known({ id: 'cause' }), known({ inhibitedBy: ['cause'] })];
    const { world, round } = createWorld(rules, () => low);
    await round(startMs);
    world.value = (look) => {
      const minute = Math.floor((look.atMs - startMs) / minuteMs);
      if (look.known.rule.id === 'cause') return minute > 1 && minute < 9 ? high : low;
      return twice(look);
    };
    const { deliveries } = await round(upMs);
    expect(deliveries.map(({ ruleId, message }) => [ruleId, message.alerts.length])).toEqual([
      ['cause', 1],
      ['loops', 1],
    ]);
  });

  test('what had begun to recover when rules are evaluated again is told once it is over', async () => {
    const { world, round } = createWorld([known({ keepFiring: '3m' })], () => low);
    await round(startMs);
    world.value = ({ atMs }) => (atMs < upMs - 2 * minuteMs ? high : low);
    expect(kindsOf(await round(upMs))).toEqual([]);
    const later: string[][] = [];
    for (const minutes of [1, 2, 3]) later.push(kindsOf(await round(upMs + minutes * minuteMs)));
    expect(later.flat()).toEqual(['fired_and_resolved']);
  });

  test('what fires on is told as ever, and its earlier incident before it', async () => {
    const { world, round } = createWorld([known()], () => low);
    await round(startMs);
    world.value = (look) => (look.atMs > upMs - 3 * minuteMs ? high : twice(look));
    const { deliveries } = await round(upMs);
    expect(deliveries.map(({ message, sequence }) => [message.kind, sequence])).toEqual([
      ['fired_and_resolved', 1],
      ['firing', 2],
    ]);
  });

  test('what was told before is over, and not told a second time', async () => {
    const { world, round } = createWorld([known()], () => high);
    await round(startMs);
    world.value = () => low;
    expect(kindsOf(await round(upMs))).toEqual(['resolved']);
  });

  test('what was told before is over when it was, in whichever round that was found', async () => {
    const rules = ['a', 'b', 'c', 'd'].map((id) => known({ id }));
    const { world, round } = createWorld(rules, () => high);
    await round(startMs);
    world.value = ({ atMs }) => (atMs < startMs + 5 * minuteMs ? high : low);
    const lateMs = startMs + 55 * minuteMs;
    const rounds = [await round(lateMs), await round(lateMs), await round(lateMs)];
    expect(rounds.map((one) => kindsOf(one).length)).toEqual([0, 0, 4]);
    const missed = rowsOf(rounds[1] as Round, 'a').at(-1)?.ruleState?.missed;
    expect(missed?.flatMap(({ ended }) => ended)).toHaveLength(1);
    for (const { message } of rounds.flatMap(({ deliveries }) => deliveries)) {
      const [alert] = message.alerts;
      expect([message.kind, alert?.reason]).toEqual(['resolved', 'past the recovery line']);
      expect(alert?.endedAtMs).toBeLessThan(startMs + 7 * minuteMs);
    }
    expect(rowsOf(rounds[2] as Round, 'a').at(-1)?.ruleState?.missed).toBeUndefined();
  });

  test('what took several rounds to make up for is one message a rule', async () => {
    const rules = ['a', 'b', 'c', 'd'].map((id) => known({ id }));
    const { world, round } = createWorld(rules, () => low);
    await round(startMs);
    // Over the end of the first round, and within the second.
    world.value = ({ atMs }) => {
      const minute = Math.floor((atMs - startMs) / minuteMs);
      return (minute > 20 && minute < 30) || minute === 40 ? high : low;
    };
    const lateMs = startMs + 55 * minuteMs;
    const rounds = [await round(lateMs), await round(lateMs), await round(lateMs)];
    expect(rounds.map((one) => kindsOf(one).length)).toEqual([0, 0, 4]);
    const messages = rounds.flatMap(({ deliveries }) => deliveries);
    expect(messages.map(({ message }) => [message.kind, message.alerts.length])).toEqual(
      rules.map(() => ['fired_and_resolved', 2]),
    );
  });
});

test('much to catch up on is done in several rounds, and told in the last', async () => {
  const rules = ['a', 'b', 'c', 'd'].map((id) => known({ id }));
  const { world, round } = createWorld(rules, () => low);
  await round(startMs);
  world.value = () => high;
  const upMs = startMs + 55 * minuteMs;
  const rounds = [await round(upMs), await round(upMs), await round(upMs)];
  expect(rounds.map(({ isBehind }) => isBehind)).toEqual([true, true, false]);
  expect(rounds.map((one) => kindsOf(one).length)).toEqual([0, 0, 4]);
  expect(rounds.reduce((sum, one) => sum + rowsOf(one, 'a').length, 0)).toBe(55);
});

test('a rule that was deleted while it fired is over, and those who were told hear so', async () => {
  const { world, round } = createWorld([known()], () => high);
  await round(startMs);
  world.settings = settingsOf([]);
  const after = await round(startMs + minuteMs);
  expect(kindsOf(after)).toEqual(['resolved']);
  // What the incident was about stands in the row that it began with.
  expect(rowsOf(after).flatMap(({ events }) => events)).toMatchObject([
    { kind: 'resolved', rule: null },
  ]);
  expect(rowsOf(await round(startMs + 2 * minuteMs))).toEqual([]);
});

test('a rule that is paused while it fires is over', async () => {
  const { world, round } = createWorld([known()], () => high);
  await round(startMs);
  world.settings = settingsOf([known({ enabled: false })]);
  world.value = () => ({ type: 'judged', judged: [], overflow: 0 });
  const after = await round(startMs + minuteMs);
  expect(kindsOf(after)).toEqual(['resolved']);
  expect(rowsOf(after)[0]?.state).toBe('paused');
});

test('a rule that cannot be read says why, stops no other, and after a while somebody is told once', async () => {
  const rules = [known({ id: 'broken' }), known({ id: 'other-broken' }), known()];
  const { round } = createWorld(rules, ({ known: { rule } }) =>
    rule.id === 'loops' ? low : { type: 'failed', message: 'no such field' },
  );
  const rounds: Round[] = [];
  for (let at = 0; at < 6; at += 1) rounds.push(await round(startMs + at * minuteMs));
  expect(rowsOf(rounds[0] as Round, 'broken')[0]).toMatchObject({ error: 'no such field' });
  expect(rowsOf(rounds[5] as Round)[0]).toMatchObject({ state: 'normal', error: '' });
  const told = rounds.flatMap(({ deliveries }) => deliveries);
  expect(told.map(({ ruleId }) => ruleId)).toEqual([failingRuleId]);
});

test('a clock that jumps an hour ahead and back misses nothing and tells nothing twice', async () => {
  const { round } = createWorld([known()], () => high);
  const rounds = [await round(startMs)];
  const hourMs = 60 * minuteMs;
  for (const atMs of [startMs + hourMs, startMs + minuteMs, startMs + 2 * minuteMs]) {
    let next = await round(atMs);
    rounds.push(next);
    while (next.isBehind) rounds.push((next = await round(atMs)));
  }
  expect(rounds.flatMap(kindsOf)).toEqual(['firing']);
  const last = rowsOf(rounds.at(-1) as Round);
  expect(last).toHaveLength(1);
  expect(last[0]?.evalAtMs).toBeGreaterThan(startMs + minuteMs);
  expect(last[0]?.state).toBe('firing');
});
