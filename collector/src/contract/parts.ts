/** What shapes of the contract are made of. Not part of the door. */
import { z } from 'zod';

export const nanoseconds = z.string().regex(/^\d{1,20}$/);
export const usd = z.string().regex(/^-?\d+(\.\d+)?$/);
export const traceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'Write 32 lower-case hexadecimal characters.');
export const spanId = z.string().regex(/^[0-9a-f]{16}$/);

export const timeForms =
  'Write an ISO time such as 2026-11-21T10:00:00Z, or now, now-15m, now-24h, now-7d.';

export const timeExpression = z
  .string()
  .regex(/^(now(-\d{1,5}[smhdw])?|\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)$/, timeForms);

export const project = z
  .string()
  .min(1)
  .max(128)
  .default('default')
  .describe('Project that the spans were sent to.');

/** Row numbers and dictionary numbers; -1 = none. Every column has one entry a span, rows in order of start time. */
export const column = z.array(z.number());

export const runFilterText =
  'Filter on runs, e.g. workflow:refund status:failed failed_agent:planner finding:loop cost>0.1 duration>30s.';

export const runRange = {
  project,
  from: timeExpression.default('now-24h').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
  q: z.string().max(2000).default('').describe(runFilterText),
};

export const count = z.number();

export const slug = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    'Use at most 64 lower-case letters, digits and hyphens, and begin with a letter or a digit.',
  );

export const shortText = z.string().max(200);

export const group = z.string().describe('Name of the group; empty when the rule has one.');
