// Bundles every subpath of package.json, as ES modules and as CommonJS, and lets tsc write the types beside them.
// `node sdk/build.mjs [folder]`; the folder is sdk/dist when left out.
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

const home = import.meta.dirname;
const source = (entry) => join(home, 'src', `${entry}.ts`);
const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));

/** `integrations/mcp`: where a subpath lies below src and below dist. `init` loads `node` by itself. */
const entries = Object.values(exports)
  .flatMap(({ import: file }) => (file ? [file.slice('./dist/'.length, -'.js'.length)] : []))
  .concat('node');

/** Loaded alone by whoever needs the words on the wire and nothing else. */
const standsAlone = source('attributes');

await build(process.argv[2] ?? join(home, 'dist'));

async function build(folder) {
  rmSync(folder, { recursive: true, force: true });
  const commonJs = join(folder, 'cjs');
  await Promise.all([
    bundle(folder, 'esm'),
    bundle(commonJs, 'cjs'),
    declare('tsconfig.build.json', folder),
    declare('tsconfig.cjs.json', commonJs),
  ]);
  writeFileSync(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n');
}

/** One build for all entries, so that what two of them import is one file and its state exists once. */
async function bundle(dir, format) {
  const input = Object.fromEntries(entries.map((entry) => [entry, source(entry)]));
  const builder = await rolldown({
    input,
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith(home),
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(`bundling the SDK: ${log.message}`);
    },
  });
  await builder.write({
    dir,
    format,
    exports: 'named',
    entryFileNames: '[name].js',
    // Flat, so that `init`, in whatever chunk it is, has `node.js` beside it.
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: {
      groups: [
        { name: 'words', test: (id) => id === standsAlone, priority: 1 },
        { debugName: 'core', name: createChunkNames() },
      ],
    },
  });
  await builder.close();
}

/** All that `@orchescope/sdk` itself imports is one file: reading forty costs more than running them. */
function createChunkNames() {
  const core = new Set();
  const visit = (id, graph) => {
    if (core.has(id)) return;
    core.add(id);
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) visit(imported, graph);
  };
  return (id, graph) => {
    visit(source('index'), graph);
    return core.has(id) ? 'core' : null;
  };
}

async function declare(project, outDir) {
  const tsc = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  const options = ['-p', join(home, project), '--outDir', outDir];
  await promisify(execFile)(process.execPath, [tsc, ...options]);
}
