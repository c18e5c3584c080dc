// `npm run dev`: the collector from source, restarted on change, and the dashboard with hot reload.
import { build } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { join } from 'node:path';
import { main, nodePath, root, start } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  await build(['sdk']);
  const children = [];
  const onStart = (child) => children.push(child);
  const stop = () => children.forEach((child) => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
  const collector = start(
    nodePath(),
    ['--watch', '--watch-preserve-output', 'collector/src/cli.ts', 'serve'],
    { onStart },
  );
  const dashboard = start(nodePath(), [join(root, 'node_modules/vite/bin/vite.js')], {
    cwd: join(root, 'dashboard'),
    onStart,
  });
  const code = await Promise.race([collector, dashboard]);
  stop();
  return code;
});
