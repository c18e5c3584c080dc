/** Which files were written of what: kept in the store, so that a day is written again when its calls changed. */
import { z } from 'zod';
import type { Reader } from '../../store/read-rows.ts';
import { readSettings, writeSetting } from '../../store/settings-log.ts';

const area = 'cost_exports';

const writtenFile = z.object({
  /** Where to: another place has none of the files. */
  place: z.string(),
  /** Of the runs that the calls are of. */
  fingerprint: z.string(),
  /** Of the file. */
  sha256: z.string(),
  calls: z.number(),
});
export type WrittenFile = z.infer<typeof writtenFile>;

/** By name, as they were written last. */
export async function readWrittenFiles(
  reader: Reader,
  projectId: string,
): Promise<ReadonlyMap<string, WrittenFile>> {
  const settings = await readSettings(reader, projectId, area);
  return new Map(
    settings.flatMap(({ key, value }) => {
      const parsed = writtenFile.safeParse(value);
      return parsed.success ? [[key, parsed.data] as const] : [];
    }),
  );
}

export async function writeWrittenFile(
  client: Reader['client'],
  projectId: string,
  name: string,
  value: WrittenFile,
): Promise<void> {
  const change = { projectId, area, key: name, value, changedBy: 'schedule' };
  await writeSetting(client, change, Date.now());
}
