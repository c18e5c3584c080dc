/** The shape of a file of alerts: what people write of rules, channels and mute timings, of one project. */
import { z } from 'zod';
import { alertChannel, alertRule, muteTiming } from '../../contract.ts';
import { isProjectName } from '../../project.ts';

export const alertFileVersion = 'orchescope/alerts/v1';

export const alertFile = z.strictObject({
  apiVersion: z.literal(alertFileVersion),
  project: z
    .string()
    .refine(isProjectName, 'use at most 64 letters, digits, dots, hyphens and underscores')
    .default('default'),
  /** Means nothing to Orchescope: what holds the file together, for whoever reads it. */
  group: z.string().max(200).default(''),
  rules: z.array(alertRule).max(1_000).default([]),
  channels: z.array(alertChannel).max(100).default([]),
  muteTimings: z.array(muteTiming).max(100).default([]),
});
export type AlertFile = z.infer<typeof alertFile>;
