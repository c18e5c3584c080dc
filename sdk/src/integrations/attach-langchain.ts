import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { safely } from '../safely.ts';
import { appPackageFile, findFrom, readManifest } from './app-package.ts';
import { textAt } from './json.ts';
import { hookLangchain, toLangchainContext } from './langchain-hooks.ts';
import { orchescope } from './langchain.ts';

/** In a strict node_modules the program sees the package it depends on alone; the core stands beside that one. */
const seenFrom = ['langchain', '@langchain/langgraph'] as const;

/** True when the program has LangChain. It is not loaded here: only once the program itself has. */
export const attachLangchain = (): boolean => {
  const core = findCore();
  if (core === undefined) return false;
  const copies = safely('reading LangChain', () => copiesOf(core), []);
  if (copies.length === 0) return false;
  const waiting = new Set(copies);
  // One handler for both copies: its name is what keeps it from standing beside one given by hand.
  let handler: ReturnType<typeof orchescope> | undefined;
  hookLangchain(
    () => (handler ??= orchescope()),
    () => [...waiting].flatMap((copy) => take(copy, waiting)),
  );
  return true;
};

const findCore = (): string | undefined => {
  const near = appPackageFile('@langchain/core');
  if (near !== undefined) return near;
  for (const name of seenFrom) {
    const file = appPackageFile(name);
    const core = file === undefined ? undefined : findFrom(realpathSync(file), '@langchain/core');
    if (core !== undefined) return core;
  }
  return undefined;
};

/** One of the two copies that a package of both kinds has. */
type Copy = {
  readonly kind: 'import' | 'require';
  readonly context: string;
  /** Loaded whenever anything of LangChain is. */
  readonly manager: string;
  triesLeft: number;
};

const copiesOf = (manifest: string): readonly Copy[] => {
  const { exports } = readManifest(manifest);
  const home = dirname(realpathSync(manifest));
  return (['import', 'require'] as const).flatMap((kind) => {
    const context = fileOf(exports, './context', kind);
    const manager = fileOf(exports, './callbacks/manager', kind);
    if (context === undefined || manager === undefined) return [];
    return [{ kind, context: join(home, context), manager: join(home, manager), triesLeft: 3 }];
  });
};

const fileOf = (exports: unknown, subpath: string, kind: Copy['kind']): string | undefined =>
  textAt(exports, subpath, kind, 'default') ?? textAt(exports, subpath, kind);

const appRequire = createRequire(join(process.cwd(), 'package.json'));

type Context = NonNullable<ReturnType<typeof toLangchainContext>>;

/** Whether Node has loaded an ES module it does not say, a CommonJS one it does. */
const take = (copy: Copy, waiting: Set<Copy>): readonly Context[] => {
  if (copy.kind === 'require' && appRequire.cache[copy.manager] === undefined) return [];
  // It may be on its way at this moment, which Node refuses to wait for.
  copy.triesLeft -= 1;
  const context = toLangchainContext(loaded(copy.context));
  if (context !== undefined || copy.triesLeft === 0) waiting.delete(copy);
  return context ? [context] : [];
};

const loaded = (file: string): unknown => {
  try {
    return appRequire(file);
  } catch {
    return undefined;
  }
};
