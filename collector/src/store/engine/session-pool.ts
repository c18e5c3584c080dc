/**
 * Sessions of one engine. Every statement gets a Session of its own, opened for it and closed after it (0.2 ms):
 * a failed query leaves partial rows in its Session and the next result would begin with them, settings and
 * parameters stay in it too, so none is ever used twice.
 */
import type { Session } from 'chdb';
import { randomUUID } from 'node:crypto';
import { createLane, type Lane } from './lane.ts';
import { RefusedError } from './engine-errors.ts';
import { writeEngineSettings } from './engine-settings.ts';
import { quoteLiteral } from './statements.ts';

export type Chdb = Pick<typeof import('chdb'), 'Session' | 'drainPending'>;

export type LaneName = 'read' | 'write' | 'control';

export type SessionPool = {
  /**
   * Runs `use` with a fresh Session, prepared by the given statements, when the lane has room.
   * The text of the statement must begin with `mark`: it is how an abort finds the running query.
   */
  readonly run: <T>(
    task: {
      readonly lane: LaneName;
      readonly prepare: readonly string[];
      readonly signal: AbortSignal;
    },
    use: (session: Session, mark: string) => Promise<T>,
  ) => Promise<T>;
  readonly version: string;
  /** Cancels what runs, waits for it, closes the engine. */
  readonly close: () => Promise<void>;
};

export type PoolOptions = {
  /** Engine's own directory, used by one process only. */
  readonly path: string;
  readonly memoryLimitBytes: number;
  /** Of a file that is written for it. */
  readonly settingsPath: string;
};

/** Statements running at once; each holds a thread of the pool of libuv, which has 16. */
const laneWidths = { read: 6, write: 2, control: 3 } as const;
const maxQueryBytes = 64 * 1024 * 1024;
const killAgainMs = 200;

export async function openSessionPool(chdb: Chdb, options: PoolOptions): Promise<SessionPool> {
  const sessionArgs = [
    '--output_format_json_quote_64bit_integers=1',
    // Parameters are part of a SET here, and may be long.
    `--max_query_size=${maxQueryBytes}`,
    // One greedy query must not take the memory that inserts and merges need.
    `--max_memory_usage=${Math.floor(options.memoryLimitBytes * 0.75)}`,
  ];
  writeEngineSettings(options.settingsPath, options.memoryLimitBytes);
  const serverArgs = [`--config-file=${options.settingsPath}`];
  // The first Session boots the engine and keeps it running; server settings count for this one only.
  const root = new chdb.Session(options.path, { connectionArgs: [...serverArgs, ...sessionArgs] });
  const version = await readVersion(root);
  const open = (): Session => new chdb.Session(options.path, { connectionArgs: sessionArgs });
  const lanes: Record<LaneName, Lane> = {
    read: createLane(laneWidths.read),
    write: createLane(laneWidths.write),
    control: createLane(laneWidths.control),
  };
  let closing = false;

  const kill = (condition: string): Promise<void> =>
    withSession(open, async (session) => {
      // SYNC would wait for ever.
      await session.queryAsync(`KILL QUERY WHERE ${condition} ASYNC`, { format: 'Null' });
    });

  const run: SessionPool['run'] = async ({ lane, prepare, signal }, use) => {
    const release = await lanes[lane].enter(signal);
    try {
      if (closing) throw new RefusedError(236, 'ABORTED', 'The store is closing');
      return await withSession(open, async (session) => {
        for (const statement of prepare) await session.queryAsync(statement, { format: 'Null' });
        signal.throwIfAborted();
        const mark = `/* ${randomUUID()} */ `;
        return await withKill(
          signal,
          () => kill(`startsWith(query, ${quoteLiteral(mark.trimEnd())})`),
          () => use(session, mark),
        );
      });
    } finally {
      release();
    }
  };

  const close = async (): Promise<void> => {
    closing = true;
    await kill("query NOT LIKE 'KILL QUERY%'");
    await chdb.drainPending();
    root.close();
  };

  return { run, version, close };
}

/** A query that was sent but has not begun cannot be killed yet, so it is tried until the query ends. */
async function withKill<T>(
  signal: AbortSignal,
  kill: () => Promise<void>,
  use: () => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    // Fails only when the engine is gone, and the query with it.
    kill().catch(() => clearTimeout(timer));
    timer = setTimeout(onAbort, killAgainMs);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await use();
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  }
}

async function withSession<T>(
  open: () => Session,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = open();
  try {
    return await use(session);
  } finally {
    session.close();
  }
}

async function readVersion(session: Session): Promise<string> {
  const result = await session.queryAsync('SELECT version()', { format: 'TabSeparated' });
  return result.text().trim();
}
