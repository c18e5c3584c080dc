// `npm run demo`: a day of believable traffic for a running collector.
import { build } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main, nodePath, start } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  await build(['sdk']);
  return start(nodePath(), ['examples/demo/main.ts', ...process.argv.slice(2)]);
});
