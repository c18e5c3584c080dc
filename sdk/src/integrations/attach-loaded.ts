import { subscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { safely } from '../safely.ts';
import { appPackageVersion } from './app-package.ts';

type Attach = (exports: object) => void;

/**
 * Calls `attach` with what a CommonJS package exports, once the program has loaded it and before the program sees it;
 * nothing is loaded that the program does not load. Node tells of every `require` and of CommonJS that is imported.
 * True when the program has the package. `attach` may be called for several copies, and more than once for each.
 */
export const attachWhenLoaded = (name: string, attach: Attach): boolean => {
  if (appPackageVersion(name) === undefined) return false;
  const told = (id: string, exports: unknown): void => {
    if (isOf(name, id) && typeof exports === 'object' && exports !== null)
      safely(`attaching ${name}`, () => attach(exports));
  };
  for (const [id, module] of Object.entries(loadedByNow())) told(id, module?.exports);
  subscribe('tracing:module.require:end', (message) => {
    const { id, result } = message as { id?: unknown; result?: unknown };
    told(String(id), result);
  });
  return true;
};

const loadedByNow = (): NodeJS.Dict<NodeJS.Module> =>
  createRequire(join(process.cwd(), 'package.json')).cache;

/** By its name as a program requires it, or by its file. */
const isOf = (name: string, id: string): boolean =>
  id === name ||
  id.startsWith(`${name}/`) ||
  id.replaceAll('\\', '/').includes(`/node_modules/${name}/`);
