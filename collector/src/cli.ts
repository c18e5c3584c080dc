#!/usr/bin/env -S node --single-threaded-gc
/**
 * The program's entry. Nothing is imported before the Node version is known to be able to load it.
 * Bodies come and go by the megabyte beside a small heap; V8's helper threads take a third of the processor time for
 * collecting that, and the store needs the other core.
 */

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `orchescope: needs Node 22.15 or newer, and this is ${process.versions.node}. Install a current Node from https://nodejs.org.\n`,
  );
  process.exitCode = 1;
} else {
  const { runCommand } = await import('./cli/command.ts');
  process.exitCode = await runCommand(process.argv.slice(2), process.env);
}
