import { array, assert, constantFrom, dictionary, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertRule } from '../../contract.ts';
import type { AlertEvent, RuleState } from '../instance.ts';
import type { Verdict } from '../reading.ts';
import { minuteMs, ruleOf, startMs, verdictOf } from './play.testing.ts';
import { stepRule, type RuleInput, type RuleStep } from './step-rule.ts';

type Turn = Partial<Omit<RuleInput, 'verdicts' | 'atMs'>> & {
  readonly groups?: Readonly<Record<string, string | Verdict>>;
  readonly hash?: string;
};

const byAgent: Partial<AlertRule> = { by: 'agent', for: '1m', keepFiring: '0s' };

/** A minute apart each. */
function run(rule: Partial<AlertRule>, turns: readonly Turn[], from: RuleState | null = null) {
  const timed = ruleOf(rule);
  const steps: RuleStep[] = [];
  let state = from;
  let atMs = from === null ? startMs : from.evaluatedAtMs + minuteMs;
  for (const { groups = {}, hash = 'one', ...given } of turns) {
    const verdicts = new Map(
      Object.entries(groups).map(([group, what]) => [
        group,
        typeof what === 'string' ? (verdictOf[what] ?? { type: 'missing' as const }) : what,
      ]),
    );
    const input = { atMs, verdicts, paused: false, resolved: new Map(), failed: null, ...given };
    const step = stepRule(timed, { hash }, 'default', state, input);
    steps.push(step);
    state = step.state;
    atMs += minuteMs;
  }
  const last = steps.at(-1);
  if (last === undefined) throw new Error('nothing was evaluated');
  return { last, events: steps.flatMap(({ events }) => events), told: steps.map(tell).join(' | ') };
}

const tell = ({ events }: RuleStep): string =>
  events.map(({ kind, group }) => (group === '' ? kind : `${group} ${kind}`)).join(', ');

const bad = (value: number): Verdict => ({ type: 'breach', value, threshold: 10, samples: 5 });

test('groups that were never anything but well are not kept', () => {
  const { last } = run(byAgent, [{ groups: { a: 'R', b: 'I', c: 'U' } }]);
  expect(last.state.instances).toEqual([]);
});

test('each group has a state of its own', () => {
  const turns = [
    { groups: { a: 'B', b: 'R' } },
    { groups: { a: 'B', b: 'B' } },
    { groups: { a: 'R', b: 'B' } },
  ];
  expect(run(byAgent, turns).told).toBe('a pending | a firing, b pending | a resolved, b firing');
});

test('a group that is no longer told of is gone after two evaluations', () => {
  const turns = [{ groups: { a: 'B' } }, { groups: { a: 'B' } }, { groups: { b: 'R' } }, {}];
  const { told } = run({ ...byAgent, keepFiring: '1h' }, turns);
  expect(told).toBe('a pending | a firing | a recovering | a resolved');
});

test('what was told stays as it was', () => {
  const told = [{ channel: 'oncall', incidents: ['x'], toldAtMs: 1, sequence: 3 }];
  const from = { ruleHash: 'one', evaluatedAtMs: startMs, instances: [], told };
  expect(run(byAgent, [{ groups: { a: 'B' } }], from).last.state.told).toBe(told);
});

test('while nothing happens the instances are the very same', () => {
  const rule = { ...byAgent, for: '1s' };
  const first = run(rule, [{ groups: { a: 'R', b: 'R' } }]).last.state;
  expect(first.instances).toHaveLength(2);
  expect(run(rule, [{ groups: { a: 'I', b: 'R' } }], first).last.state.instances).toBe(
    first.instances,
  );
});

describe('a new group', () => {
  const rule = { ...byAgent, for: '1s' };
  const later = [
    { groups: { a: 'R' } },
    { groups: { a: 'R', b: 'B' } },
    { groups: { a: 'R', b: 'B' } },
  ];

  test('tells nobody for a minute', () => {
    expect(run(rule, later).told).toBe(' | b pending | b firing');
  });

  test('of a rule that waits for nothing is told at once', () => {
    expect(run({ ...byAgent, for: '0s' }, later).told).toBe(' | b firing | ');
  });

  test('that was well for a minute is not new', () => {
    const turns = [{}, { groups: { b: 'R' } }, { groups: { b: 'B' } }, { groups: { b: 'B' } }];
    expect(run(rule, turns).told).toBe(' |  | b pending | b firing');
  });

  test('of a rule that was never evaluated is not new', () => {
    const turns = [{ groups: { b: 'B' } }, { groups: { b: 'B' } }];
    expect(run(rule, turns).told).toBe('b pending | b firing');
  });

  test('is nothing a rule without groups has', () => {
    expect(run({ for: '0s' }, [{ groups: { '': 'R' } }, { groups: { '': 'B' } }]).told).toBe(
      ' | firing',
    );
  });
});

describe('a rule', () => {
  const open = run(byAgent, [{ groups: { a: 'B', b: 'B' } }, { groups: { a: 'B', b: 'R' } }]).last
    .state;

  test('that was changed begins anew, and says of what was open why it is over', () => {
    const turns = [
      { groups: { a: 'B' }, hash: 'two' },
      { groups: { a: 'B' }, hash: 'two' },
    ];
    const { told, events } = run(byAgent, turns, open);
    expect(told).toBe('a resolved | a pending');
    expect(events[0]?.reason).toBe('rule changed');
  });

  test('that is paused has nothing open', () => {
    const { last, events } = run(
      byAgent,
      [{ groups: { a: 'B' }, paused: true }, { paused: true }],
      open,
    );
    expect(events.map(({ kind, reason }) => [kind, reason])).toEqual([['resolved', 'rule paused']]);
    expect(last.state.instances).toEqual([]);
  });

  test('of which nothing was ever heard fails as a whole', () => {
    const failed = 'the store is away';
    const { told, last } = run(byAgent, [
      { failed },
      { failed },
      { failed },
      { groups: { a: 'R' } },
    ]);
    expect(told).toBe(' |  | error | ');
    expect(last.state.instances).toEqual([]);
  });

  test('that fails keeps what fires', () => {
    const failed = 'the store is away';
    const { last, told } = run(byAgent, [{ failed }, { failed }, { failed }], open);
    expect(told).toBe(' |  | a error');
    expect(last.state.instances[0]).toMatchObject({
      core: 'firing',
      over: 'error',
      reason: failed,
    });
  });

  test('of which somebody resolved an incident lets the others be', () => {
    const id = open.instances[0]?.episode?.id ?? '';
    const { events } = run(
      byAgent,
      [{ groups: { a: 'B' }, resolved: new Map([[id, { by: 'ada' }]]) }],
      open,
    );
    expect(events.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['resolved', 'resolved by ada'],
    ]);
    expect(
      run(byAgent, [{ groups: { a: 'B' }, resolved: new Map([['other', { by: 'ada' }]]) }], open)
        .events,
    ).toEqual([]);
  });

  test('without groups hears that nothing came', () => {
    expect(run({ noData: 'alert', absentFor: '2m' }, [{}, {}, {}]).told).toBe(' |  | firing');
  });

  test('of absence tells of a group that fell silent, until a hand ends it', () => {
    const absence: Partial<AlertRule> = { by: 'agent', condition: { type: 'absence' } };
    const { told, last, events } = run(absence, [
      { groups: { a: 'R', b: 'R' } },
      { groups: { b: 'R' } },
      { groups: { b: 'R' } },
    ]);
    expect(told).toBe(' | a firing | ');
    const resolved = new Map([[events[0]?.episode?.id ?? '', { by: 'ada' }]]);
    const groups = { b: 'R' };
    expect(run(absence, [{ groups, resolved }, { groups }, { groups }], last.state).told).toBe(
      'a resolved |  | ',
    );
  });
});

describe('of ten thousand groups', () => {
  const groups = (count: number, from = 0) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`g${index}`, bad(from + index)]),
    );

  test('the worst hundred are watched, and the others counted', () => {
    const { last } = run(byAgent, [{ groups: groups(10_000, 11) }]);
    expect(last.overflow).toBe(9_900);
    expect(last.state.instances.map(({ value }) => value)).toEqual(
      Array.from({ length: 100 }, (_, index) => 10_010 - index),
    );
  });

  test('what fires is not let go of for something worse', () => {
    const { told, last } = run(byAgent, [
      { groups: { a: 'B' } },
      { groups: { a: 'B' } },
      { groups: { a: 'B', ...groups(150, 99) } },
    ]);
    expect(told).not.toContain('a resolved');
    expect(last.overflow).toBe(51);
    expect(last.state.instances.some(({ group, core }) => group === 'a' && core === 'firing')).toBe(
      true,
    );
  });

  test('what is well makes room', () => {
    const well = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`w${index}`, 'R']));
    const rule = { ...byAgent, for: '1s' };
    const { last } = run(rule, [{ groups: well }, { groups: { ...well, ...groups(30, 99) } }]);
    expect(last.overflow).toBe(0);
    expect(last.state.instances).toHaveLength(100);
    expect(last.state.instances.filter(({ core }) => core === 'pending')).toHaveLength(30);
  });
});

describe('whatever happens', () => {
  const rules: Partial<AlertRule>[] = [
    byAgent,
    { by: 'agent', keepFiring: '0s' },
    { by: 'agent', noData: 'alert', absentFor: '2m' },
    { by: 'agent', noData: 'show', for: '2m' },
    { by: 'agent', condition: { type: 'absence' } },
    {},
  ];
  const turns = array(
    record({
      groups: dictionary(
        constantFrom('', 'a', 'b', '__proto__'),
        constantFrom('B', 'B', 'R', 'I', 'U', 'M'),
      ),
      paused: constantFrom(false, false, false, false, true),
      hash: constantFrom('one', 'one', 'one', 'two'),
      failed: constantFrom(null, null, null, 'the store is away'),
    }),
    { minLength: 1, maxLength: 30, size: 'max' },
  );

  test('an evaluation twice is one', () => {
    assert(
      property(constantFrom(...rules), turns, (rule, turns) => {
        const { state } = run(rule, turns).last;
        const again: RuleInput = {
          atMs: state.evaluatedAtMs,
          verdicts: new Map([['a', bad(99)]]),
          paused: true,
          resolved: new Map(),
          failed: null,
        };
        expect(stepRule(ruleOf(rule), { hash: 'three' }, 'default', state, again)).toEqual({
          state,
          events: [],
          overflow: 0,
        });
      }),
    );
  });

  test('state that was stored and read goes on as if it never had been', () => {
    assert(
      property(constantFrom(...rules), turns, turns, (rule, before, after) => {
        const { state } = run(rule, before).last;
        const stored = JSON.parse(JSON.stringify(state)) as RuleState;
        expect(run(rule, after, stored).last).toEqual(run(rule, after, state).last);
      }),
    );
  });

  test('nothing resolves that did not fire, nothing fires twice, and no two episodes have one name', () => {
    assert(
      property(constantFrom(...rules), turns, (rule, turns) => {
        const { events, last } = run(rule, turns);
        const open = [...lifesOf(events)]
          .filter(([, kinds]) => kinds === 'firing')
          .map(([id]) => id);
        expect(
          [...lifesOf(events).values()].filter((kinds) => !/^firing(,resolved)?$/.test(kinds)),
        ).toEqual([]);
        const kept = last.state.instances.flatMap(({ episode }) =>
          episode === null ? [] : [episode.id],
        );
        expect(kept.toSorted()).toEqual(open.toSorted());
      }),
      { numRuns: 1_000 },
    );
  });
});

/** By episode: `firing,resolved`. */
function lifesOf(events: readonly AlertEvent[]): Map<string, string> {
  const ends = events.filter(({ kind }) => kind === 'firing' || kind === 'resolved');
  return new Map(
    [...Map.groupBy(ends, ({ episode }) => episode?.id ?? '')].map(([id, own]) => [
      id,
      own.map(({ kind }) => kind).join(','),
    ]),
  );
}
