/** What is set of detectors. */
import { z } from 'zod';
import { project } from './parts.ts';
import { findingKind } from './runs.ts';

export const detectorSetting = z.strictObject({
  muted: z.boolean().optional(),
  /** Names that may do this; a `*` at the end stands for any rest. */
  allow: z.array(z.string().min(1).max(200)).max(200).optional(),
  thresholds: z.record(z.string().max(60), z.number()).optional(),
});
export type DetectorSetting = z.infer<typeof detectorSetting>;

export const detectorInfo = z.object({
  kind: findingKind,
  thresholds: z.array(
    z.object({
      name: z.string(),
      default: z.number(),
      min: z.number(),
      max: z.number(),
      unit: z.string(),
      description: z.string(),
    }),
  ),
});

export const detectorSettings = z.object({
  detectors: z.array(detectorInfo),
  /** Of the whole project. */
  project: z.partialRecord(findingKind, detectorSetting),
  /** By name of the workflow: goes before the project's. */
  workflows: z.record(z.string(), z.partialRecord(findingKind, detectorSetting)),
});
export type DetectorSettings = z.infer<typeof detectorSettings>;

/** PUT: takes the place of what was set of the workflow, or of the project. Empty takes it back. */
export const detectorSettingsChange = z.strictObject({
  project,
  /** Empty = the whole project. */
  workflow: z.string().max(200).default(''),
  settings: z.partialRecord(findingKind, detectorSetting),
});
export type DetectorSettingsChange = z.infer<typeof detectorSettingsChange>;
