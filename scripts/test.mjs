// `npm test [vitest arguments]`: install what is missing, build, run every test; fails when none ran or one was skipped.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, nodePath, root, start, toolEnv } from './lib/run.mjs';

const report = join(root, '.cache', 'tests.json');

await main(async () => {
  await ensureInstalled();
  await ensureChromium();
  await build();
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const code = await start(
    nodePath(),
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    // Hundreds of processes load the same sources: each is compiled once.
    { env: toolEnv({ NODE_COMPILE_CACHE: join(root, '.cache', 'compiled') }) },
  );
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
  } = JSON.parse(readFileSync(report, 'utf8'));
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (passed === 0) console.error('No test ran.');
  if (skipped > 0) console.error('A skipped test proves nothing: run it or remove it.');
  return code !== 0 || passed === 0 || skipped > 0 ? 1 : 0;
});
