// Builds the rooms whose sources changed since their last build, in the order a span walks.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { precompress } from './precompress.mjs';
import { nodePath, root, run } from './run.mjs';

const rooms = [
  {
    name: 'sdk',
    inputs: [
      'sdk/src',
      'sdk/build.mjs',
      'sdk/package.json',
      'sdk/tsconfig.build.json',
      'sdk/tsconfig.cjs.json',
      'tsconfig.json',
    ],
    output: 'sdk/dist/index.js',
    build: () => run(nodePath(), ['sdk/build.mjs']),
  },
  {
    name: 'dashboard',
    inputs: [
      'dashboard/src',
      'dashboard/public',
      'dashboard/index.html',
      'dashboard/package.json',
      'dashboard/vite.config.ts',
      'docs/detectors',
      'collector/src/contract.ts',
      'collector/src/contract',
    ],
    output: 'dashboard/dist/index.html',
    build: buildDashboard,
  },
  {
    name: 'collector',
    inputs: [
      'collector/src',
      'collector/package.json',
      'collector/rolldown.config.mjs',
      'sdk/src/attributes.ts',
      'dashboard/dist/index.html',
    ],
    output: 'collector/dist/cli.js',
    build: buildCollector,
  },
];

/** @param only names of the rooms wanted; all when left out */
export async function build(only = rooms.map((room) => room.name)) {
  for (const room of rooms.filter(({ name }) => only.includes(name))) {
    const stamp = join(root, '.cache', `built-${room.name}`);
    const wanted = fingerprint([...room.inputs, 'package-lock.json', 'scripts/lib']);
    if (
      existsSync(join(root, room.output)) &&
      existsSync(stamp) &&
      readFileSync(stamp, 'utf8') === wanted
    )
      continue;
    console.log(`Building ${room.name} ...`);
    await room.build();
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(stamp, wanted);
  }
}

async function buildDashboard() {
  await run(
    nodePath(),
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: join(root, 'dashboard') },
  );
  precompress(join(root, 'dashboard/dist'));
}

async function buildCollector() {
  const dist = join(root, 'collector/dist');
  rmSync(dist, { recursive: true, force: true });
  await run('rolldown', ['-c', 'rolldown.config.mjs'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: join(root, 'collector'),
  });
  cpSync(join(root, 'collector/src/store/sql'), join(dist, 'sql'), { recursive: true });
  cpSync(join(root, 'dashboard/dist'), join(dist, 'dashboard'), { recursive: true });
}

/** Changes when a file below `paths` is added, removed, or written again. */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) addToHash(hash, path);
  return hash.digest('hex');
}

function addToHash(hash, path) {
  const full = join(root, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat === undefined) return hash.update(`${path} missing\n`);
  if (!stat.isDirectory()) return hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  for (const entry of readdirSync(full).toSorted()) addToHash(hash, join(path, entry));
}
