import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toApiPage } from './api-page.ts';
import { toAttributesPage } from './attributes-page.ts';
import { readContract } from './contract-source.ts';
import { createDetectorPages } from './detector-pages.ts';
import { toSettingsPage } from './settings-page.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Path below the repository -> what the page must say. */
export function createPages(): ReadonlyMap<string, string> {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return new Map([
    ['docs/generated/attributes.md', toAttributesPage(read('sdk/src/attributes.ts'))],
    ['docs/generated/api.md', toApiPage(readContract(read))],
    ['docs/generated/settings.md', toSettingsPage()],
    ...createDetectorPages(read),
  ]);
}
