/** Every setting an operator has, with its default, read once from the environment; those of a room in a file of their own. */
import { z } from 'zod';
import { accessSettings, listenSettings, toAccess, type AccessConfig } from './config/access.ts';
import { alertSettings, toAlerts, type AlertConfig } from './config/alerts.ts';
import { exportSettings, toExports, type ExportConfig } from './config/exports.ts';
import { ingestSettings, toIngest, type IngestConfig } from './config/ingest.ts';
import { projectSettings, toProjects, type ProjectsConfig } from './config/projects.ts';
import { ConfigError } from './config/setting-kinds.ts';
import { storeSettings, toStore, type StoreConfig } from './config/store.ts';
import { logLevels, type LogLevel } from './log.ts';

export { isLoopback } from './config/access.ts';
export type { AlertConfig } from './config/alerts.ts';
export type { ExportConfig, ExportPlace } from './config/exports.ts';
export type { ProjectSettings } from './config/projects.ts';
export { ConfigError } from './config/setting-kinds.ts';

export type Config = AccessConfig &
  StoreConfig &
  IngestConfig &
  ProjectsConfig & {
    readonly log: LogLevel;
    /** JSON file of the operator's own prices; empty = none. */
    readonly pricesFile: string;
    readonly alerts: AlertConfig;
    /** Files of costs that are written every day; null = none. */
    readonly exports: ExportConfig | null;
  };

/** `describe` comes last in each chain; `--help` and docs/generated/settings.md print what it says, in this order. */
const settings = z.object({
  ...listenSettings,
  ...storeSettings,
  ...accessSettings,
  ...ingestSettings,
  ...projectSettings,
  ORCHESCOPE_PRICES_FILE: z
    .string()
    .default('')
    .describe('JSON file of your own model prices; they win over the bundled list'),
  ...alertSettings,
  ...exportSettings,
  ORCHESCOPE_LOG: z
    .enum(logLevels, `ORCHESCOPE_LOG must be one of ${logLevels.join(', ')}.`)
    .default('info')
    .describe(`how much to log: ${logLevels.join(', ')}`),
});

export type SettingDescription = {
  readonly name: string;
  /** As one would write it in the environment; empty = unset. */
  readonly defaultText: string;
  readonly meaning: string;
};

/** Every setting, in the order an operator meets them. */
export function describeSettings(): readonly SettingDescription[] {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
  return Object.entries(settings.shape).map(([name, { description = '' }]) => {
    const schema = properties[name];
    const defaultValue = typeof schema === 'object' ? schema.default : undefined;
    return { name, defaultText: String(defaultValue ?? ''), meaning: description };
  });
}

/** @throws ConfigError with one sentence for each wrong setting */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(toSentence).join('\n'));
  const values = parsed.data;
  return {
    ...toStore(values),
    ...toIngest(values),
    ...toProjects(values),
    log: values.ORCHESCOPE_LOG,
    pricesFile: values.ORCHESCOPE_PRICES_FILE,
    alerts: toAlerts(values, env),
    exports: toExports(values),
    ...toAccess(values),
  };
}

function toSentence(issue: z.core.$ZodIssue): string {
  return issue.message.startsWith('ORCHESCOPE_')
    ? issue.message
    : `${issue.path.join('.')}: ${issue.message}`;
}
