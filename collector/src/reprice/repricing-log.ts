/** Every pricing again is written down, the ones too that only looked: what was paid must not change without a trace. */
import { randomUUID } from 'node:crypto';
import { repricing, type Repricing } from '../contract.ts';
import type { Reader } from '../store/read-rows.ts';
import { readSettings, writeSetting } from '../store/settings-log.ts';

export const repricingArea = 'repricings';

const mostListed = 200;

export type RepricingLog = {
  /** Answers what to call with how it stands; each takes the place of the one before. */
  readonly begin: (projectId: string) => (entry: Repricing) => Promise<void>;
  /** Newest first. */
  readonly list: (reader: Reader, projectId: string) => Promise<Repricing[]>;
};

export function createRepricingLog({ client }: Pick<Reader, 'client'>): RepricingLog {
  return {
    begin: (projectId) => {
      const key = randomUUID();
      let version = 0;
      return async (entry) => {
        version = Math.max(Date.now(), version + 1);
        const change = { projectId, area: repricingArea, key, value: entry, changedBy: entry.by };
        await writeSetting(client, change, version);
      };
    },
    list: async (reader, projectId) => {
      const settings = await readSettings(reader, projectId, repricingArea);
      return settings
        .flatMap(({ value }) => {
          const parsed = repricing.safeParse(value);
          return parsed.success ? [parsed.data] : [];
        })
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
        .slice(0, mostListed);
    },
  };
}
