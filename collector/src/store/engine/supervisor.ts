/** Keeps one engine process running behind one address, restarts it when it dies, and takes it along when it goes. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailableError } from '../store.ts';
import { prepareDataDir } from './data-dir.ts';
import type { EngineAddress, EngineStart } from './engine-messages.ts';
import { type EngineLife, startEngine } from './start-engine.ts';

export type EngineOptions = {
  readonly dataDir: string;
  readonly database: string;
  readonly memoryLimitBytes: number;
  /** `socket` in production. `port` is a loopback port, so that tests can use the engine as the server it imitates. */
  readonly listen: 'socket' | 'port';
};

export type Engine = {
  readonly address: EngineAddress;
  readonly username: string;
  readonly password: string;
  /** A folder of ours with a plain name, gone with the engine. */
  readonly temporaryDir: string;
  /** Null while it is being restarted and after close. */
  readonly pid: () => number | null;
  /** Resolves when the engine answers; rejects with StoreUnavailableError after `limitMs` or when it was closed. */
  readonly whenUp: (limitMs: number) => Promise<void>;
  /** Cancels what runs, closes the engine within a bounded time, removes the socket. */
  readonly close: () => Promise<void>;
};

export type EngineLog = (message: string, fields?: Record<string, unknown>) => void;

const username = 'orchescope';
/** Longer than the engine gives itself. */
const closeLimitMs = 8_000;
const firstBackoffMs = 50;
const longestBackoffMs = 10_000;
/** An engine that ran this long had no trouble starting: the next restart is quick again. */
const settledMs = 30_000;
/** Room in a socket address on every system we run on, with its file name. */
const longestSocketDir = 80;

type State =
  | { readonly name: 'up'; readonly life: EngineLife }
  | { readonly name: 'down' }
  | { readonly name: 'closed' };

/** Resolves when the engine answers. @throws DataDirectoryError, DataDirectoryInUseError, EngineStartError */
export async function superviseEngine(options: EngineOptions, log: EngineLog): Promise<Engine> {
  prepareDataDir(options.dataDir);
  const temporaryDir = await mkdtemp(join(chooseTemporaryRoot(), 'orchescope-'));
  const password = randomBytes(32).toString('base64url');
  const waiting = new Set<() => void>();
  let state: State = { name: 'down' };
  let listen: EngineAddress =
    options.listen === 'socket'
      ? { socketPath: join(temporaryDir, 'engine') }
      : { host: '127.0.0.1', port: 0 };
  let backoffMs = firstBackoffMs;
  let restartTimer: NodeJS.Timeout | undefined;

  const enter = (next: State): void => {
    state = next;
    for (const wake of waiting) wake();
  };

  const boot = async (): Promise<void> => {
    const { database, memoryLimitBytes } = options;
    const start: EngineStart = {
      type: 'start',
      database,
      memoryLimitBytes,
      listen,
      username,
      password,
      temporaryDir,
    };
    const life = await startEngine(options.dataDir, start, (output) =>
      log('engine output', { output }),
    );
    // The port it chose is kept, so that clients need not change.
    listen = life.address;
    const startedAt = Date.now();
    life.child.once('exit', (code, signal) => {
      if (state.name === 'closed') return;
      if (Date.now() - startedAt > settledMs) backoffMs = firstBackoffMs;
      log('engine died, restarting it', { pid: life.child.pid, exit: signal ?? code, backoffMs });
      enter({ name: 'down' });
      restartLater();
    });
    if (state.name === 'closed') await stop(life);
    else enter({ name: 'up', life });
  };

  const restartLater = (): void => {
    restartTimer = setTimeout(() => {
      boot().catch((error: unknown) => {
        log('engine did not start, trying again', { error, backoffMs });
        if (state.name !== 'closed') restartLater();
      });
    }, backoffMs);
    backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
  };

  try {
    await boot();
  } catch (error) {
    await rm(temporaryDir, { recursive: true, force: true });
    throw error;
  }
  return {
    address: listen,
    username,
    password,
    temporaryDir,
    pid: () => (state.name === 'up' ? (state.life.child.pid ?? null) : null),
    whenUp: (limitMs) => waitUntil(() => state, waiting, limitMs),
    close: async () => {
      const last = state;
      clearTimeout(restartTimer);
      enter({ name: 'closed' });
      if (last.name === 'up') await stop(last.life);
      await rm(temporaryDir, { recursive: true, force: true });
    },
  };
}

function waitUntil(read: () => State, waiting: Set<() => void>, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null): void => {
      clearTimeout(timer);
      waiting.delete(look);
      if (error === null) resolve();
      else reject(error);
    };
    const look = (): void => {
      const { name } = read();
      if (name === 'up') settle(null);
      if (name === 'closed') settle(new StoreUnavailableError('The store is closed.'));
    };
    const timer = setTimeout(() => {
      settle(new StoreUnavailableError('The embedded store is restarting; try again in a moment.'));
    }, limitMs);
    waiting.add(look);
    look();
  });
}

async function stop({ child }: EngineLife): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const giveUp = setTimeout(() => child.kill('SIGKILL'), closeLimitMs);
  child.send({ type: 'close' }, () => undefined);
  await exited;
  clearTimeout(giveUp);
}

/** A socket's path is limited to about 100 bytes, and the engine takes `*`, `?` and braces in a path for patterns. */
function chooseTemporaryRoot(): string {
  const root = tmpdir();
  return root.length > longestSocketDir || /[*?{}[\]]/.test(root) ? '/tmp' : root;
}
