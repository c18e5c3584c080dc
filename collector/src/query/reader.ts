import type { Context } from 'hono';
import type { Reader } from '../store/read-rows.ts';

/** The store, as long as whoever sent this request waits for the answer. */
export function toReader(store: Pick<Reader, 'client'>, c: Context): Reader {
  return { client: store.client, signal: c.req.raw.signal };
}
