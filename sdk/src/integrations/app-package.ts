import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';

/** The version of a package that the program has. */
export const appPackageVersion = (name: string): string | undefined => {
  const file = appPackageFile(name);
  return file === undefined ? undefined : String(readManifest(file)['version']);
};

/** The package.json of a package that the program has, seen from its working directory or from its main file. */
export const appPackageFile = (name: string): string | undefined =>
  findFrom(join(process.cwd(), 'package.json'), name) ?? findFrom(process.argv[1], name);

export const readManifest = (file: string): { readonly [member: string]: unknown } =>
  JSON.parse(readFileSync(file, 'utf8')) as { readonly [member: string]: unknown };

/** Node says "not found" by throwing, in some versions, and by nothing in others. */
export const findFrom = (base: string | undefined, name: string): string | undefined => {
  try {
    return base === undefined ? undefined : findPackageJSON(name, base);
  } catch {
    return undefined;
  }
};
