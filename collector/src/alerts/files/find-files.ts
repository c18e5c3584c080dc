/** The files of a folder, or one file. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenFile } from './check-alert-files.ts';
import { AlertFilesError } from './file-problem.ts';
import { mostBytes } from './read-yaml.ts';

const mostFiles = 500;

/**
 * By name. Hidden files are left out, and so are tests of rules, which stand beside what they test.
 * @throws AlertFilesError when there is nothing that can be read
 */
export function findFiles(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter(isOfRules).toSorted();
    if (names.length <= mostFiles) return names.map((name) => join(path, name));
  } catch (cause) {
    throw unreadable(path, cause);
  }
  throw new AlertFilesError(`${path}: a folder has at most ${mostFiles} files of alerts.`);
}

/** @throws AlertFilesError */
export function readWritten(file: string): WrittenFile {
  try {
    // A file that is far too large is not even read.
    if (statSync(file).size <= mostBytes) return { file, text: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw unreadable(file, cause);
  }
  throw new AlertFilesError(`${file}: keep a file below one mebibyte.`);
}

function isOfRules(name: string): boolean {
  return /^[^.].*\.ya?ml$/.test(name) && !isOfTests(name);
}

export function isOfTests(name: string): boolean {
  return /\.test\.ya?ml$/.test(name);
}

function unreadable(path: string, cause: unknown): AlertFilesError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AlertFilesError(`${path}: it cannot be read: ${why}.`, { cause });
}
