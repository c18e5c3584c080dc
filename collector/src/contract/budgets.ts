/** What may be spent, and how that stands: /api/budgets. */
import { z } from 'zod';
import { costFlag } from './costs.ts';
import { count, project, slug, usd } from './parts.ts';

const amount = z
  .string()
  .regex(
    /^\d{1,9}(\.\d{1,12})?$/,
    'Write an amount of USD such as 250 or 0.5, and not below zero.',
  );

/** What a person sets. Its alerts go through the rules of alerting. */
export const budget = z.strictObject({
  id: slug,
  title: z.string().min(1).max(200),
  /** Filter on runs that it is for; empty = all of the project. */
  filter: z.string().max(2_000).default(''),
  /** USD of one period. */
  amountUsd: amount,
  /** `month` = calendar month of the time zone; otherwise a trailing window. */
  period: z.enum(['month', '1d', '7d', '30d']).default('month'),
  timeZone: z.string().min(1).max(64).default('UTC'),
  /** Shares at which somebody is told. */
  alertAt: z.array(z.number().positive().max(10)).max(10).default([0.5, 0.8, 1]),
  /** Told when the forecast passes the amount. */
  alertOnForecast: z.boolean().default(true),
  channels: z.array(slug).max(20).default([]),
  owner: z.string().max(200).default(''),
  enabled: z.boolean().default(true),
});
export type Budget = z.infer<typeof budget>;

/** What is to be expected of the period, and how far such forecasts were off. */
export const budgetForecast = z.object({
  /** At the end of the period. */
  expectedUsd: usd,
  /** Between these with 80 %. */
  lowUsd: usd,
  highUsd: usd,
  /** Mean absolute share by which the same forecast missed, made for each day of the last weeks; null = too little history. */
  error: z.number().nullable(),
  /** Days it was tried on. */
  triedDays: count,
});
export type BudgetForecast = z.infer<typeof budgetForecast>;

export const budgetStatus = z.object({
  budget,
  periodFrom: z.iso.datetime(),
  /** Null of a trailing window: it has no end. */
  periodTo: z.iso.datetime().nullable(),
  spentUsd: usd,
  /** Null of a budget of zero. */
  usedShare: z.number().nullable(),
  remainingUsd: usd,
  coverage: z.number().nullable(),
  /** Null of a trailing window. */
  forecast: budgetForecast.nullable(),
  /** One entry a day of the period: spent until its end, and what is expected after today. */
  burnDown: z.array(
    z.object({
      day: z.iso.date(),
      spentUsd: usd.nullable(),
      expectedUsd: usd.nullable(),
      lowUsd: usd.nullable(),
      highUsd: usd.nullable(),
    }),
  ),
  state: z.enum(['within', 'warned', 'exceeded', 'off']),
  flags: z.array(costFlag),
});
export type BudgetStatus = z.infer<typeof budgetStatus>;
export const budgetList = z.object({ budgets: z.array(budgetStatus) });
export type BudgetList = z.infer<typeof budgetList>;
export const budgetChange = z.strictObject({ project, budget });
export type BudgetChange = z.infer<typeof budgetChange>;

// An orchestrator asks before it spends.
export const budgetCheckQuery = z.object({
  project,
  budget: z.string().max(64).default('').describe('Id of a budget; empty = every one that fits.'),
  workflow: z.string().max(256).default('').describe('Workflow that is about to run.'),
  agent: z.string().max(256).default('').describe('Agent that is about to run.'),
  user: z.string().max(256).default('').describe('User it is for.'),
  usd: amount.default('0').describe('What is about to be spent.'),
});
export type BudgetCheckQuery = z.infer<typeof budgetCheckQuery>;

export const budgetCheck = z.object({
  allowed: z.boolean(),
  /** Of the tightest budget; null when none fits. */
  remainingUsd: usd.nullable(),
  /** The tightest; empty when none fits. */
  budget: z.string(),
  /** One sentence. */
  reason: z.string(),
  /** Seconds for which the answer may be kept. */
  validForSeconds: z.number(),
});
export type BudgetCheck = z.infer<typeof budgetCheck>;
