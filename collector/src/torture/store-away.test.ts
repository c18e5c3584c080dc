/** The store is a server, and the way to it breaks in every way there is. Senders notice nothing, and nothing is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startTestEngine } from '../store/engine/testing-engine.ts';
import { proveByApi, proveByTables, untilDrained } from './proof.testing.ts';
import { scale } from './scale.testing.ts';
import { readMetric } from './server-process.testing.ts';
import { startStoreProxy, type StoreProxy } from './store-proxy.testing.ts';
import { startUnderLoad } from './under-load.testing.ts';

const database = 'traces';

type Fault = {
  readonly what: string;
  readonly begin: (proxy: StoreProxy) => void;
  readonly awayMs: number;
};

const faults: readonly Fault[] = [
  { what: 'refuses connections', begin: (proxy) => proxy.refuse(), awayMs: scale.storeAwayMs },
  { what: 'takes them and says nothing', begin: (proxy) => proxy.silence(), awayMs: 2_000 },
  { what: 'resets them', begin: (proxy) => proxy.reset(), awayMs: 2_000 },
];
/** Also how long what gathered may take to be stored. */
const returnLimitMs = scale.storeAwayMs * 2 + 30_000;

test(
  `while the store ${faults.map(({ what }) => what).join(', ')}, or dies, senders are answered 200, and nothing is lost`,
  { timeout: scale.limitMs },
  async () => {
    const { store, proxy, env } = await startStoreBehindProxy();
    const { traffic, server, acknowledges } = await startUnderLoad({ env, restMs: 40 });
    const ageSeconds = () => readMetric(server().url, 'orchescope_wal_oldest_age_seconds');
    for (const { begin, awayMs } of faults) {
      await acknowledges(20);
      begin(proxy);
      // That long it stays away, as tests of an outage must.
      await Promise.all([sleep(awayMs), acknowledges(20)]);
      expect(await ageSeconds()).toBeGreaterThan((awayMs / 1000) * 0.5);
      expect((await fetch(`${server().url}/healthz`)).status).toBe(200);
      await proxy.restore();
      await expect.poll(ageSeconds, { timeout: returnLimitMs }).toBeLessThan(1);
    }
    process.kill(store.engine.pid() ?? 0, 'SIGKILL');
    await acknowledges(20);
    await traffic.stop();
    expect(Object.keys(traffic.answers)).toEqual(['200']);
    await untilDrained(server().url);
    await proveByApi(server().url, traffic);
    await proveByTables({ client: store.connect({ database }) }, traffic);
    expect(await server().kill('SIGTERM')).toEqual({ code: 0, signal: null });
  },
);

/** There is no ClickHouse server here: the engine's own HTTP interface plays one, with the proxy's port in its address. */
async function startStoreBehindProxy() {
  const store = await startTestEngine();
  onTestFinished(store.close);
  const url = new URL(database, store.url);
  const proxy = await startStoreProxy(Number(url.port));
  onTestFinished(proxy.close);
  url.port = String(proxy.port);
  return { store, proxy, env: { ORCHESCOPE_CLICKHOUSE_URL: url.toString() } };
}
