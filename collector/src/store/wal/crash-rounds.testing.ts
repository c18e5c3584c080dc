/** Kills a committing process again and again, and says what became of what it had acknowledged. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StoreConfig } from '../start-store.ts';
import type { CrashChildReport, CrashChildStart } from './crash-child.testing.ts';

export type CrashOptions = {
  readonly store: StoreConfig;
  readonly folder: string;
  readonly project: string;
  readonly rounds: number;
  /** A kill comes at any moment from the first commit to so long after it. */
  readonly longestLifeMs: number;
};

/** The names of the commits that were acknowledged. */
export async function runCrashRounds(options: CrashOptions): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  for (let round = 0; round < options.rounds; round++) {
    await runOneLife(options, round, acknowledged);
  }
  return acknowledged;
}

function runOneLife(
  { store, folder, project, longestLifeMs }: CrashOptions,
  round: number,
  acknowledged: Set<string>,
): Promise<void> {
  const entry = fileURLToPath(new URL('./crash-child.testing.ts', import.meta.url));
  const child = fork(entry, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const start: CrashChildStart = { store, folder, project, round };
  child.send(start);
  return new Promise((resolve, reject) => {
    child.on('message', (message: CrashChildReport) => {
      if (message.type === 'acknowledged') acknowledged.add(message.commit);
      else setTimeout(() => child.kill('SIGKILL'), Math.random() * longestLifeMs);
    });
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve();
      else reject(new Error(`the process ended by itself with ${code ?? signal}`));
    });
  });
}

export type Verdict = {
  readonly lost: string[];
  /** Commits of which some rows are there and some are not. */
  readonly partial: string[];
  readonly twice: string[];
};

/** @param names as they lie in a table, repeats included */
export function judge(acknowledged: ReadonlySet<string>, names: readonly string[]): Verdict {
  const seen = new Map<string, number>();
  for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
  const rowsOf = new Map<string, number>();
  for (const name of seen.keys()) {
    const commit = name.slice(0, name.lastIndexOf('-'));
    rowsOf.set(commit, (rowsOf.get(commit) ?? 0) + 1);
  }
  return {
    lost: [...acknowledged].filter((commit) => !rowsOf.has(commit)),
    partial: [...rowsOf.keys()].filter((commit) => rowsOf.get(commit) !== toRows(commit)),
    twice: [...seen.keys()].filter((name) => seen.get(name) !== 1),
  };
}

/** Differs from commit to commit, so that a part of one is not taken for the whole of another. */
export function toRowCount(writer: number, count: number): number {
  return 1 + ((count * 37 + writer * 11) % 40);
}

function toRows(commit: string): number {
  const [, writer = 0, count = 0] = commit.split('-').map(Number);
  return toRowCount(writer, count);
}
