import { assert, constantFrom, double, property, record, oneof, constant } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertRule } from '../../contract.ts';
import type { Baseline, Reading } from '../reading.ts';
import { burnLine } from './judge-burn.ts';
import { judge } from './judge.ts';
import { lineOf } from './lines.ts';
import { ruleOf } from './play.testing.ts';

const at = (value: number | null, more: Partial<Reading> = {}): Reading => ({
  group: '',
  value,
  samples: 100,
  bad: 100,
  pricedShare: null,
  ...more,
});

const threshold = (alert: number, more: object = {}): AlertRule['condition'] => ({
  type: 'threshold',
  direction: 'above',
  alert,
  target: null,
  recover: null,
  ...more,
});
const ratio = { type: 'ratio', direction: 'above', alert: 2, target: 1, recover: null } as const;
const seasonal = { type: 'seasonal', deviations: 3, floor: 0, weeks: 4 } as const;
const burnRate = {
  type: 'burn_rate',
  objective: 0.95,
  pairs: [
    { long: '1h', short: '5m', factor: 10 },
    { long: '6h', short: '30m', factor: 6 },
  ],
} as const;

const usual: Baseline = { state: 'known', median: 10, deviation: 2 };

type Row = [
  sentence: string,
  condition: object,
  reading: Reading | null,
  type: string,
  threshold: number | null,
  baseline?: Baseline,
];

test.each([
  ['beyond is a breach', threshold(10), at(10.1), 'breach', 10],
  ['equal is not beyond', threshold(10), at(10), 'inside', 10],
  ['0.8 of the threshold is over', threshold(10), at(8), 'recovered', 10],
  [
    'below the threshold is a breach of one that looks down',
    threshold(10, { direction: 'below' }),
    at(9),
    'breach',
    10,
  ],
  [
    '1.2 of a threshold that looks down is over',
    threshold(10, { direction: 'below' }),
    at(12),
    'recovered',
    10,
  ],
  ['between is inside', threshold(10, { direction: 'below' }), at(11), 'inside', 10],
  ['the target is good enough', threshold(10, { target: 9 }), at(9), 'recovered', 10],
  [
    'the target is good enough below too',
    threshold(0.85, { direction: 'below', target: 0.95 }),
    at(0.95),
    'recovered',
    0.85,
  ],
  ['nothing more than zero of a count is over', threshold(0), at(0), 'recovered', 0],
  ['a negative threshold recovers away from it', threshold(-10), at(-9), 'breach', -10],
  ['a negative threshold has a band below', threshold(-10), at(-11), 'inside', -10],
  ['a negative threshold is over a fifth further', threshold(-10), at(-12), 'recovered', -10],
  [
    'a recovery line beyond the threshold is the threshold',
    threshold(10, { recover: 20 }),
    at(10),
    'recovered',
    10,
  ],
  ['a value that is infinite is beyond', threshold(10), at(Infinity), 'breach', 10],
  ['a value that is minus infinity is over', threshold(10), at(-Infinity), 'recovered', 10],
  ['a value that is no number is missing', threshold(10), at(Number.NaN), 'missing', null],
  ['no value is missing', threshold(10), at(null), 'missing', null],
  ['no samples are missing', threshold(10), at(0, { samples: 0 }), 'missing', null],
  ['nothing heard is missing', threshold(10), null, 'missing', null],
  ['a multiple of the past is a breach', ratio, at(20.1), 'breach', 20, usual],
  ['as much as ever is over', ratio, at(10), 'recovered', 20, usual],
  ['0.8 of the multiple is over', ratio, at(16), 'recovered', 20, usual],
  ['without a past there is nothing to compare', ratio, at(99), 'insufficient', null],
  [
    'a past of few hours is learning',
    ratio,
    at(99),
    'insufficient',
    null,
    { state: 'learning', hours: 3 },
  ],
  [
    'something over nothing is no ratio',
    ratio,
    at(5),
    'insufficient',
    null,
    { ...usual, median: 0 },
  ],
  [
    'nothing over nothing is as much as ever',
    ratio,
    at(0),
    'recovered',
    0,
    { ...usual, median: 0 },
  ],
  ['a negative past is no ratio', ratio, at(5), 'insufficient', null, { ...usual, median: -1 }],
  [
    'beyond the band is a breach',
    { ...seasonal, direction: 'above' },
    at(16.1),
    'breach',
    16,
    usual,
  ],
  ['within the band is inside', { ...seasonal, direction: 'above' }, at(15), 'inside', 16, usual],
  [
    'within 0.8 of the band is over',
    { ...seasonal, direction: 'above' },
    at(14.8),
    'recovered',
    16,
    usual,
  ],
  [
    'below the band is a breach of one that looks down',
    { ...seasonal, direction: 'below' },
    at(3.9),
    'breach',
    4,
    usual,
  ],
  [
    'a band that looks both ways has a line above',
    { ...seasonal, direction: 'both' },
    at(17),
    'breach',
    16,
    usual,
  ],
  [
    'a band that looks both ways has a line below',
    { ...seasonal, direction: 'both' },
    at(3),
    'breach',
    4,
    usual,
  ],
  [
    'a band is at least as wide as its floor',
    { ...seasonal, direction: 'above', floor: 50 },
    at(59),
    'inside',
    60,
    usual,
  ],
  [
    'a past that never moved has no band',
    { ...seasonal, direction: 'above' },
    at(10.1),
    'breach',
    10,
    { ...usual, deviation: 0 },
  ],
  [
    'a past that goes on as it never moved is over',
    { ...seasonal, direction: 'above' },
    at(10),
    'recovered',
    10,
    { ...usual, deviation: 0 },
  ],
  ['absence is a breach', { type: 'absence' }, null, 'breach', null],
  ['no samples are absence', { type: 'absence' }, at(0, { samples: 0 }), 'breach', null],
  ['a single sample is presence', { type: 'absence' }, at(null, { samples: 1 }), 'recovered', null],
] as Row[])('%s', (_, condition, reading, type, line, baseline) => {
  const timed = ruleOf({ condition: condition as AlertRule['condition'] });
  const verdict = judge(timed, reading, { baseline: baseline ?? null, burn: null });
  expect(verdict.type).toBe(type);
  expect('threshold' in verdict ? verdict.threshold : null).toBe(line);
});

describe('a guard', () => {
  const guarded = { condition: threshold(10), minSamples: 20, minBad: 5, minPricedShare: 0.95 };

  test.each([
    ['few samples fire nothing', at(99, { samples: 19 }), 'insufficient'],
    ['few samples resolve nothing', at(0, { samples: 19 }), 'insufficient'],
    ['enough samples do', at(0, { samples: 20 }), 'recovered'],
    ['samples that are no number are none', at(99, { samples: Number.NaN }), 'missing'],
    ['few bad ones fire nothing', at(99, { bad: 4 }), 'insufficient'],
    ['no bad ones resolve', at(0, { bad: 0 }), 'recovered'],
    ['few prices fire nothing', at(99, { pricedShare: 0.9 }), 'insufficient'],
    ['few prices resolve nothing', at(0, { pricedShare: 0.9 }), 'insufficient'],
    ['enough prices do', at(99, { pricedShare: 0.95 }), 'breach'],
    ['a share of no calls is not enough', at(99, { pricedShare: Number.NaN }), 'insufficient'],
  ])('%s', (_, reading, type) => {
    expect(judge(ruleOf(guarded), reading, { baseline: null, burn: null }).type).toBe(type);
  });

  test('of no samples takes a value without any', () => {
    const timed = ruleOf({ condition: threshold(10), minSamples: 0 });
    const verdict = judge(timed, at(99, { samples: 0 }), { baseline: null, burn: null });
    expect(verdict.type).toBe('breach');
  });
});

describe('a burn rate', () => {
  const nothing = at(null, { samples: 0 });
  const few = at(1, { samples: 1 });
  test.each([
    ['both windows of a pair', [at(0.6), at(0.6)], [at(0), at(0)], 'breach'],
    ['the second pair alone', [at(0), at(0)], [at(0.31), at(0.31)], 'breach'],
    ['the long window alone', [at(0.6), at(0)], [at(0), at(0)], 'recovered'],
    ['the short window alone', [at(0), at(0.6)], [at(0), at(0)], 'recovered'],
    ['one window of each', [at(0.6), at(0.1)], [at(0.1), at(0.6)], 'recovered'],
    ['a window in the band', [at(0.6), at(0.45)], [at(0), at(0)], 'inside'],
    ['few samples beside one that burns', [at(0.6), few], [at(0), at(0)], 'insufficient'],
    ['few samples beside one that is over', [at(0), few], [at(0), at(0)], 'recovered'],
    ['a pair that burns beside one of few samples', [few, few], [at(0.5), at(0.5)], 'breach'],
    ['nothing at all', [nothing, nothing], [nothing, nothing], 'missing'],
  ])('of %s', (_, [long, short], [long2, short2], type) => {
    if (!long || !short || !long2 || !short2) throw new Error('a pair has two windows');
    const timed = ruleOf({ condition: burnRate as never, minSamples: 20 });
    const burn = [
      { long, short },
      { long: long2, short: short2 },
    ];
    expect(judge(timed, null, { baseline: null, burn }).type).toBe(type);
  });

  test('never asks for more than 80 % to be bad', () => {
    expect(burnLine(burnRate as never, 14.4).alert).toBeCloseTo(0.72);
    expect(burnLine({ ...burnRate, objective: 0.5 } as never, 14.4).alert).toBe(0.8);
  });
});

test('a share that has to stay high can recover without a target', () => {
  const condition = threshold(0.9, { direction: 'below' }) as Parameters<typeof lineOf>[0];
  expect(lineOf(condition, 'handoff_success').recover).toBeCloseTo(0.95);
});

const anything = oneof(double(), constantFrom(0, -0, 1, Number.NaN, Infinity, -Infinity, 1e308));

test('whatever is measured has an answer, and never two', () => {
  const reading = record({
    group: constant(''),
    value: oneof(anything, constant(null)),
    samples: anything,
    bad: anything,
    pricedShare: oneof(anything, constant(null)),
  });
  const baseline = record({
    state: constant('known' as const),
    median: anything,
    deviation: anything,
  });
  const condition = oneof(
    record({ alert: double({ noNaN: true }), direction: constantFrom('above', 'below') }).map(
      (given) => threshold(given.alert, given),
    ),
    constantFrom(ratio, { ...seasonal, direction: 'both' }, { type: 'absence' }),
  );
  assert(
    property(condition, reading, baseline, (condition, reading, baseline) => {
      const base = ruleOf();
      const timed = {
        ...base,
        rule: { ...base.rule, condition: condition as AlertRule['condition'] },
      };
      const verdict = judge(timed, reading, { baseline, burn: null });
      expect(['breach', 'inside', 'recovered', 'insufficient', 'missing']).toContain(verdict.type);
      expect('value' in verdict ? verdict.value : null).not.toBeNaN();
    }),
    { numRuns: 2_000 },
  );
});

test('no value is beyond the threshold and over at once', () => {
  const side = constantFrom('above' as const, 'below' as const);
  const number = double({ noNaN: true, noDefaultInfinity: true });
  assert(
    property(
      number,
      side,
      oneof(number, constant(null)),
      oneof(number, constant(null)),
      (alert, direction, target, recover) => {
        const line = lineOf({ type: 'threshold', alert, direction, target, recover }, 'cost');
        const sign = direction === 'above' ? 1 : -1;
        expect(line.recover * sign).toBeLessThanOrEqual(line.alert * sign);
      },
    ),
  );
});
