import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';

/** The version of a package that the program has, seen from its working directory or from its main file. */
export const appPackageVersion = (name: string): string | undefined => {
  for (const base of [join(process.cwd(), 'package.json'), process.argv[1]]) {
    const file = base === undefined ? undefined : findIn(name, base);
    if (file !== undefined)
      return String((JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }).version);
  }
  return undefined;
};

/** Node says "not found" by throwing, in some versions, and by nothing in others. */
const findIn = (name: string, base: string): string | undefined => {
  try {
    return findPackageJSON(name, base);
  } catch {
    return undefined;
  }
};
