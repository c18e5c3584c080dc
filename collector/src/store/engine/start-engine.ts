/** One life of the engine process: forked, told what to open, and awaited until it answers. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { StoreStartError } from '../store-start-error.ts';
import { isAlive, readOwner, toInUseError } from './data-dir.ts';
import type { EngineAddress, EngineReport, EngineStart } from './engine-messages.ts';

export type EngineLife = { readonly child: ChildProcess; readonly address: EngineAddress };

export type EngineStartFault = 'in-use' | 'platform' | 'other';

export class EngineStartError extends StoreStartError {
  override readonly name = 'EngineStartError';
  /** `in-use`: another engine has the directory open. `platform`: there is no engine for this machine. */
  readonly reason: EngineStartFault;

  constructor(reason: EngineStartFault, message: string) {
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
    // The engine is no application to be instrumented, inspected or watched with its parent.
    execArgv: [],
    env: engineEnv(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  giveWay(child);
  return new Promise((resolve, reject) => {
    // What the engine says while it starts is part of the error, if there is one; it says why a lock was refused here only.
    let output = '';
    let failure: FailedReport | null = null;
    let isUp = false;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (isUp) onOutput(text.trim());
      else output = (output + text).slice(-2_000);
    });
    child.on('error', reject);
    child.on('message', (report: EngineReport) => {
      if (report.type === 'failed') failure = report;
      else {
        isUp = true;
        resolve({ child, address: report.address });
      }
    });
    child.once('close', (code, signal) => {
      const ended: FailedReport = {
        type: 'failed',
        reason: 'other',
        message: `it ended with ${signal ?? code}`,
      };
      reject(toStartError(failure ?? ended, output.trim(), dataDir));
    });
    child.send(start);
  });
}

/** What a merge or an insert held goes back to the system after half a second, not five: the next may need it elsewhere. */
const memoryEnv = { JE_MALLOC_CONF: 'dirty_decay_ms:500' };

function engineEnv(): NodeJS.ProcessEnv {
  // Under `node --watch` a child would report its files over our channel, before its first word to us.
  const { WATCH_REPORT_DEPENDENCIES: _, ...env } = process.env;
  return { ...env, NODE_OPTIONS: '', UV_THREADPOOL_SIZE: '16', ...memoryEnv };
}

/** Below its parent's priority, where the answers come from: merges and inserts may take every core there is. */
const engineNice = 5;

/** Before it has threads: they inherit it. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, engineNice);
  } catch {
    return; // It ended already, or the system does not let us: an answer may wait a little longer.
  }
}

type FailedReport = Extract<EngineReport, { type: 'failed' }>;

function toStartError(report: FailedReport, output: string, dataDir: string): EngineStartError {
  const why = firstLine(output === '' ? report.message : output);
  if (report.reason === 'platform') {
    return new EngineStartError(
      'platform',
      `The embedded ClickHouse does not run on this machine (${process.platform} ${process.arch}): ${firstLine(report.message)} ` +
        'Set ORCHESCOPE_CLICKHOUSE_URL to a ClickHouse server instead.',
    );
  }
  return new EngineStartError(
    lockRefused.test(output) ? 'in-use' : 'other',
    `The embedded ClickHouse did not start in ${dataDir}: ${why}`,
  );
}

const lockRefused = /Cannot lock file .*status/;

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
