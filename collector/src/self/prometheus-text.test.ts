import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePrometheus } from './parse-prometheus.testing.ts';
import { toPrometheusText, type Family } from './prometheus-text.ts';

test('a histogram adds its buckets up, in seconds', () => {
  const durations = { boundsMs: [1, 10, 2_500], counts: [2, 0, 3, 1], sumMs: 4_000 };
  const family: Family = {
    type: 'histogram',
    name: 'insert_seconds',
    help: 'From here to there.',
    series: [{ labels: {}, durations }],
  };
  expect(toPrometheusText([family])).toBe(`# HELP insert_seconds From here to there.
# TYPE insert_seconds histogram
insert_seconds_bucket{le="0.001"} 2
insert_seconds_bucket{le="0.01"} 2
insert_seconds_bucket{le="2.5"} 5
insert_seconds_bucket{le="+Inf"} 6
insert_seconds_sum 4
insert_seconds_count 6
`);
});

test('a family without samples is left out', () => {
  expect(toPrometheusText([{ type: 'gauge', name: 'a', help: 'b', samples: [] }])).toBe('');
});

test('whatever a label says, the text can be read and the label comes back', () => {
  assert(
    property(string({ unit: 'binary' }), string({ unit: 'binary' }), (label, help) => {
      const samples = [
        { labels: { project: label }, value: 1.5 },
        { labels: { project: `${label}"x` }, value: 2 },
      ];
      // A carriage return and others of its kind end no line here.
      const text = toPrometheusText([{ type: 'gauge', name: 'a', help, samples }]);
      const [first = ''] = [...(parsePrometheus(text).get('a')?.samples.keys() ?? [])];
      const escaped = first.slice('a{project="'.length, -'"}'.length);
      const unescape = { '\\\\': '\\', '\\"': '"', '\\n': '\n' } as Record<string, string>;
      expect(escaped.replaceAll(/\\[\\"n]/g, (pair) => unescape[pair] ?? pair)).toBe(label);
    }),
  );
});

describe('the parser of these tests', () => {
  const head = '# HELP a b\n# TYPE a gauge\n';
  test.each([
    ['a sample before its type', 'a 1\n', 'before its TYPE'],
    ['a counter that is no total', '# HELP a b\n# TYPE a counter\na 1\n', 'is no total'],
    ['a line without an end', `${head}a 1`, 'no end'],
    ['a quote that is not escaped', `${head}a{b="c"d"} 1\n`, 'labels cannot be read'],
    ['a sample twice', `${head}a 1\na 2\n`, 'twice'],
    ['a value that is no number', `${head}a undefined\n`, 'not a number'],
    ['a sample of another family', `${head}b 1\n`, 'of another family'],
  ])('refuses %s', (_, text, why) => {
    expect(() => parsePrometheus(text)).toThrow(why);
  });
});
