import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertChannel, alertRule, muteTiming } from '../../contract.ts';
import { defaultRules } from '../default-rules.ts';
import { alertFile } from './alert-file.ts';
import { checkAlertFiles } from './check-alert-files.ts';
import { readYaml } from './read-yaml.ts';
import { anyRule } from './rules.testing.ts';
import { toAlertsYaml, toYaml } from './to-yaml.ts';

function readBack(text: string) {
  const read = readYaml('a.yaml', text);
  if (read.type === 'broken') throw new Error(JSON.stringify(read.problems));
  return alertFile.parse(read.source.value);
}

test('a rule is written without what it would have anyway, in the order of its fields', () => {
  const rule = alertRule.parse({
    labels: { team: 'search', area: 'on' },
    condition: { alert: 0.1, type: 'threshold', direction: 'above', target: 0.02 },
    window: '10m',
    metric: 'error_rate',
    title: 'Agents: fail',
    id: 'failing',
    interval: '1m',
    description: 'Two lines\nof text.\n',
  });
  expect(toYaml(rule, 'shop')).toBe(`apiVersion: orchescope/alerts/v1
project: shop
rules:
  - id: failing
    title: 'Agents: fail'
    description: |
      Two lines
      of text.
    metric: error_rate
    window: 10m
    condition:
      type: threshold
      alert: 0.1
      target: 0.02
    labels:
      area: 'on'
      team: search
`);
});

test('channels and mute timings are written the same way', () => {
  const text = toAlertsYaml({
    project: 'default',
    channels: [alertChannel.parse({ name: 'hook', type: 'webhook', url: 'https://x.example.com' })],
    muteTimings: [
      muteTiming.parse({ name: 'nights', intervals: [{ from: '22:00', to: '06:00' }, {}] }),
    ],
  });
  expect(text).toBe(`apiVersion: orchescope/alerts/v1
channels:
  - name: hook
    type: webhook
    url: https://x.example.com
muteTimings:
  - name: nights
    intervals:
      - from: '22:00'
        to: '06:00'
      - {}
`);
});

test('any rule is read back as it was, whatever its texts', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      expect(readBack(toYaml(rule)).rules).toEqual([rule]);
    }),
    { numRuns: 1_000 },
  );
});

test('readers of other versions of YAML read the same', () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      const text = toYaml(rule);
      expect(parse(text, { version: '1.1' })).toEqual(parse(text));
    }),
    { numRuns: 300 },
  );
});

test('the shipped rules are a file too', async () => {
  const text = toAlertsYaml({ project: 'default', rules: defaultRules });
  await expect(text).toMatchFileSnapshot('../../../../deploy/alerts/default-rules.yaml');
  expect(checkAlertFiles([{ file: 'a.yaml', text }], null).problems).toEqual([]);
  expect(readBack(text).rules).toEqual(defaultRules);
});
