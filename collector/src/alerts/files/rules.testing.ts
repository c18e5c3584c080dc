/** Any rule that the contract allows, whether it makes sense or not. */
import * as fc from 'fast-check';
import {
  alertAggregation,
  alertMetric,
  alertRule,
  metricGroup,
  noDataPolicy,
  type AlertRule,
} from '../../contract.ts';

const text = (maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.string({ minLength, maxLength, unit: 'grapheme' }),
      fc.string({ minLength, maxLength, unit: 'binary' }),
      // What looks like something else to one reader of YAML or another.
      fc.constantFrom(
        'on',
        'no',
        '~',
        'null',
        '007',
        '1e3',
        '22:00',
        '2026-11-21',
        '- a',
        'a: b',
        '# x',
        '*a',
        '&a',
        '!b',
        '| ',
        '{{ x }}',
        'a\nb\n',
        ' a ',
        '%',
        '@',
        '`',
        "'",
        '"',
        '\\',
        '...',
        '---',
        '<<',
        '=',
        '.inf',
        '\t',
      ),
    )
    .filter(({ length }) => length >= minLength && length <= maxLength);

const slug = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
const duration = fc
  .tuple(fc.nat(999_999), fc.constantFrom('s', 'm', 'h', 'd'))
  .map(([count, unit]) => `${count}${unit}`);
// JSON has no negative zero, so no form and no API does.
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (value === 0 ? 0 : value));
const positive = number.map(Math.abs).filter((value) => value > 0);
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null });
const direction = fc.constantFrom('above' as const, 'below' as const);

const condition = fc.oneof(
  fc.record({
    type: fc.constant('threshold' as const),
    direction,
    alert: number,
    target: maybe(number),
    recover: maybe(number),
  }),
  fc.record({
    type: fc.constant('ratio' as const),
    direction,
    alert: positive,
    target: maybe(positive),
    recover: maybe(positive),
    over: duration,
    minHours: fc.integer({ min: 1, max: 672 }),
  }),
  fc.record({
    type: fc.constant('seasonal' as const),
    direction: fc.constantFrom('above' as const, 'below' as const, 'both' as const),
    deviations: fc.double({ min: 0.001, max: 100, noNaN: true }),
    floor: number.map(Math.abs),
    weeks: fc.integer({ min: 2, max: 8 }),
  }),
  fc.record({
    type: fc.constant('burn_rate' as const),
    objective: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    pairs: fc.array(fc.record({ long: duration, short: duration, factor: positive }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.constant({ type: 'absence' as const }),
);

export const anyRule: fc.Arbitrary<AlertRule> = fc
  .record({
    id: slug,
    title: text(200, 1),
    description: text(2_000),
    enabled: fc.boolean(),
    metric: fc.constantFrom(...alertMetric.options),
    aggregation: fc.constantFrom(...alertAggregation.options),
    filter: text(2_000),
    by: fc.constantFrom(...metricGroup.options),
    window: duration,
    interval: duration,
    condition,
    for: duration,
    keepFiring: maybe(duration),
    minSamples: fc.nat(1_000_000),
    minBad: fc.nat(1_000_000),
    minPricedShare: maybe(fc.double({ min: 0.001, max: 1, noNaN: true })),
    noData: fc.constantFrom(...noDataPolicy.options),
    absentFor: maybe(duration),
    severity: fc.constantFrom('info' as const, 'warning' as const, 'critical' as const),
    channels: fc.array(slug, { maxLength: 20 }),
    repeatEvery: duration,
    groupEvery: duration,
    inhibitedBy: fc.array(slug, { maxLength: 20 }),
    muteTimings: fc.array(slug, { maxLength: 20 }),
    labels: fc.dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,20}$/), text(200)),
    runbook: fc.constantFrom('', 'https://wiki.example.com/#a: b', 'http://x/?q=[1]'),
    owner: text(200),
  })
  .filter(({ labels }) => !Object.hasOwn(labels, '__proto__'))
  .map((rule) => alertRule.parse(rule));
