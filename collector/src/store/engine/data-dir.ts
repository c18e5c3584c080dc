/** The data directory: that it can be written, and who has it open. */
import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirectoryError, DataDirectoryInUseError } from './data-directory-error.ts';

/** For the message only: the lock itself is the engine's, and the kernel gives it back when the engine dies. */
const ownerFile = 'engine.pid';

export type DataDirOwner = { readonly enginePid: number; readonly parentPid: number };

/** @throws DataDirectoryError with a sentence for the operator */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new DataDirectoryError(
      `Cannot write to the data directory ${dataDir} (${toReason(cause)}). ` +
        'Set ORCHESCOPE_DATA_DIR to a directory this user may write to.',
      { cause },
    );
  }
}

function toReason(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}

/** Called by the engine once it holds the lock. */
export function writeOwner(dataDir: string): void {
  writeFileSync(join(dataDir, ownerFile), `${process.pid} ${process.ppid}\n`);
}

export function removeOwner(dataDir: string): void {
  rmSync(join(dataDir, ownerFile), { force: true });
}

export function readOwner(dataDir: string): DataDirOwner | null {
  try {
    const [enginePid, parentPid] = readFileSync(join(dataDir, ownerFile), 'utf8')
      .split(' ')
      .map(Number);
    if (enginePid === undefined || parentPid === undefined) return null;
    return { enginePid, parentPid };
  } catch {
    return null; // Written before by nobody, or removed just now.
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export function toInUseError(dataDir: string): DataDirectoryInUseError {
  const owner = readOwner(dataDir);
  const who =
    owner === null
      ? 'another process'
      : `another Orchescope, process ${owner.parentPid} (its engine is process ${owner.enginePid})`;
  return new DataDirectoryInUseError(
    `The data directory ${dataDir} is in use by ${who}. ` +
      'Stop that one first, or set ORCHESCOPE_DATA_DIR to a directory of its own for this one.',
  );
}
