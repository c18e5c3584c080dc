// `npm run types`: every TypeScript file and every Svelte component.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { main, nodePath, root, run } from './lib/run.mjs';

await main(async () => {
  await build(['sdk']);
  for (const project of [
    'sdk',
    'collector',
    'collector/testdata/record',
    'examples',
    'bench',
    'scripts',
  ])
    await run('tsc', ['-p', project]);
  // It would still report errors of components that are gone.
  rmSync(join(root, 'dashboard/.svelte-check'), { recursive: true, force: true });
  await run(
    nodePath(),
    [
      join(root, 'dashboard/node_modules/.bin/svelte-check'),
      '--tsgo',
      '--fail-on-warnings',
      '--output',
      'human',
    ],
    {
      cwd: join(root, 'dashboard'),
    },
  );
});
