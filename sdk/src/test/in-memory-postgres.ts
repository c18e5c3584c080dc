import { PGlite } from '@electric-sql/pglite';
import { runMigrations, type PgPool, type PgPoolClient, type PgQueryResult } from 'bullmq';

type Heard = (message: { channel: string; payload: string }) => void;

/** A real Postgres inside this process, with BullMQ's tables: a queue without a server. */
export const startPostgres = async (): Promise<PgPool> => {
  const pool = new InMemoryPool(await PGlite.create());
  await runMigrations(await pool.connect());
  await pool.query('SET search_path TO bullmq');
  return pool as unknown as PgPool;
};

/** As a pool of `pg`. There is one session for all, so a transaction keeps the others waiting. */
class InMemoryPool {
  private readonly database: PGlite;
  private free: Promise<void> = Promise.resolve();

  constructor(database: PGlite) {
    this.database = database;
  }

  async query(text: string, values?: readonly unknown[]): Promise<PgQueryResult> {
    const release = await this.reserve();
    try {
      return await this.execute(text, values);
    } finally {
      release();
    }
  }

  async connect(): Promise<PgPoolClient> {
    return new InMemoryClient(this) as unknown as PgPoolClient;
  }

  async reserve(): Promise<() => void> {
    const before = this.free;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.free = promise;
    await before;
    return resolve;
  }

  async execute(text: string, values: readonly unknown[] = []): Promise<PgQueryResult> {
    if (values.length === 0) {
      const results = await this.database.exec(text);
      return { rows: results.at(-1)?.rows ?? [] };
    }
    const { rows, affectedRows } = await this.database.query(text, [...values]);
    return { rows, rowCount: affectedRows || rows.length };
  }

  listen(channel: string, heard: Heard): Promise<() => Promise<void>> {
    return this.database.listen(`"${channel}"`, (payload) => heard({ channel, payload }));
  }

  async end(): Promise<void> {
    await this.database.close();
  }

  on(): this {
    return this;
  }

  removeAllListeners(): this {
    return this;
  }
}

class InMemoryClient {
  private readonly pool: InMemoryPool;
  private readonly hearing = new Set<Heard>();
  private readonly listening: (() => Promise<void>)[] = [];
  /** Ends a transaction. */
  private release_: (() => void) | undefined;

  constructor(pool: InMemoryPool) {
    this.pool = pool;
  }

  async query(text: string, values?: readonly unknown[]): Promise<PgQueryResult> {
    const channel = /^\s*LISTEN\s+"?(\w+)/i.exec(text)?.[1];
    if (channel !== undefined) return this.listen(channel);
    if (/^\s*BEGIN/i.test(text)) this.release_ ??= await this.pool.reserve();
    if (!this.release_) return this.pool.query(text, values);
    try {
      return await this.pool.execute(text, values);
    } finally {
      if (/^\s*(COMMIT|ROLLBACK)/i.test(text)) this.release();
    }
  }

  on(event: string, heard: Heard): this {
    if (event === 'notification') this.hearing.add(heard);
    return this;
  }

  removeListener(_event: string, heard: Heard): this {
    this.hearing.delete(heard);
    return this;
  }

  removeAllListeners(): this {
    this.hearing.clear();
    return this;
  }

  release(): void {
    this.release_?.();
    this.release_ = undefined;
  }

  private async listen(channel: string): Promise<PgQueryResult> {
    const release = await this.pool.reserve();
    try {
      const tell: Heard = (message) => {
        for (const heard of this.hearing) heard(message);
      };
      this.listening.push(await this.pool.listen(channel, tell));
      return { rows: [] };
    } finally {
      release();
    }
  }
}
