/** The shape of a file of tests: what a rule is to make of values that are written down. */
import { z } from 'zod';
import { alertState, notification } from '../../contract.ts';
import { isProjectName } from '../../project.ts';

export const testFileVersion = 'orchescope/alerts-test/v1';

const values = z.string().max(10_000);
const burnPair = z.strictObject({ long: values, short: values });

const testSeries = z.strictObject({
  /** Left out of a rule without groups. */
  group: z.string().max(1_000).default(''),
  /** One an evaluation. Of burn rates they mean nothing: what counts is `burn`. */
  values: values.default(''),
  /** Of each value; the last goes on. Left out = always enough. */
  samples: values.default(''),
  bad: values.default(''),
  pricedShare: values.default(''),
  /** What the past was, of rules that compare with it; left out = not known yet. */
  past: z.strictObject({ median: z.number(), deviation: z.number().min(0).default(0) }).optional(),
  /** Of each pair of a burn rate, the share that is bad. */
  burn: z.array(burnPair).max(4).default([]),
});
export type TestSeries = z.infer<typeof testSeries>;

const expectedMessage = z.strictObject({
  kind: notification.shape.kind,
  channel: z.string().optional(),
  /** In any order. */
  groups: z.array(z.string()).optional(),
});

const expectation = z.strictObject({
  /** Since the first value. */
  at: z.string().regex(/^\d{1,6}(s|m|h|d)$/, 'Write a duration such as 0s, 90s, 5m, 4h.'),
  /** Of a rule without groups. */
  state: alertState.optional(),
  /** By group; those that are not named are not looked at. */
  states: z.record(z.string(), alertState).optional(),
  /** Groups with an open incident, all of them; [''] of a rule without groups. */
  incidents: z.array(z.string()).optional(),
  /** Decided at this very time, all of them. */
  messages: z.array(expectedMessage).optional(),
  /** Decided until then, this time included. */
  messageCount: z.int().min(0).optional(),
});
export type Expectation = z.infer<typeof expectation>;

const ruleTest = z.strictObject({
  name: z.string().min(1).max(200),
  project: z
    .string()
    .refine(isProjectName, 'this cannot be the name of a project')
    .default('default'),
  rule: z.string(),
  /** Of the first value, for mute timings; a Monday. */
  start: z.iso
    .datetime('write a time such as 2026-01-05T22:00:00Z')
    .default('2026-01-05T00:00:00Z'),
  /** Rules that fire all the while, for inhibition. */
  alsoFiring: z.array(z.string()).max(100).default([]),
  series: z.array(testSeries).min(1).max(200),
  expect: z.array(expectation).min(1).max(1_000),
});
export type RuleTest = z.infer<typeof ruleTest>;

export const testFile = z.strictObject({
  apiVersion: z.literal(testFileVersion),
  /** Files of alerts, relative to this one. */
  files: z.array(z.string().min(1)).min(1).max(100),
  tests: z.array(ruleTest).min(1).max(1_000),
});
export type TestFile = z.infer<typeof testFile>;
