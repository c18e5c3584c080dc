/** What stands of the alerts of a project: what ships, over it what files provide, over both what was set here. */
import { z } from 'zod';
import {
  alertChannel,
  alertRule,
  budget,
  muteTiming,
  silenceMatcher,
  type AlertRule,
  type Budget,
  type MuteTiming,
} from '../../contract.ts';
import type { Reader } from '../../store/read-rows.ts';
import { readAreas, type Setting } from '../../store/settings-log.ts';
import type { AlertSettings, IncidentWord, KnownChannel, KnownRule } from '../alert-settings.ts';
import { toBudgetRules } from '../../budgets/budget-rules.ts';
import { defaultRulesOf } from '../default-rules.ts';
import { hashOfRule } from './hash-of-rule.ts';
import type { ProvisionedAlerts } from './provisioned.ts';

export const alertAreas = [
  'alert-rules',
  'alert-silences',
  'alert-acknowledged',
  'alert-resolved',
  'alert-mute-timings',
  'alert-channels',
  'budgets',
] as const;
export type AlertArea = (typeof alertAreas)[number];

/** As it is kept; the id is the key. */
export const storedSilence = z.object({
  matchers: z.array(silenceMatcher),
  startsAtMs: z.number(),
  endsAtMs: z.number(),
  author: z.string(),
  reason: z.string(),
});

/** `channel.secret` is null. */
export const storedChannel = z.object({
  channel: alertChannel,
  sealedSecret: z.string(),
  secretHost: z.string(),
});

export const storedWord = z.object({ by: z.string() });

/** As long as incidents are kept: what was said of older ones is of no use to anybody. */
const keptMs = 100 * 86_400_000;

/** Hears of what cannot be read, such as what a newer version wrote: it is left out. */
export type UnreadableLog = (area: AlertArea, key: string) => void;

export async function readAlertSettings(
  reader: Reader,
  projectId: string,
  files: ProvisionedAlerts,
  onUnreadable: UnreadableLog = () => undefined,
): Promise<AlertSettings> {
  const areas = await readAreas(reader, projectId, alertAreas);
  const of = <S extends z.ZodType>(area: AlertArea, schema: S) =>
    (areas.get(area) ?? []).flatMap((setting) => {
      const parsed = schema.safeParse(setting.value);
      if (parsed.success) return { setting, value: parsed.data };
      onUnreadable(area, setting.key);
      return [];
    });
  const oldestMs = Date.now() - keptMs;
  const isRecent = ({ setting }: Stored<unknown>): boolean => setting.changedAtMs > oldestMs;
  return {
    projectId,
    rules: toRules(projectId, files, of('alert-rules', alertRule), of('budgets', budget)),
    silences: of('alert-silences', storedSilence)
      .filter(({ value }) => value.endsAtMs > oldestMs)
      .map(({ setting, value }) => Object.assign(value, { id: setting.key })),
    acknowledged: new Map(of('alert-acknowledged', storedWord).filter(isRecent).map(toWord)),
    resolved: new Map(of('alert-resolved', storedWord).filter(isRecent).map(toWord)),
    muteTimings: toMuteTimings(files, of('alert-mute-timings', muteTiming)),
    channels: toChannels(files, of('alert-channels', storedChannel)),
  };
}

type Stored<T> = { readonly setting: Setting; readonly value: T };

function toRules(
  projectId: string,
  files: ProvisionedAlerts,
  stored: readonly Stored<AlertRule>[],
  budgets: readonly Stored<Budget>[],
): KnownRule[] {
  const rules = new Map<string, KnownRule>();
  const untouched = { changedAtMs: null, changedBy: '' };
  for (const rule of defaultRulesOf(projectId)) {
    rules.set(rule.id, { rule, origin: 'default', file: '', hash: hashOfRule(rule), ...untouched });
  }
  for (const { value: rule, setting } of stored) {
    const { changedAtMs, changedBy } = setting;
    const changed = { changedAtMs, changedBy };
    rules.set(rule.id, { rule, origin: 'api', file: '', hash: hashOfRule(rule), ...changed });
  }
  // Last: what files provide is what stands, whatever was set before the file came.
  for (const { rule, file } of files.rules) {
    rules.set(rule.id, { rule, origin: 'file', file, hash: hashOfRule(rule), ...untouched });
  }
  // Over everything: their ids are theirs, and they change with their budget alone.
  for (const { value, setting } of budgets) {
    const { changedAtMs, changedBy } = setting;
    for (const rule of toBudgetRules(value)) {
      const hash = hashOfRule(rule);
      rules.set(rule.id, { rule, origin: 'budget', file: '', hash, changedAtMs, changedBy });
    }
  }
  return [...rules.values()].toSorted((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
}

function toWord({ setting, value }: Stored<{ readonly by: string }>): [string, IncidentWord] {
  return [setting.key, { atMs: setting.changedAtMs, by: value.by }];
}

function toMuteTimings(
  files: ProvisionedAlerts,
  stored: readonly Stored<MuteTiming>[],
): MuteTiming[] {
  const all = [
    ...stored.map(({ value }) => value),
    ...files.muteTimings.map((one) => one.muteTiming),
  ];
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

function toChannels(
  files: ProvisionedAlerts,
  stored: readonly Stored<z.output<typeof storedChannel>>[],
): KnownChannel[] {
  const all: KnownChannel[] = [
    ...stored.map(({ value }) => Object.assign(value, { origin: 'api' as const })),
    ...files.channels.map(({ channel, sealedSecret, secretHost }) => ({
      channel,
      origin: 'file' as const,
      sealedSecret,
      secretHost,
    })),
  ];
  return [...new Map(all.map((one) => [one.channel.name, one])).values()];
}
