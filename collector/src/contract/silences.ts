/** What is held back: silences, and mute timings. */
import { z } from 'zod';
import { alertDuration } from './alerts.ts';
import { count, project, shortText, slug } from './parts.ts';

export const silenceMatcher = z.strictObject({
  /** `rule`, `group`, `severity`, `metric`, or the name of a label. */
  name: z.string().min(1).max(64),
  operator: z.enum(['=', '!=', '=~', '!~']).default('='),
  /** Of =~ and !~: a pattern of plain text and `*`. */
  value: z.string().max(200),
});
export type SilenceMatcher = z.infer<typeof silenceMatcher>;

export const silence = z.object({
  id: z.string(),
  /** All must match. */
  matchers: z.array(silenceMatcher).min(1).max(10),
  startsAtMs: z.number(),
  endsAtMs: z.number(),
  author: shortText,
  reason: z.string().min(1).max(1_000),
  state: z.enum(['waiting', 'active', 'over']),
  /** Instances that it holds back now. */
  matches: count,
});
export type Silence = z.infer<typeof silence>;

export const silenceRequest = z.strictObject({
  project,
  matchers: z.array(silenceMatcher).min(1, 'Name at least one thing to silence.').max(10),
  startsAt: z.iso.datetime().nullable().default(null),
  /** At most 30 days. */
  duration: alertDuration,
  author: shortText.default(''),
  reason: z.string().min(1, 'Say why, for whoever finds it.').max(1_000),
});
export type SilenceRequest = z.infer<typeof silenceRequest>;

export const silenceMatchesRequest = silenceRequest.pick({ project: true, matchers: true });
export type SilenceMatchesRequest = z.infer<typeof silenceMatchesRequest>;

/** Instances that are anything but normal, and would be held back. */
export const silenceMatches = z.object({ matches: count });
export type SilenceMatches = z.infer<typeof silenceMatches>;

export const silenceList = z.object({ silences: z.array(silence) });
export type SilenceList = z.infer<typeof silenceList>;

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Write a time such as 22:00.');

/** When nobody is told. All that is given must hold. */
export const muteTiming = z.strictObject({
  name: slug,
  /** IANA name, e.g. Europe/Berlin. */
  timeZone: z.string().min(1).max(64).default('UTC'),
  intervals: z
    .array(
      z.strictObject({
        weekdays: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).default([]),
        /** From is included, to is not; over midnight where to is earlier. */
        from: clockTime.default('00:00'),
        to: clockTime.default('24:00'),
        /** Of the month; -1 is the last. */
        days: z.array(z.int().min(-31).max(31)).max(31).default([]),
        months: z.array(z.int().min(1).max(12)).max(12).default([]),
      }),
    )
    .min(1)
    .max(20),
});
export type MuteTiming = z.infer<typeof muteTiming>;

export const muteTimings = z.object({ muteTimings: z.array(muteTiming) });
export const muteTimingChange = z.strictObject({ project, muteTiming });
