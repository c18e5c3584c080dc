import { expect, test } from 'vitest';
import {
  defaultDetectorSettings,
  noDetectorRules,
  toSettingsOf,
  type DetectorRules,
} from './settings.ts';

const rules: DetectorRules = {
  project: {
    loop: { thresholds: { repeats: 5, polls: 20 }, allow: ['job_status'] },
    god_agent: { muted: true },
  },
  workflows: new Map([
    [
      'report',
      { loop: { thresholds: { repeats: 9 }, allow: ['mail'] }, god_agent: { muted: false } },
    ],
    ['chat', { loop: { muted: true } }],
  ]),
};

test('with no rules every detector has its defaults', () => {
  expect(toSettingsOf(noDetectorRules, 'report')('loop')).toEqual(defaultDetectorSettings);
});

test('a workflow without rules of its own has those of the project', () => {
  const settingsOf = toSettingsOf(rules, 'other');
  expect(settingsOf('loop')).toEqual({
    muted: false,
    allow: ['job_status'],
    thresholds: { repeats: 5, polls: 20 },
  });
  expect(settingsOf('god_agent').muted).toBe(true);
  expect(settingsOf('deadlock')).toEqual(defaultDetectorSettings);
});

test("a workflow's word goes before the project's, setting by setting; what either allows is allowed", () => {
  const settingsOf = toSettingsOf(rules, 'report');
  expect(settingsOf('loop')).toEqual({
    muted: false,
    allow: ['job_status', 'mail'],
    thresholds: { repeats: 9, polls: 20 },
  });
  expect(settingsOf('god_agent').muted).toBe(false);
  expect(toSettingsOf(rules, 'chat')('loop').muted).toBe(true);
});

test('a workflow may be called like anything', () => {
  for (const name of ['__proto__', 'constructor', ''])
    expect(toSettingsOf(rules, name)('god_agent').muted).toBe(true);
});
