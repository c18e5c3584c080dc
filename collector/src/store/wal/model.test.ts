/** Any sequence of commits, faults and crashes ends with exactly what was acknowledged in the tables. */
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InsertNative } from '../opened-client.ts';
import { startTestStore, type TestStore } from '../testing.ts';
import { createFailingFiles, type DiskFault, type FailingFiles } from './failing-files.testing.ts';
import type { Wal } from './open-wal.ts';
import { createBlocks, createFolder, openTestWal, readNames, removeFolder } from './wal.testing.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
  // Merges would hide what is there twice.
  for (const table of ['spans', 'content']) {
    await opened.store.client.command({ query: `SYSTEM STOP MERGES ${table}` });
  }
});
afterAll(() => opened.close());

type Step =
  | { readonly do: 'commit'; readonly sizes: readonly number[] }
  | { readonly do: 'seal' }
  | { readonly do: 'disk'; readonly fault: DiskFault }
  | { readonly do: 'store'; readonly way: 'up' | 'away' | 'answers get lost' }
  | { readonly do: 'crash' }
  | { readonly do: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'seal' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('disk' as const),
      fault: fc.constantFrom<DiskFault[]>(
        'none',
        'none',
        'write',
        'half a write',
        'sync',
        'create',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('store' as const),
      way: fc.constantFrom(
        'up' as const,
        'up' as const,
        'away' as const,
        'answers get lost' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

type World = {
  readonly project: string;
  readonly files: FailingFiles;
  readonly acknowledged: string[];
  readonly folders: string[];
  way: 'up' | 'away' | 'answers get lost';
  wal: Wal;
  commits: number;
};

let worlds = 0;

async function createWorld(): Promise<World> {
  const files = createFailingFiles();
  const folder = await createFolder();
  const project = `model-${(worlds += 1)}`;
  const world: Omit<World, 'wal'> = {
    project,
    files,
    acknowledged: [],
    folders: [folder],
    way: 'up',
    commits: 0,
  };
  return Object.assign(world, { wal: await openIn(world, folder) });
}

function openIn(world: Omit<World, 'wal'>, folder: string): Promise<Wal> {
  const insertNative: InsertNative = async (file, signal) => {
    if (world.way === 'away') throw new Error('nobody there');
    await opened.store.insertNative(file, signal);
    if (world.way === 'answers get lost') throw new Error('the answer was lost');
  };
  const { files } = world;
  const options = { files, quietLingerMs: 1, maxSegmentBytes: 4_000, closeLimitMs: 0 };
  return openTestWal({ insertNative }, folder, options);
}

async function run(world: World, step: Step): Promise<void> {
  if (step.do === 'commit') await commit(world, step.sizes);
  if (step.do === 'disk') world.files.fault = step.fault;
  if (step.do === 'store') world.way = step.way;
  if (step.do === 'seal' && world.way === 'up') await world.wal.settled();
  if (step.do === 'restart') await restart(world);
  if (step.do === 'crash') await crash(world);
}

/** Several at once; each is acknowledged or refused for itself. */
async function commit(world: World, sizes: readonly number[]): Promise<void> {
  await Promise.all(
    sizes.map(async (size) => {
      const number = (world.commits += 1);
      const names = Array.from({ length: size }, (_, row) => `${number}-${row}`);
      try {
        await world.wal.commit(createBlocks(world.project, names));
      } catch {
        return; // Refused: none of it may be found.
      }
      world.acknowledged.push(...names);
    }),
  );
}

async function restart(world: World): Promise<void> {
  await world.wal.close();
  world.wal = await openIn(world, world.folders.at(-1) ?? '');
}

/** The folder as it lies there at this moment is all that the next process gets; an insert under way runs on. */
async function crash(world: World): Promise<void> {
  const folder = await createFolder();
  await copyFiles(world.folders.at(-1) ?? '', folder);
  const { way } = world;
  world.way = 'away';
  const dead = world.wal.close();
  world.folders.push(folder);
  world.way = way;
  world.wal = await openIn(world, folder);
  await dead;
}

/** A segment loses its index first when it goes: copied last, an index has its data. */
async function copyFiles(from: string, to: string): Promise<void> {
  const names = (await readdir(from)).filter((name) => /\.(index|native)$/.test(name));
  const isIndex = (name: string): boolean => name.endsWith('.index');
  for (const name of [...names.filter((one) => !isIndex(one)), ...names.filter(isIndex)]) {
    await copyFile(join(from, name), join(to, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

test('any sequence of commits, faults and crashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const world = await createWorld();
      for (const one of steps) await run(world, one);
      world.files.fault = 'none';
      world.way = 'up';
      await crash(world);
      await world.wal.settled();
      const { spans, content } = await readNames(opened.store, world.project);
      const acknowledged = world.acknowledged.toSorted();
      expect(spans.toSorted()).toEqual(acknowledged);
      expect(content.toSorted()).toEqual(acknowledged);
      expect(world.wal.status()).toMatchObject({ damagedCommits: 0, waitingRows: 0 });
      expect(world.files.writesAfterFailedSync()).toBe(0);
      await world.wal.close();
      for (const folder of world.folders) await removeFolder(folder);
    }),
    { numRuns: process.env['ORCHESCOPE_LONG'] === '1' ? 200 : 12 },
  );
}, 600_000);
