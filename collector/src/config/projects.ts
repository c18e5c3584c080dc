/** What holds for every project, unless the projects file says otherwise. */
import { z } from 'zod';
import type { ProjectRates } from '../ingest/project-limits.ts';
import { ConfigError, whole } from './setting-kinds.ts';

/** What an operator may say of one project. */
export type ProjectSettings = ProjectRates & {
  readonly retentionDays: number;
  /** Messages and payloads; never longer than the spans they belong to. */
  readonly contentRetentionDays: number;
};

export type ProjectsConfig = {
  /** Of every project that the projects file does not name. */
  readonly projectDefaults: ProjectSettings;
  /** JSON file of settings by project; empty = none. */
  readonly projectsFile: string;
};

/** The longest that a row can be told to live. */
const maxDays = 36_500;
const days = (name: string) => whole(name, 'days', { min: 1, max: maxDays });
const perSecond = (name: string, unit: string) => whole(name, unit, { min: 1, max: 1e12 });

export const projectSettings = {
  ORCHESCOPE_RETENTION_DAYS: days('ORCHESCOPE_RETENTION_DAYS')
    .default(30)
    .describe('days that spans, logs and metrics are kept'),
  ORCHESCOPE_CONTENT_RETENTION_DAYS: days('ORCHESCOPE_CONTENT_RETENTION_DAYS')
    .optional()
    .describe('days that messages and payloads are kept; as long as their spans when unset'),
  ORCHESCOPE_PROJECT_SPANS_PER_SECOND: perSecond('ORCHESCOPE_PROJECT_SPANS_PER_SECOND', 'spans')
    .optional()
    .describe('records that one project may send a second; any number when unset'),
  ORCHESCOPE_PROJECT_BYTES_PER_SECOND: perSecond('ORCHESCOPE_PROJECT_BYTES_PER_SECOND', 'bytes')
    .optional()
    .describe('inflated bytes that one project may send a second; any number when unset'),
  ORCHESCOPE_PROJECTS_FILE: z
    .string()
    .default('')
    .describe('JSON file of retention and rates by project; read again on SIGHUP'),
};

export function toProjects(values: z.output<z.ZodObject<typeof projectSettings>>): ProjectsConfig {
  const retentionDays = values.ORCHESCOPE_RETENTION_DAYS;
  const contentRetentionDays = values.ORCHESCOPE_CONTENT_RETENTION_DAYS ?? retentionDays;
  if (contentRetentionDays > retentionDays) {
    throw new ConfigError(
      `ORCHESCOPE_CONTENT_RETENTION_DAYS is ${contentRetentionDays} and ORCHESCOPE_RETENTION_DAYS is ${retentionDays}: messages cannot be kept longer than the spans they belong to.`,
    );
  }
  return {
    projectDefaults: {
      retentionDays,
      contentRetentionDays,
      spansPerSecond: values.ORCHESCOPE_PROJECT_SPANS_PER_SECOND ?? null,
      bytesPerSecond: values.ORCHESCOPE_PROJECT_BYTES_PER_SECOND ?? null,
    },
    projectsFile: values.ORCHESCOPE_PROJECTS_FILE,
  };
}
