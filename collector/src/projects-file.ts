/** What an operator says of single projects, in a JSON file: { "<project>": { "retentionDays": 90, "spansPerSecond": 500 } }. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ProjectSettings } from './config.ts';
import { isProjectName } from './project.ts';

/** The message names the file and says what to change. */
export class ProjectsFileError extends Error {
  override readonly name = 'ProjectsFileError';
}

export type ProjectsFile = {
  readonly settingsOf: (projectId: string) => ProjectSettings;
  /** For ingest to write on rows. */
  readonly retentionOf: (projectId: string) => Retention;
  /** Reads the file again; what was read before stays when that fails. @throws ProjectsFileError */
  readonly reload: () => void;
};

export type Retention = { readonly spanDays: number; readonly contentDays: number };

const days = z.int().min(1).max(36_500);
const rate = z.int().min(1).nullable();
const projectEntry = z.strictObject({
  retentionDays: days.optional(),
  contentRetentionDays: days.optional(),
  /** null = no limit, whatever the default is. */
  spansPerSecond: rate.optional(),
  bytesPerSecond: rate.optional(),
});

/** @throws ProjectsFileError */
export function openProjectsFile(path: string, defaults: ProjectSettings): ProjectsFile {
  let byProject = read(path, defaults);
  const settingsOf = (projectId: string): ProjectSettings => byProject.get(projectId) ?? defaults;
  return {
    settingsOf,
    retentionOf: (projectId) => {
      const { retentionDays, contentRetentionDays } = settingsOf(projectId);
      return { spanDays: retentionDays, contentDays: contentRetentionDays };
    },
    reload: () => {
      byProject = read(path, defaults);
    },
  };
}

function read(path: string, defaults: ProjectSettings): ReadonlyMap<string, ProjectSettings> {
  if (path === '') return new Map();
  const parsed = z.record(z.string(), projectEntry).safeParse(readJson(path));
  if (!parsed.success) throw problem(path, parsed.error.issues.map(toSentence).join(' '));
  return new Map(
    Object.entries(parsed.data).map(([projectId, entry]) => {
      if (!isProjectName(projectId)) {
        throw problem(path, `${JSON.stringify(projectId)} cannot be the name of a project.`);
      }
      return [projectId, toSettings(path, projectId, entry, defaults)];
    }),
  );
}

function toSettings(
  path: string,
  projectId: string,
  entry: z.infer<typeof projectEntry>,
  defaults: ProjectSettings,
): ProjectSettings {
  const retentionDays = entry.retentionDays ?? defaults.retentionDays;
  const { contentRetentionDays = Math.min(defaults.contentRetentionDays, retentionDays) } = entry;
  if (contentRetentionDays > retentionDays) {
    throw problem(
      path,
      `${projectId} would keep messages for ${contentRetentionDays} days and their spans for ${retentionDays}: keep spans at least as long.`,
    );
  }
  const { spansPerSecond = defaults.spansPerSecond, bytesPerSecond = defaults.bytesPerSecond } =
    entry;
  return { retentionDays, contentRetentionDays, spansPerSecond, bytesPerSecond };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw problem(path, `it cannot be read: ${why}.`, cause);
  }
}

function toSentence({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.') || 'the whole'}: ${message}.`;
}

function problem(path: string, what: string, cause?: unknown): ProjectsFileError {
  return new ProjectsFileError(`ORCHESCOPE_PROJECTS_FILE=${path}: ${what}`, { cause });
}
