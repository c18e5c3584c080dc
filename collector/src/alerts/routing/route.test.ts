import { describe, expect, test } from 'vitest';
import { muteTiming, silenceMatcher } from '../../contract.ts';
import { toTimedRule } from '../timed-rule.ts';
import { route } from './route.ts';
import {
  createRouter,
  minuteMs,
  toChannel,
  toEnded,
  toInput,
  toInstance,
  toLines,
  toRule,
  toSettings,
} from './routing.testing.ts';

const nightMs = Date.parse('2026-01-05T03:00:00Z');
const oncall = toChannel({ name: 'oncall', isDefault: true });
const silence = {
  id: 's',
  matchers: [silenceMatcher.parse({ name: 'group', value: 'a' })],
  startsAtMs: 0,
  endsAtMs: 30 * minuteMs,
  author: 'me',
  reason: 'deploy',
};

describe('what begins and ends', () => {
  test('is told once each', () => {
    const next = createRouter();
    const a = toInstance('a', 0);
    expect(toLines(next({ atMs: 0, instances: [a] }))).toEqual(['oncall firing a']);
    expect(toLines(next({ atMs: minuteMs, instances: [a] }))).toEqual([]);
    const ended = [toEnded('a', 0, 2 * minuteMs)];
    const over = { atMs: 2 * minuteMs, instances: [toInstance('a', null)], ended };
    expect(toLines(next(over))).toEqual(['oncall resolved a']);
    expect(toLines(next({ ...over, ended: [], atMs: 3 * minuteMs }))).toEqual([]);
  });
  test('all groups of one evaluation come in one message, the worst first', () => {
    const instances = [
      toInstance('a', 0, { value: 1 }),
      toInstance('b', 0, { value: 3 }),
      toInstance('c', 0, { value: null }),
      toInstance('d', 0, { value: 2 }),
    ];
    expect(toLines(createRouter()({ atMs: 0, instances }))).toEqual(['oncall firing b d a c']);
  });
  test('below a threshold the smallest is the worst', () => {
    const condition = { type: 'threshold', direction: 'below', alert: 0.85 } as const;
    const rule = toRule({ condition: { ...condition, target: null, recover: null } });
    const instances = [toInstance('a', 0, { value: 0.8 }), toInstance('b', 0, { value: 0.1 })];
    expect(toLines(createRouter(rule)({ atMs: 0, instances }))).toEqual(['oncall firing b a']);
  });
  test('whatever began and ended between two evaluations is not told', () => {
    const next = createRouter();
    expect(toLines(next({ atMs: minuteMs, ended: [toEnded('a', 0, 30_000)] }))).toEqual([]);
  });
  test('what recovers is not news, and is no end either', () => {
    const next = createRouter();
    const recovering = toInstance('a', 0, { core: 'recovering' });
    expect(toLines(next({ atMs: 0, instances: [recovering] }))).toEqual([]);
    next({ atMs: minuteMs, instances: [toInstance('a', 0)] });
    expect(toLines(next({ atMs: 2 * minuteMs, instances: [recovering] }))).toEqual([]);
  });
  test('the old episode of a group is over before the next begins', () => {
    const next = createRouter();
    next({ atMs: 0, instances: [toInstance('a', 0)] });
    const atMs = 10 * minuteMs;
    const step = { atMs, instances: [toInstance('a', atMs)], ended: [toEnded('a', 0, atMs)] };
    const { deliveries } = next(step);
    expect(deliveries.map(({ message, sequence }) => [message.kind, sequence])).toEqual([
      ['resolved', 2],
      ['firing', 3],
    ]);
  });
  test('an end carries what the evaluation found', () => {
    const next = createRouter();
    next({ atMs: 0, instances: [toInstance('a', 0)] });
    const { deliveries } = next({ atMs: minuteMs, ended: [toEnded('a', 0, minuteMs)] });
    expect(deliveries[0]?.message.alerts).toEqual([
      {
        incident: 'a@0',
        fingerprint: 'f-a',
        group: 'a',
        state: 'resolved',
        value: 3_000,
        threshold: 15_000,
        samples: 40,
        reason: 'Below 12 s for 5 minutes.',
        startedAtMs: 0,
        endedAtMs: minuteMs,
        exemplars: [],
      },
    ]);
  });
  test('what is over without an event is told to be over all the same', () => {
    const next = createRouter();
    next({ atMs: 0, instances: [toInstance('a', 0)] });
    const { deliveries, told } = next({ atMs: minuteMs });
    expect(deliveries[0]?.message.alerts[0]?.reason).toBe('It is no longer watched.');
    expect(told[0]?.incidents).toEqual([]);
  });
  test('an incident that somebody resolved is over', () => {
    const next = createRouter();
    const instances = [toInstance('a', 0)];
    next({ atMs: 0, instances });
    const resolved = new Map([['a@0', { atMs: 1, by: 'Ada' }]]);
    const { deliveries } = next({ atMs: minuteMs, instances, settings: toSettings({ resolved }) });
    expect(deliveries[0]?.message.alerts).toMatchObject([
      { group: 'a', state: 'resolved', reason: 'Ada resolved it.' },
    ]);
  });
});

describe('an acknowledgement', () => {
  const channels = [
    toChannel({ name: 'pager', type: 'pagerduty', isDefault: true }),
    toChannel({ name: 'oncall', isDefault: true }),
  ];
  const instances = [toInstance('a', 0), toInstance('b', 0)];
  const settings = toSettings({ channels });
  const word = { atMs: 1, by: 'Ada' };
  const acknowledged = toSettings({ channels, acknowledged: new Map([['a@0', word]]) });

  test('is told to pagerduty alone, once, between the firing and its end', () => {
    const next = createRouter();
    const told = [
      next({ atMs: 0, instances, settings }),
      next({ atMs: minuteMs, instances, settings: acknowledged }),
      next({ atMs: 2 * minuteMs, instances, settings: acknowledged }),
      next({
        atMs: 3 * minuteMs,
        ended: [toEnded('a', 0, 1), toEnded('b', 0, 1)],
        settings: acknowledged,
      }),
    ];
    const lines = told.flatMap(toLines).filter((line) => line.startsWith('pager'));
    expect(lines).toEqual(['pager firing a b', 'pager acknowledged a', 'pager resolved a b']);
    const sequences = told.flatMap(({ deliveries }) =>
      deliveries.filter(({ channel }) => channel === 'pager').map(({ sequence }) => sequence),
    );
    expect(sequences).toEqual([1, 2, 3]);
    expect(told[1]?.deliveries.map(({ channel }) => channel)).toEqual(['pager']);
    expect(told[1]?.deliveries[0]?.message.alerts[0]?.reason).toBe('Ada acknowledged it.');
    expect(told[3]?.told.flatMap((one) => one.acknowledged ?? [])).toEqual([]);
  });
  test('of what the channel hears of late follows at once', () => {
    const silences = [
      {
        id: 's',
        matchers: [{ name: 'group', operator: '=' as const, value: 'a' }],
        startsAtMs: 0,
        endsAtMs: 2 * minuteMs,
        author: '',
        reason: 'test',
      },
    ];
    const next = createRouter();
    const one = { instances: [toInstance('a', 0)], settings: { ...acknowledged, silences } };
    expect(toLines(next({ ...one, atMs: minuteMs }))).toEqual([]);
    expect(toLines(next({ ...one, atMs: 2 * minuteMs }))).toEqual([
      'pager firing a',
      'pager acknowledged a',
      'oncall firing a',
    ]);
  });
  test('keeps nothing else waiting', () => {
    const next = createRouter();
    next({ atMs: 0, instances, settings });
    const lateMs = 239 * minuteMs;
    next({ atMs: lateMs, instances, settings: acknowledged });
    expect(toLines(next({ atMs: 240 * minuteMs, instances, settings: acknowledged }))).toEqual([
      'pager reminder b',
      'oncall reminder b',
    ]);
  });
  test('is not held back by a silence', () => {
    const next = createRouter();
    next({ atMs: 0, instances, settings });
    const silences = [
      {
        id: 's',
        matchers: [{ name: 'rule', operator: '=' as const, value: 'slow' }],
        startsAtMs: 0,
        endsAtMs: Infinity,
        author: '',
        reason: 'test',
      },
    ];
    const silenced = { ...acknowledged, silences };
    expect(toLines(next({ atMs: minuteMs, instances, settings: silenced }))).toEqual([
      'pager acknowledged a',
    ]);
  });
});

describe('repeats', () => {
  const instances = [toInstance('a', 0), toInstance('b', 0)];
  test('come after so long without a message, each with an id of its own', () => {
    const next = createRouter();
    const ids = new Set<string>();
    const lines: string[] = [];
    for (let atMs = 0; atMs <= 8 * 60 * minuteMs; atMs += minuteMs) {
      const routed = next({ atMs, instances });
      for (const { id } of routed.deliveries) ids.add(id);
      lines.push(...toLines(routed).map((line) => `${atMs / minuteMs} ${line}`));
    }
    expect(lines).toEqual([
      '0 oncall firing a b',
      '240 oncall reminder a b',
      '480 oncall reminder a b',
    ]);
    expect(ids.size).toBe(3);
  });
  test.each([
    ['never when they are turned off', toRule({ repeatEvery: '0s' }), new Map(), []],
    [
      'not of what is acknowledged',
      toRule(),
      new Map([['a@0', { atMs: 1, by: 'Ada' }]]),
      ['oncall reminder b'],
    ],
  ] as const)('%s', (_, rule, acknowledged, lines) => {
    const next = createRouter(rule);
    next({ atMs: 0, instances });
    const settings = toSettings({ acknowledged });
    expect(toLines(next({ atMs: 240 * minuteMs, instances, settings }))).toEqual(lines);
  });
  test('an acknowledgement is of its episode: the next one is told and repeated', () => {
    const next = createRouter();
    const settings = toSettings({ acknowledged: new Map([['a@0', { atMs: 1, by: 'Ada' }]]) });
    next({ atMs: 0, instances: [toInstance('a', 0)], settings });
    const again = [toInstance('a', 60)];
    const ended = [toEnded('a', 0, 50)];
    expect(toLines(next({ atMs: minuteMs, instances: again, settings, ended }))).toEqual([
      'oncall resolved a',
      'oncall firing a',
    ]);
    expect(toLines(next({ atMs: 241 * minuteMs, instances: again, settings }))).toEqual([
      'oncall reminder a',
    ]);
  });
  test('not of what recovers', () => {
    const next = createRouter();
    next({ atMs: 0, instances });
    const recovering = [toInstance('a', 0, { core: 'recovering' }), toInstance('b', 0)];
    expect(toLines(next({ atMs: 240 * minuteMs, instances: recovering }))).toEqual([
      'oncall reminder b',
    ]);
  });
});

describe('new groups of a rule that fires', () => {
  test('are held until five minutes after the last message, then come together', () => {
    const next = createRouter();
    const instances = [toInstance('a', 0)];
    next({ atMs: 0, instances });
    const lines: string[] = [];
    for (const [minute, group] of [
      [1, 'b'],
      [2, 'c'],
      [4, 'd'],
      [5, 'e'],
      [6, 'f'],
    ] as const) {
      instances.push(toInstance(group, minute * minuteMs));
      lines.push(...toLines(next({ atMs: minute * minuteMs, instances })));
    }
    expect(lines).toEqual(['oncall firing b c d e']);
  });
  test('are not held when nothing is known to fire', () => {
    const next = createRouter();
    next({ atMs: 0, instances: [toInstance('a', 0)] });
    const step = { instances: [toInstance('b', minuteMs)], ended: [toEnded('a', 0, minuteMs)] };
    expect(toLines(next({ ...step, atMs: minuteMs }))).toEqual([
      'oncall resolved a',
      'oncall firing b',
    ]);
  });
  test('are not held by a clock that was put back', () => {
    const next = createRouter();
    const a = toInstance('a', 0);
    next({ atMs: 600 * minuteMs, instances: [a] });
    expect(toLines(next({ atMs: minuteMs, instances: [a, toInstance('b', 0)] }))).toEqual([
      'oncall firing b',
    ]);
  });
});

describe('what holds back', () => {
  const instances = [toInstance('a', 0), toInstance('b', 0)];
  test('a silence holds its groups, and lets them go at its end', () => {
    const next = createRouter();
    const settings = toSettings({ silences: [silence] });
    const first = next({ atMs: 0, instances, settings });
    expect(toLines(first)).toEqual(['oncall firing b']);
    expect(first.flags.get('f-a')).toEqual({
      silenced: true,
      inhibited: false,
      muted: false,
      acknowledged: false,
    });
    expect(first.flags.get('f-b')?.silenced).toBe(false);
    expect(toLines(next({ atMs: 29 * minuteMs, instances, settings }))).toEqual([]);
    expect(toLines(next({ atMs: 30 * minuteMs, instances, settings }))).toEqual([
      'oncall firing a',
    ]);
  });
  test('an end is told in spite of it, so that nobody goes on looking', () => {
    const next = createRouter();
    next({ atMs: 0, instances });
    const settings = toSettings({ silences: [silence] });
    const ended = [toEnded('a', 0, minuteMs)];
    const b = instances.slice(1);
    expect(toLines(next({ atMs: minuteMs, instances: b, settings, ended }))).toEqual([
      'oncall resolved a',
    ]);
  });
  test('what began and ended under it is never told', () => {
    const next = createRouter();
    const settings = toSettings({ silences: [silence] });
    next({ atMs: 0, instances: instances.slice(0, 1), settings });
    const ended = [toEnded('a', 0, minuteMs)];
    expect(toLines(next({ atMs: minuteMs, settings, ended }))).toEqual([]);
    expect(toLines(next({ atMs: 31 * minuteMs, settings }))).toEqual([]);
  });
  test('a silence stops repeats', () => {
    const next = createRouter();
    next({ atMs: 0, instances });
    const long = { ...silence, endsAtMs: 900 * minuteMs };
    const settings = toSettings({ silences: [long] });
    expect(toLines(next({ atMs: 240 * minuteMs, instances, settings }))).toEqual([
      'oncall reminder b',
    ]);
  });
  test('a mute timing of the rule holds everything for as long', () => {
    const next = createRouter(toRule({ muteTimings: ['night'] }));
    const night = muteTiming.parse({ name: 'night', intervals: [{ from: '22:00', to: '06:00' }] });
    const settings = toSettings({ muteTimings: [night] });
    const held = next({ atMs: nightMs, instances, settings });
    expect([toLines(held), held.flags.get('f-a')?.muted]).toEqual([[], true]);
    const morningMs = Date.parse('2026-01-05T06:00:00Z');
    expect(toLines(next({ atMs: morningMs, instances, settings }))).toEqual(['oncall firing a b']);
  });
  test('a mute timing that the rule does not name, or that is not there, holds nothing', () => {
    const always = muteTiming.parse({ name: 'always', intervals: [{}] });
    const next = createRouter(toRule({ muteTimings: ['gone'] }));
    const settings = toSettings({ muteTimings: [always] });
    expect(toLines(next({ atMs: 0, instances, settings }))).toEqual(['oncall firing a b']);
  });
  test('a rule that explains it holds it for as long as it fires', () => {
    const next = createRouter(toRule({ inhibitedBy: ['whole-run'] }));
    const held = next({ atMs: 0, instances, firingRules: new Set(['slow', 'whole-run']) });
    expect([toLines(held), held.flags.get('f-a')?.inhibited]).toEqual([[], true]);
    expect(toLines(next({ atMs: minuteMs, instances, firingRules: new Set(['slow']) }))).toEqual([
      'oncall firing a b',
    ]);
  });
});

describe('a group that flaps', () => {
  const flapping = (atMs: number | null): ReturnType<typeof toInstance> =>
    toInstance('a', atMs, { flapping: true, changes: [1, 2, 3, 4, 5, 6] });

  test('is told once, summed up each half hour, and told to be over', () => {
    const next = createRouter();
    const lines: string[] = [];
    for (let minute = 0; minute < 70; minute += 1) {
      const atMs = minute * minuteMs;
      const isOn = minute % 2 === 0;
      const step = isOn
        ? { instances: [flapping(atMs)] }
        : { instances: [flapping(null)], ended: [toEnded('a', atMs - minuteMs, atMs)] };
      lines.push(...toLines(next({ atMs, ...step })).map((line) => `${minute} ${line}`));
    }
    const calm = next({ atMs: 70 * minuteMs, instances: [toInstance('a', null)] });
    expect(lines).toEqual(['0 oncall flapping a', '30 oncall flapping a', '60 oncall flapping a']);
    expect(calm.deliveries[0]?.message.alerts).toMatchObject([
      { incident: 'flapping-f-a', group: 'a', state: 'resolved', reason: 'It no longer flaps.' },
    ]);
  });
  test('hears the end of the episode it was told of before', () => {
    const next = createRouter();
    next({ atMs: 0, instances: [toInstance('a', 0)] });
    const lines = [
      ...toLines(next({ atMs: 6 * minuteMs, instances: [flapping(0)] })),
      ...toLines(
        next({ atMs: 7 * minuteMs, instances: [flapping(null)], ended: [toEnded('a', 0, 1)] }),
      ),
    ];
    expect(lines).toEqual(['oncall flapping a', 'oncall resolved a']);
  });
  test('is told to fire when it is calm and fires', () => {
    const next = createRouter();
    next({ atMs: 0, instances: [flapping(0)] });
    const lines = toLines(next({ atMs: 6 * minuteMs, instances: [toInstance('a', 5 * minuteMs)] }));
    expect(lines).toEqual(['oncall resolved a', 'oncall firing a']);
  });
});

describe('channels', () => {
  const mail = toChannel({ name: 'mail' });
  const quiet = toChannel({ name: 'quiet', sendResolved: false });
  const channels = [oncall, mail, quiet];
  const instances = [toInstance('a', 0)];

  test.each([
    ['those that take everything, when none is named', [], ['oncall firing a']],
    ['those that are named, and no other', ['mail'], ['mail firing a']],
    ['one that does not exist is nobody', ['gone'], []],
    ['each of several', ['mail', 'oncall'], ['oncall firing a', 'mail firing a']],
  ])('%s', (_, names, lines) => {
    const next = createRouter(toRule({ channels: names }));
    expect(toLines(next({ atMs: 0, instances, settings: toSettings({ channels }) }))).toEqual(
      lines,
    );
  });
  test('one that wants no ends forgets them', () => {
    const next = createRouter(toRule({ channels: ['quiet'] }));
    const settings = toSettings({ channels });
    next({ atMs: 0, instances, settings });
    const over = next({ atMs: minuteMs, settings, ended: [toEnded('a', 0, minuteMs)] });
    expect([toLines(over), over.told]).toEqual([
      [],
      [{ channel: 'quiet', incidents: [], toldAtMs: 0, sequence: 1 }],
    ]);
  });
  test('one that is gone is told nothing and forgotten', () => {
    const next = createRouter();
    next({ atMs: 0, instances });
    const settings = toSettings({ channels: [mail] });
    const after = next({ atMs: minuteMs, settings, ended: [toEnded('a', 0, minuteMs)] });
    expect([toLines(after), after.told]).toEqual([[], []]);
  });
  test('one that the rule does not go to any more hears the end alone', () => {
    const told = createRouter()({ atMs: 0, instances }).told;
    const timed = toTimedRule(toRule({ channels: ['mail'] }));
    const both = [...instances, toInstance('b', 0)];
    const settings = toSettings({ channels });
    const later = route(toInput({ timed, told, atMs: 300 * minuteMs, instances: both, settings }));
    expect(toLines(later)).toEqual(['mail firing a b']);
    const over = { ended: [toEnded('a', 0, 1)], instances: both.slice(1), settings };
    const last = route(toInput({ timed, told: later.told, atMs: 301 * minuteMs, ...over }));
    expect(toLines(last)).toEqual(['oncall resolved a', 'mail resolved a']);
  });
});

describe('a message', () => {
  test('lists a hundred groups, the worst, and says how many more there are', () => {
    const instances = Array.from({ length: 105 }, (_, i) => toInstance(`g${i}`, 0, { value: i }));
    const [delivery] = createRouter()({ atMs: 0, instances, overflow: 7 }).deliveries;
    const alerts = delivery?.message.alerts ?? [];
    expect([alerts.length, alerts[0]?.group, delivery?.message.overflow]).toEqual([
      100,
      'g104',
      12,
    ]);
  });
  test('is complete', () => {
    const rule = toRule({
      description: 'Agents answer slowly.',
      severity: 'critical',
      labels: { team: 'search' },
      owner: 'Ada',
      runbook: 'https://example.com/slow',
    });
    const exemplarsOf = (): string[] => ['1', '2', '3', '4', '5', '6'];
    const routed = createRouter(rule)({
      atMs: nightMs,
      instances: [toInstance('a', 0)],
      exemplarsOf,
    });
    expect(routed.deliveries).toMatchInlineSnapshot(`
      [
        {
          "channel": "oncall",
          "createdAtMs": 1767582000000,
          "id": "7bdce7c01f9e0a2d2f5f684f13f464aef89b98db07ad8c2860789b56bf0b3cc5",
          "message": {
            "alerts": [
              {
                "endedAtMs": null,
                "exemplars": [
                  "1",
                  "2",
                  "3",
                  "4",
                  "5",
                ],
                "fingerprint": "f-a",
                "group": "a",
                "incident": "a@0",
                "reason": "Above 15 s.",
                "samples": 40,
                "startedAtMs": 0,
                "state": "firing",
                "threshold": 15000,
                "value": 20000,
              },
            ],
            "description": "Agents answer slowly.",
            "kind": "firing",
            "labels": {
              "team": "search",
            },
            "metric": "agent_latency",
            "overflow": 0,
            "owner": "Ada",
            "project": "default",
            "rule": "slow",
            "runbook": "https://example.com/slow",
            "severity": "critical",
            "target": 5000,
            "title": "Slow agents",
            "unit": "ms",
            "window": {
              "fromMs": 1767581700000,
              "toMs": 1767582000000,
            },
          },
          "projectId": "default",
          "ruleId": "slow",
          "sequence": 1,
        },
      ]
    `);
  });
});
