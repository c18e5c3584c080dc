/** Commits to files that the kernel does not let grow, and says what was acknowledged and how often it was refused. */
import { openWal } from './open-wal.ts';
import { createBlocks } from './wal.testing.ts';

const [folder = '', project = ''] = process.argv.slice(2);
const refusalsWanted = 3;

const wal = await openWal({
  folder,
  insertNative: () => Promise.reject(new Error('nobody there')),
  log: () => undefined,
  minFreeBytes: 0,
  quietLingerMs: 60_000,
  closeLimitMs: 0,
});
const acknowledged: string[] = [];
let refusals = 0;
for (let at = 0; refusals < refusalsWanted; at++) {
  const name = `${at} ${'x'.repeat(1_000)}`;
  try {
    await wal.commit(createBlocks(project, [name]));
    acknowledged.push(name);
  } catch {
    refusals += 1;
    // The disk is left alone for a moment after an error.
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
await wal.close();
process.stdout.write(JSON.stringify(acknowledged));
