/** Over random histories: whatever happens, people are told once, and told. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { silenceMatcher } from '../../contract.ts';
import type { Delivery } from '../delivery.ts';
import type { AlertEvent, Missed, Told } from '../instance.ts';
import { toTimedRule } from '../timed-rule.ts';
import { miss } from './miss.ts';
import { route, type Routed, type RouteInput } from './route.ts';
import {
  minuteMs,
  toChannel,
  toEnded,
  toInput,
  toInstance,
  toRule,
  toSettings,
} from './routing.testing.ts';

const groups = ['a', 'b', 'c'] as const;
const channels = [
  toChannel({ name: 'one', isDefault: true }),
  toChannel({ name: 'two', isDefault: true, sendResolved: false }),
];

type GroupStep = 'off' | 'on' | 'again' | 'recovering' | 'gone' | 'flapping';

/** Of every group what it does; who is silenced; whether incidents are acknowledged; minutes until the next. */
const step = fc.record({
  doing: fc.tuple(
    ...groups.map(() =>
      fc.constantFrom<GroupStep>(
        'off',
        'on',
        'on',
        'on',
        'again',
        'recovering',
        'gone',
        'flapping',
      ),
    ),
  ),
  silenced: fc.constantFrom('', '', '', 'a', '*'),
  isAcknowledged: fc.boolean(),
  isInhibited: fc.constantFrom(false, false, false, true),
  minutes: fc.integer({ min: 1, max: 300 }),
  /** Nobody was told: it is made up for. */
  isAway: fc.constantFrom(false, false, true),
});
type HistoryStep = typeof step extends fc.Arbitrary<infer T> ? T : never;

const timed = toTimedRule(toRule({ inhibitedBy: ['other'] }));

/** Plays a history; each evaluation is made twice, as after a crash between deciding and storing. */
function play(history: readonly HistoryStep[]): readonly Routed[] {
  const startedAt = new Map<string, number>();
  const known = new Set<string>();
  let told: readonly Told[] = [];
  let missed: readonly Missed[] = [];
  let atMs = 0;
  return history.map((one) => {
    atMs += one.minutes * minuteMs;
    const ended: AlertEvent[] = [];
    const instances = groups.flatMap((group, index) => {
      const doing = one.doing[index] ?? 'off';
      const before = startedAt.get(group);
      const isOn = doing === 'on' || doing === 'again' || doing === 'flapping';
      const isEnd = before !== undefined && doing !== 'on' && doing !== 'recovering';
      if (isEnd) {
        startedAt.delete(group);
        ended.push(toEnded(group, before, atMs));
      }
      if (isOn && !startedAt.has(group)) startedAt.set(group, atMs);
      if (doing === 'gone') return [];
      const since = startedAt.get(group) ?? null;
      if (since !== null) known.add(`${group}@${since}`);
      const isRecovering = doing === 'recovering' && since !== null;
      return [
        toInstance(group, since, {
          flapping: doing === 'flapping',
          ...(isRecovering && { core: 'recovering' as const }),
        }),
      ];
    });
    const word = { atMs: 0, by: '' };
    const settings = toSettings({
      channels,
      silences: [
        {
          id: 's',
          matchers: [silenceMatcher.parse({ name: 'group', operator: '=~', value: one.silenced })],
          startsAtMs: 0,
          endsAtMs: Infinity,
          author: '',
          reason: 'test',
        },
      ],
      acknowledged: new Map(one.isAcknowledged ? [...known].map((id) => [id, word]) : []),
    });
    const firingRules = new Set(one.isInhibited ? ['other'] : []);
    const input = toInput({ timed, told, missed, atMs, instances, ended, settings, firingRules });
    const go = one.isAway ? away : route;
    const routed = go(input);
    expect(go(structuredCloneOf(input))).toEqual(routed);
    ({ told, missed } = routed);
    return routed;
  });
}

function away(input: RouteInput): Routed {
  return { told: input.told, missed: miss(input), deliveries: [], flags: new Map() };
}

/** Through JSON, as state that was read back. */
function structuredCloneOf(input: ReturnType<typeof toInput>): ReturnType<typeof toInput> {
  const { instances, ended, told, missed } = input;
  const parsed: unknown = JSON.parse(JSON.stringify({ instances, ended, told, missed }));
  return { ...input, ...(parsed as Pick<typeof input, 'instances'>) };
}

type Said = { readonly kind: string; readonly incident: string; readonly channel: string };

function toSaid(deliveries: readonly Delivery[]): Said[] {
  return deliveries.flatMap(({ channel, message }) =>
    message.alerts.map(({ incident }) => ({ kind: message.kind, incident, channel })),
  );
}

const quiet: HistoryStep = {
  doing: ['on', 'on', 'on'],
  silenced: '',
  isAcknowledged: false,
  isInhibited: false,
  minutes: 60,
  isAway: false,
};
const histories = fc.array(step, { minLength: 1, maxLength: 25 });

test('every incident is told once to begin and once to end, in that order, and no message is made twice', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const deliveries = play(history).flatMap((routed) => routed.deliveries);
      expect(new Set(deliveries.map(({ id }) => id)).size).toBe(deliveries.length);
      for (const { channel } of channels) {
        const said = toSaid(deliveries).filter((one) => one.channel === channel.name);
        const state = new Map<string, string>();
        for (const { kind, incident } of said.filter(({ kind }) => kind !== 'flapping')) {
          if (incident.startsWith('flapping-')) continue;
          const isBegin = kind === 'firing' || kind === 'fired_and_resolved';
          const expected = isBegin ? undefined : 'firing';
          expect([incident, kind, state.get(incident)]).toEqual([incident, kind, expected]);
          state.set(incident, kind === 'reminder' ? 'firing' : kind);
        }
        const isOrdered = deliveries
          .filter((one) => one.channel === channel.name)
          .every(({ sequence }, index) => sequence === index + 1);
        expect(isOrdered).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('whoever was away tells of every incident that would have been told, once', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const toBegun = (steps: readonly HistoryStep[]): Set<string> =>
        new Set(
          toSaid([...play(steps)].flatMap(({ deliveries }) => deliveries))
            .filter(({ kind }) => kind === 'firing' || kind === 'fired_and_resolved')
            .map(({ channel, incident }) => `${channel} ${incident}`),
        );
      // Close together, so that nothing is too old to be told.
      const brief = history.map((one) => ({ ...one, minutes: 10 }));
      const whole = [...brief, { ...quiet, doing: ['off', 'off', 'off'] as typeof quiet.doing }];
      const there = toBegun(whole.map((one) => ({ ...one, isAway: false })));
      const away = toBegun(whole);
      expect([...there].filter((begun) => !away.has(begun))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('whatever fires and is held back by nothing is known to everybody in the end', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const told = play([...history, quiet]).at(-1)?.told ?? [];
      const last = told.map(({ channel, incidents }) => [
        channel,
        incidents.map((id) => id.split('@')[0]).toSorted(),
      ]);
      expect(last).toEqual(channels.map(({ channel }) => [channel.name, ['a', 'b', 'c']]));
    }),
    { numRuns: 1_000 },
  );
});

test('whatever is over is known to be over: what is told and what was said agree', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const end: HistoryStep = { ...quiet, doing: ['off', 'gone', 'off'] };
      const routes = play([...history, end]);
      expect(routes.at(-1)?.told.flatMap(({ incidents }) => incidents)).toEqual([]);
      const said = toSaid(routes.flatMap(({ deliveries }) => deliveries));
      const of = (kind: string): string[] =>
        said
          .filter((one) => one.channel === 'one' && one.kind === kind)
          .map(({ incident }) => incident)
          .filter((incident) => !incident.startsWith('flapping-'))
          .toSorted();
      expect(of('resolved')).toEqual(of('firing'));
    }),
    { numRuns: 1_000 },
  );
});
