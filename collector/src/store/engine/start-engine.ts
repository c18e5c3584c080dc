/** One life of the engine process: forked, told what to open, and awaited until it answers. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StoreStartError } from '../store-start-error.ts';
import { isAlive, readOwner, toInUseError } from './data-dir.ts';
import type {
  EngineAddress,
  EngineFailureReason,
  EngineReport,
  EngineStart,
} from './engine-messages.ts';

export type EngineLife = { readonly child: ChildProcess; readonly address: EngineAddress };

export class EngineStartError extends StoreStartError {
  override readonly name = 'EngineStartError';
  readonly reason: EngineFailureReason;

  constructor(reason: EngineFailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** An engine that lost its parent closes within five seconds; a live owner may be on its way out too. */
const waitForDeadOwnerMs = 10_000;
const waitForLiveOwnerMs = 2_000;
const retryMs = 250;

/** The entry beside this file in source, and beside the bundle in dist. */
function findEntry(): string {
  const inSource = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
  return existsSync(inSource) ? inSource : fileURLToPath(new URL('./engine.js', import.meta.url));
}

/**
 * Waits a little for a directory whose owner is going away.
 * @throws DataDirectoryInUseError, EngineStartError
 */
export async function startEngine(
  dataDir: string,
  start: EngineStart,
  onOutput: (line: string) => void,
): Promise<EngineLife> {
  const startedAt = Date.now();
  for (;;) {
    try {
      return await forkEngine(dataDir, start, onOutput);
    } catch (error) {
      if (!(error instanceof EngineStartError) || error.reason !== 'in-use') throw error;
      const owner = readOwner(dataDir);
      const isHeld = owner !== null && isAlive(owner.parentPid);
      const limitMs = isHeld ? waitForLiveOwnerMs : waitForDeadOwnerMs;
      if (Date.now() - startedAt > limitMs) throw toInUseError(dataDir);
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

function forkEngine(
  dataDir: string,
  start: EngineStart,
  onOutput: (line: string) => void,
): Promise<EngineLife> {
  const child = fork(findEntry(), [], {
    cwd: dataDir,
    // The engine is no application to be instrumented or inspected with its parent.
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: '16' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let lastOutput = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastOutput = (lastOutput + text).slice(-2_000);
    onOutput(text.trim());
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const output = lastOutput.trim();
      reject(
        new EngineStartError('other', `The engine ended at start (${signal ?? code}) ${output}`),
      );
    });
    child.on('message', (report: EngineReport) => {
      if (report.type === 'ready') resolve({ child, address: report.address });
      else reject(toStartError(report.reason, report.message));
    });
    child.send(start);
  });
}

function toStartError(reason: EngineFailureReason, message: string): EngineStartError {
  if (reason === 'platform') {
    return new EngineStartError(
      reason,
      `The embedded ClickHouse does not run on this machine (${process.platform} ${process.arch}): ${message.split('\n')[0]} ` +
        'Set ORCHESCOPE_CLICKHOUSE_URL to a ClickHouse server instead.',
    );
  }
  return new EngineStartError(reason, message);
}
