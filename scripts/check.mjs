// `npm run check [--without-tests]`: all that must hold before a change is merged, in the order of what fails fastest.
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, nodePath, root, run } from './lib/run.mjs';

const withoutTests = process.argv.includes('--without-tests');

await main(async () => {
  await ensureInstalled();
  await step('format', () => run('oxfmt', ['--check', '.']));
  await step('lint and import table', () => run('oxlint', ['--deny-warnings']));
  await step('types', () => run(nodePath(), ['scripts/types.mjs']));
  await build();
  await step('dead code and dependencies', () => run('knip', []));
  await step('package: publint', async () => {
    await run('publint', ['--strict', 'sdk']);
    await run('publint', ['--strict', 'collector']);
  });
  await step('package: types resolve from ESM and CommonJS', () =>
    run('attw', ['--pack', '.', '--profile', 'node16'], { cwd: join(root, 'sdk') }),
  );
  if (!withoutTests) await step('tests', () => run(nodePath(), ['scripts/test.mjs']));
});

async function step(name, work) {
  console.log(`\n== ${name}`);
  await work();
}
