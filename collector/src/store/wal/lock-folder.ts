/**
 * One process a folder. The lock is a socket in the folder on which its owner listens: the kernel takes it back when the
 * owner dies, and it is seen from every container that shares the folder.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineLog } from '../engine/supervisor.ts';
import { StoreStartError } from '../store-start-error.ts';

/** An owner that was told to stop needs a moment. */
const patienceMs = 2_000;
const retryMs = 100;
const isLock = (name: string): boolean => /^lock-[0-9a-f]{12}$/.test(name);

export type FolderLock = { readonly release: () => Promise<void> };

/** @throws StoreStartError when another process has the folder */
export async function lockFolder(folder: string, warn: EngineLog): Promise<FolderLock> {
  // An address of a socket is at most about a hundred bytes, the name of the folder is as long as its operator likes.
  const short = await mkdtemp(join(tmpdir().length > 60 ? '/tmp' : tmpdir(), 'orchescope-'));
  const alias = join(short, 'wal');
  await symlink(folder, alias);
  try {
    return await lockThrough(alias, folder);
  } catch (error) {
    if (!isWithoutSockets(error)) throw error;
    warn('this file system has no sockets: nothing keeps two processes from using one log', {
      folder,
    });
    return { release: async () => undefined };
  } finally {
    await rm(short, { recursive: true });
  }
}

async function lockThrough(alias: string, folder: string): Promise<FolderLock> {
  const startedAt = Date.now();
  for (;;) {
    const lock = await tryLock(alias, folder);
    if (lock !== null) return lock;
    if (Date.now() - startedAt > patienceMs) {
      throw new StoreStartError(
        `The write-ahead log ${folder} is in use by another Orchescope. ` +
          'Stop that one first, or set ORCHESCOPE_DATA_DIR to a directory of its own for this one.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs * (1 + Math.random())));
  }
}

/**
 * Listens first and looks for others afterwards, and gives way when there is one: of two that come at the same time at
 * least one sees the other, whatever the order of their steps.
 */
async function tryLock(alias: string, folder: string): Promise<FolderLock | null> {
  const name = `lock-${randomBytes(6).toString('hex')}`;
  const server = await listen(join(alias, name));
  const release = async (): Promise<void> => {
    await new Promise((resolve) => server.close(resolve));
    await rm(join(folder, name), { force: true });
  };
  const others = (await readdir(folder)).filter((other) => isLock(other) && other !== name);
  for (const other of others) {
    if (await answers(join(alias, other))) {
      await release();
      return null;
    }
  }
  for (const other of others) await rm(join(folder, other), { force: true });
  return { release };
}

/** Some folders shared with a virtual machine. */
function isWithoutSockets(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'ENOSYS'].includes(code);
}

function listen(path: string): Promise<net.Server> {
  const server = net.createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new StoreStartError(`Cannot lock the write-ahead log at ${path}.`, { cause }));
    });
    server.listen({ path }, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Refused, or gone meanwhile. A queue that is full would be a live owner.
    socket.once('error', (error) => resolve('code' in error && error.code === 'EAGAIN'));
  });
}
