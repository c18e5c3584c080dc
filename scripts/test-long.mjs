// `npm run test:long [vitest arguments]`: the torture tests at full length, one after the other. Takes about an hour.
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { main, nodePath, root, start } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  process.env.ORCHESCOPE_TEST_LONG = '1';
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  return start(nodePath(), [
    vitest,
    'run',
    '--no-file-parallelism',
    'collector/src/torture',
    ...process.argv.slice(2),
  ]);
});
