/**
 * Entry of the engine process: owns the embedded ClickHouse on its main thread (it hangs in worker threads), answers
 * ClickHouse's HTTP interface, and never outlives its parent.
 */
import { mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { removeOwner, writeOwner } from './data-dir.ts';
import type { EngineAddress, EngineReport, EngineStart } from './engine-messages.ts';
import { createHttpInterface } from './http-interface.ts';
import { type Chdb, type SessionPool, openSessionPool } from './session-pool.ts';
import { openSpool } from './spool.ts';
import { quoteIdentifier } from './statements.ts';

/** Names inside the data directory, which is the working directory of this process. */
const enginePath = 'clickhouse';
const spoolPath = 'spool';
/** A clean close takes milliseconds; this is for the day it does not. */
const closeLimitMs = 5_000;

if (!isMainThread) throw new Error('The engine must own the main thread of a process of its own');

// Whoever started us decides when to stop: on Ctrl-C the whole group gets the signal, and the parent still has spans to write.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);

/** How to leave; nothing to close before the engine is open. */
let leave = die;

process.once('message', (start: EngineStart) => {
  process.once('disconnect', () => {
    // The parent is gone and cannot do it.
    rmSync(start.temporaryDir, { recursive: true, force: true });
    leave();
  });
  process.on('message', () => leave());
  boot(start).catch((error: unknown) => reportFailure(error));
});

async function boot(start: EngineStart): Promise<void> {
  const chdb = await loadChdb();
  mkdirSync(enginePath, { recursive: true });
  const { memoryLimitBytes, temporaryDir } = start;
  const settingsPath = join(temporaryDir, 'engine.xml');
  const sessions = await openSessionPool(chdb, {
    path: enginePath,
    memoryLimitBytes,
    settingsPath,
  });
  writeOwner('.');
  await createDatabase(sessions, start.database);
  const spool = await openSpool(spoolPath, join(start.temporaryDir, spoolPath));
  const server = createHttpInterface({ ...start, sessions, spool });
  const address = await listen(server, start.listen);
  leave = createClose(server, sessions);
  report({ type: 'ready', address });
}

class PlatformError extends Error {}

async function loadChdb(): Promise<Chdb> {
  try {
    return await import('chdb');
  } catch (error) {
    throw new PlatformError(error instanceof Error ? error.message : String(error));
  }
}

function report(message: EngineReport, sent: () => void = () => undefined): void {
  process.send?.(message, sent);
}

function reportFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const reason = error instanceof PlatformError ? 'platform' : 'other';
  report({ type: 'failed', reason, message }, die);
}

async function createDatabase(sessions: SessionPool, database: string): Promise<void> {
  const { signal } = new AbortController();
  await sessions.run({ lane: 'control', prepare: [], signal }, async (session) => {
    await session.queryAsync(
      `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)} ENGINE = Atomic`,
      { format: 'Null' },
    );
  });
}

function listen(server: Server, address: EngineAddress): Promise<EngineAddress> {
  // An engine that was killed leaves its socket behind; the directory is ours alone.
  if ('socketPath' in address) rmSync(address.socketPath, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen('socketPath' in address ? { path: address.socketPath } : address, () => {
      const port = (server.address() as AddressInfo).port;
      resolve('socketPath' in address ? address : { ...address, port });
    });
  });
}

function createClose(server: Server, sessions: SessionPool): () => void {
  let closing = false;
  return () => {
    if (closing) return;
    closing = true;
    setTimeout(die, closeLimitMs);
    server.close();
    server.closeAllConnections();
    sessions
      .close()
      .then(() => removeOwner('.'))
      .then(die, die);
  };
}

/** Not process.exit(): with a query still running the engine's exit handlers could wait for it. All that was acknowledged is on disk. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
