/** A second way to a store that is open already, for a thread of its own. */
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { EngineAddress } from './engine/engine-messages.ts';
import { commonClientOptions } from './opened-client.ts';

/** Plain data: it can be sent to a thread. */
export type StoreAddress =
  | {
      readonly engine: 'embedded';
      readonly address: EngineAddress;
      readonly username: string;
      readonly password: string;
      readonly database: string;
    }
  | { readonly engine: 'server'; readonly url: string; readonly database: string };

/** One thread of the engine a query: whoever comes this way works in the background. */
const settings = { max_threads: 1 } as const;

/** Nothing is awaited: whoever asks while the store is away hears so, and may ask again. */
export function connectToStore(store: StoreAddress): ClickHouseClient {
  const { database } = store;
  if (store.engine === 'server') {
    return createClient({
      ...commonClientOptions,
      url: store.url,
      database,
      compression: { request: true, response: true },
      clickhouse_settings: {
        ...settings,
        async_insert: 0,
        output_format_json_quote_64bit_integers: 1,
      },
    });
  }
  const { address, username, password } = store;
  return createClient({
    ...commonClientOptions,
    url: 'http://localhost',
    http_agent: new AddressAgent(address),
    username,
    password,
    database,
    clickhouse_settings: settings,
  });
}

/** The engine keeps its address over restarts. */
class AddressAgent extends http.Agent {
  readonly #address: EngineAddress;

  constructor(address: EngineAddress) {
    super({ keepAlive: true });
    this.#address = address;
  }

  override createConnection(): Duplex {
    const address = this.#address;
    return net.connect('socketPath' in address ? { path: address.socketPath } : address);
  }
}
