/**
 * A command in the process of the test. One of its own costs a second or two of processor time before it begins, so a
 * command has few tests of that kind, of its exit code and its streams, and all others here.
 */
import { vi } from 'vitest';
import { runCommand } from './command.ts';

export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** One at a time: both streams and the working directory are those of the process. */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = process.cwd(),
): Promise<Ran> {
  const before = process.cwd();
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const textOf = ({ mock }: typeof out): string =>
    mock.calls.map(([chunk]) => String(chunk)).join('');
  process.chdir(cwd);
  try {
    const code = await runCommand(args, env);
    return { code, stdout: textOf(out), stderr: textOf(err) };
  } finally {
    process.chdir(before);
    out.mockRestore();
    err.mockRestore();
  }
}
