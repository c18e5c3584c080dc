// `npx node scripts/docs/generate.ts`: writes the reference pages from the doors they describe. Wants Node 22.18 or newer,
// which `npx node` is once the repository is installed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPages, root } from './pages.ts';

for (const [path, text] of createPages()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}
