// `npm run build [room ...]`: builds what changed.
import { build } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  const rooms = process.argv.slice(2);
  await build(rooms.length > 0 ? rooms : undefined);
});
