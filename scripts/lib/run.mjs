// Starts programs of this repository on the Node it pins (devDependency `node`), whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'node_modules', '.bin');

/** The pinned Node once it is installed, until then the one that runs this script. */
export function nodePath() {
  const pinned = join(bin, 'node');
  return existsSync(pinned) ? pinned : process.execPath;
}

export function toolEnv(extra = {}) {
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Resolves with the exit code; a program ended by a signal counts as 1. */
export function start(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: toolEnv(), ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
    options.onStart?.(child);
  });
}

/** @throws when the program fails, naming it */
export async function run(command, args, options = {}) {
  const code = await start(command, args, options);
  if (code !== 0) throw new StepError(`${[command, ...args].join(' ')} ended with code ${code}`);
}

/** A failed step whose own output has said it all: no stack needed. */
export class StepError extends Error {}

/** Runs a script's main function; a failed step ends it with one line. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    process.stderr.write(error instanceof StepError ? `${error.message}\n` : `${error.stack}\n`);
    process.exitCode = 1;
  }
}
