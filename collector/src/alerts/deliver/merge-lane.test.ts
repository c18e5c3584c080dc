import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery, MessageAlert } from '../delivery.ts';
import { toDelivery } from './deliveries.testing.ts';
import { mergeLane } from './merge-lane.ts';

const minuteMs = 60_000;

/** `firing a b @5` = of the incidents a and b, made at minute 5. */
function toLane(texts: readonly string[]): Delivery[] {
  return texts.map((text, index) => {
    const [kind = '', ...rest] = text.split(' ');
    const createdAtMs = Number(rest.pop()?.slice(1)) * minuteMs;
    const change = { id: text, createdAtMs, sequence: index + 1 };
    return toDelivery(change, kind as 'firing', rest);
  });
}

/** What is sent, each followed by what it replaces. */
function toLines(texts: readonly string[], minute: number): string[][] {
  return mergeLane(toLane(texts), minute * minuteMs).map(({ delivery, replaces }) => {
    const incidents = delivery.message.alerts.map(({ incident }) => incident);
    return [[delivery.message.kind, ...incidents].join(' ')].concat(replaces);
  });
}

describe('what waits is sent', () => {
  test.each<[string, readonly string[], number, readonly (readonly string[])[]]>([
    ['nothing', [], 0, []],
    [
      'as it is while it is young',
      ['firing a @0', 'resolved a @5'],
      60,
      [['firing a'], ['resolved a']],
    ],
    [
      'as one when it is old and over',
      ['firing a @0', 'resolved a @5'],
      61,
      [['fired_and_resolved a', 'firing a @0', 'resolved a @5']],
    ],
    ['as it is while it goes on', ['firing a @0'], 600, [['firing a']]],
    ['as it is when the firing is there already', ['resolved a @0'], 600, [['resolved a']]],
    [
      'as one with the acknowledgement between',
      ['firing a @0', 'acknowledged a @2', 'resolved a @5'],
      61,
      [['fired_and_resolved a', 'firing a @0', 'acknowledged a @2', 'resolved a @5']],
    ],
    [
      'as it is when only the acknowledgement waited with the end',
      ['acknowledged a @0', 'resolved a @5'],
      600,
      [['acknowledged a'], ['resolved a']],
    ],
    [
      'as it is while one of its groups goes on',
      ['firing a b @0', 'resolved a @5'],
      600,
      [['firing a b'], ['resolved a']],
    ],
    [
      'as one when each of its groups ended in a message of its own',
      ['firing a b @0', 'resolved a @5', 'resolved b @9'],
      61,
      [['fired_and_resolved a b', 'firing a b @0', 'resolved a @5', 'resolved b @9']],
    ],
    [
      'with the end of others that were known to fire',
      ['firing a @0', 'resolved a z @5'],
      61,
      [['fired_and_resolved a z', 'firing a @0', 'resolved a z @5']],
    ],
    [
      'as one with the firing of others that ended in the same message',
      ['firing a @0', 'firing b @50', 'resolved a b @55'],
      61,
      [['fired_and_resolved a b', 'firing a @0', 'firing b @50', 'resolved a b @55']],
    ],
    [
      'as it is when others of the same message go on',
      ['firing a @0', 'firing b c @50', 'resolved a b @55'],
      61,
      [['firing a'], ['firing b c'], ['resolved a b']],
    ],
    [
      'before what began later',
      ['firing a @0', 'resolved a @5', 'firing b @6'],
      61,
      [['fired_and_resolved a', 'firing a @0', 'resolved a @5'], ['firing b']],
    ],
    [
      'after what ended earlier',
      ['resolved z @0', 'firing a @1', 'resolved a @5'],
      62,
      [['resolved z'], ['fired_and_resolved a', 'firing a @1', 'resolved a @5']],
    ],
    [
      'without the reminders of what is over',
      ['firing a @0', 'reminder a @240', 'resolved a @250'],
      251,
      [['fired_and_resolved a', 'firing a @0', 'reminder a @240', 'resolved a @250']],
    ],
    [
      'with the last of several reminders',
      ['firing a @0', 'reminder a @240', 'reminder a @480', 'firing b @490'],
      600,
      [['firing a'], ['reminder a', 'reminder a @240'], ['firing b']],
    ],
    [
      'of a group that flapped as of others',
      ['flapping f @0', 'flapping f @30', 'resolved f @50'],
      61,
      [['fired_and_resolved f', 'flapping f @0', 'flapping f @30', 'resolved f @50']],
    ],
  ])('%s', (_, texts, minute, expected) => {
    expect(toLines(texts, minute)).toEqual(expected);
  });
});

test('what fired and is over tells when it began, how bad it was and how it ended', () => {
  const [merged] = mergeLane(toLane(['firing a @0', 'resolved a @5']), 61 * minuteMs);
  expect(merged?.delivery).toMatchObject({ createdAtMs: 0, sequence: 1 });
  expect(merged?.delivery.message.alerts).toEqual([
    {
      incident: 'a',
      fingerprint: 'f-a',
      group: 'a',
      state: 'fired_and_resolved',
      value: 9,
      threshold: 5,
      samples: 20,
      reason: 'Below 4.',
      startedAtMs: 0,
      endedAtMs: 5 * minuteMs,
      exemplars: ['trace'],
    },
  ]);
});

test('merged again it is the same, whatever order the store answers in', () => {
  const lane = toLane(['firing a b @0', 'reminder a @3', 'resolved a @5', 'resolved b @9']);
  const expected = mergeLane(lane, 61 * minuteMs);
  expect(mergeLane(lane.toReversed(), 900 * minuteMs)).toEqual(expected);
});

test('nothing is lost, nothing told twice, and no end comes before its beginning', () => {
  const incidents = ['a', 'b', 'c', 'd'];
  const begun = fc.subarray(incidents, { minLength: 1 });
  const history = fc.array(fc.tuple(begun, fc.nat({ max: 200 })), { maxLength: 12 });
  fc.assert(
    fc.property(history, fc.nat({ max: 3_000 }), (steps, minute) => {
      const lane = toLane(toAlternating(steps));
      const sent = mergeLane(lane, minute * minuteMs);
      const told = sent.flatMap(({ delivery, replaces }) =>
        replaces.includes(delivery.id) || delivery.message.kind !== 'fired_and_resolved'
          ? [delivery.id, ...replaces]
          : replaces,
      );
      expect(told.toSorted()).toEqual(lane.map(({ id }) => id).toSorted());
      expect(sent.flatMap(({ delivery }) => delivery.message.alerts)).toSatisfy(isInOrder);
    }),
    { numRuns: 1_000 },
  );
});

function isInOrder(alerts: readonly MessageAlert[]): boolean {
  const open = new Set<string>();
  return alerts.every(({ incident, state }) => {
    if (state === 'firing') open.add(incident);
    return state !== 'resolved' || open.delete(incident);
  });
}

/** Each step turns its groups: those that are off begin, those that are on end. An episode is never told twice. */
function toAlternating(steps: readonly (readonly [readonly string[], number])[]): string[] {
  const open = new Map<string, string>();
  let minute = 0;
  return steps.flatMap(([groups, pause], index) => {
    minute += pause;
    const over = groups.flatMap((group) => open.get(group) ?? []);
    const begun = groups.filter((group) => !open.has(group)).map((group) => `${group}${index}`);
    for (const group of groups) {
      if (open.has(group)) open.delete(group);
      else open.set(group, `${group}${index}`);
    }
    return [
      ...(over.length > 0 ? [`resolved ${over.join(' ')} @${minute}`] : []),
      ...(begun.length > 0 ? [`firing ${begun.join(' ')} @${minute}`] : []),
    ];
  });
}
