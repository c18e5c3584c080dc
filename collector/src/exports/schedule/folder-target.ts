import { randomUUID } from 'node:crypto';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ExportFailed, type ExportTarget } from './target.ts';

/** @param folder absolute; made when it is not there */
export function createFolderTarget(folder: string): ExportTarget {
  return {
    place: folder,
    has: (name) =>
      access(join(folder, name)).then(
        () => true,
        () => false,
      ),
    put: async (name, body) => {
      try {
        await write(join(folder, name), body);
      } catch (cause) {
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
        throw new ExportFailed(`${name} could not be written into ${folder} (${code}).`, { cause });
      }
    },
  };
}

/** Nobody who looks for the name ever sees a part of the file. */
async function write(path: string, body: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
