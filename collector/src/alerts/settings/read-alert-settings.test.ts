import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertRule, type AlertRule } from '../../contract.ts';
import { startTestStore, type TestStore } from '../../store/testing.ts';
import { defaultRules } from '../default-rules.ts';
import { createAlertSettings, type AlertSettingsStore } from './alert-settings-store.ts';
import { hashOfRule } from './hash-of-rule.ts';
import { nothingProvisioned, type ProvisionedAlerts } from './provisioned.ts';

vi.setConfig({ testTimeout: 30_000 });

let opened: TestStore;
const unreadable: string[] = [];

beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

function open(files: ProvisionedAlerts = nothingProvisioned): AlertSettingsStore {
  return createAlertSettings({
    store: opened.store,
    files: () => files,
    onUnreadable: (area, key) => unreadable.push(`${area} ${key}`),
  });
}

const loud: AlertRule = alertRule.parse({
  id: 'loud',
  title: 'Loud',
  metric: 'cost',
  condition: { type: 'threshold', alert: 10 },
});

function toWrite(projectId: string, rule: AlertRule, value: unknown = rule) {
  return { projectId, area: 'alert-rules', key: rule.id, value, changedBy: 'ada' } as const;
}

test('nothing set is what ships', async () => {
  const settings = await open().read('default');
  expect(settings.rules.map(({ rule }) => rule)).toEqual(
    defaultRules.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  );
  expect(new Set(settings.rules.map(({ origin }) => origin))).toEqual(new Set(['default']));
  expect(settings).toMatchObject({ silences: [], muteTimings: [], channels: [] });
  expect((await open().read('shop')).rules.map(({ rule }) => rule.id)).not.toContain('wal-age');
});

test('what was set takes the place of what ships, until it is taken back', async () => {
  const settings = open();
  const [shipped] = defaultRules;
  if (shipped === undefined) throw new Error('there are no defaults');
  const find = async () =>
    (await settings.read('changed')).rules.find(({ rule }) => rule.id === shipped.id);
  await settings.write(toWrite('changed', { ...shipped, window: '15m' }));
  const changed = await find();
  expect(changed).toMatchObject({ origin: 'api', changedBy: 'ada', rule: { window: '15m' } });
  expect(changed?.changedAtMs).toBeGreaterThan(0);
  expect(changed?.hash).not.toBe(hashOfRule(shipped));
  await settings.write({ ...toWrite('changed', shipped), value: undefined });
  expect(await find()).toMatchObject({ origin: 'default', rule: shipped, changedAtMs: null });
});

test('what files provide stands over what ships and what was set', async () => {
  const rule = { ...loud, title: 'From a file' };
  const settings = open({ ...nothingProvisioned, rules: [{ rule, file: 'a.yaml' }] });
  await settings.write(toWrite('files', loud));
  const found = (await settings.read('files')).rules.find((known) => known.rule.id === 'loud');
  expect(found).toMatchObject({ origin: 'file', file: 'a.yaml', rule: { title: 'From a file' } });
});

test('of changes that come at once the last stands, also right after it was taken back', async () => {
  const settings = open();
  const titles = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all([
    ...titles.map((title) => settings.write(toWrite('busy', { ...loud, title }))),
    settings.write({ ...toWrite('busy', loud), value: undefined }),
    settings.write(toWrite('busy', { ...loud, title: 'last' })),
  ]);
  const found = (await settings.read('busy')).rules.find(({ rule }) => rule.id === 'loud');
  expect(found?.rule.title).toBe('last');
});

test('another server sees it too, and what is held is what was read', async () => {
  const [here, there] = [open(), open()];
  const before = await there.read('two');
  expect(await there.read('two')).toBe(before);
  await here.write(toWrite('two', loud));
  there.invalidate('two');
  expect((await there.read('two')).rules.some(({ rule }) => rule.id === 'loud')).toBe(true);
});

test('what a newer version wrote is left out and told of, and the rest stands', async () => {
  const settings = open();
  await settings.write(toWrite('newer', { ...loud, id: 'odd' }, { id: 'odd', metric: 'tomorrow' }));
  await settings.write(toWrite('newer', loud));
  const ids = new Set((await settings.read('newer')).rules.map(({ rule }) => rule.id));
  expect([ids.has('odd'), ids.has('loud')]).toEqual([false, true]);
  expect(unreadable).toContain('alert-rules odd');
});

const same: [string, Partial<AlertRule>][] = [
  ['title', { title: 'Other' }],
  ['labels', { labels: { team: 'a' } }],
  ['channels', { channels: ['oncall'] }],
  ['severity', { severity: 'critical' }],
  ['interval', { interval: '10s' }],
  ['whether it is on', { enabled: false }],
];
test.each(same)('another %s ends no incident', (_, change) => {
  expect(hashOfRule({ ...loud, ...change })).toBe(hashOfRule(loud));
});

const other: [string, Partial<AlertRule>][] = [
  ['filter', { filter: 'workflow:x' }],
  ['window', { window: '1h' }],
  ['time to wait', { for: '1m' }],
  ['group', { by: 'agent' }],
  ['threshold', { condition: { ...loud.condition, alert: 11 } as AlertRule['condition'] }],
];
test.each(other)('another %s is another rule', (_, change) => {
  expect(hashOfRule({ ...loud, ...change })).not.toBe(hashOfRule(loud));
});

test('the order in which a condition was written does not matter', () => {
  const turned = Object.fromEntries(Object.entries(loud.condition).toReversed());
  const rule = { ...loud, condition: turned as AlertRule['condition'] };
  expect(hashOfRule(rule)).toBe(hashOfRule(loud));
});
