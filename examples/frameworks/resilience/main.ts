import { createRequire } from 'node:module';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { run } from '@orchescope/sdk';
import { retryEvents, watch, watchQueue } from '@orchescope/sdk/resilience';
import { ConstantBackoff, handleAll, retry } from 'cockatiel';
import PQueue from 'p-queue';
import pRetry from 'p-retry';

/** Four agents whose tool fails, each with another library between itself and the tool. */
const sdk = new NodeSDK({ serviceName: 'resilience-example' });
sdk.start();

/** opossum has no types of its own. */
const CircuitBreaker = createRequire(import.meta.url)('opossum') as new <T>(
  call: (query: string) => Promise<T>,
  options: object,
) => {
  fire(query: string): Promise<T>;
  fallback(answer: () => T): unknown;
  shutdown(): void;
  on(event: string, listener: (...args: never[]) => void): unknown;
  off(event: string, listener: (...args: never[]) => void): unknown;
};

let calls = 0;
/** A service that answers every third call. */
const search = (query: string) =>
  run({ kind: 'tool', name: 'search' }, async () => {
    calls += 1;
    if (calls % 3 !== 0) throw new Error('503 Service Unavailable');
    return `three hits for ${query}`;
  });

const breaker = new CircuitBreaker(search, { volumeThreshold: 2, resetTimeout: 60_000 });
breaker.fallback(() => 'no hits');
watch(breaker, 'search');

const policy = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(1) });
watch(policy, 'search');

const queue = new PQueue({ concurrency: 1 });
watchQueue(queue, 'searches');

const agents = {
  opossum: async () => {
    for (let i = 0; i < 3; i += 1) await breaker.fire('kettles');
  },
  cockatiel: async () => policy.execute(() => search('kettles')),
  'p-retry': async () =>
    pRetry(() => search('kettles'), { retries: 3, minTimeout: 1, onFailedAttempt: retryEvents() }),
  'p-queue': async () => queue.addAll(['a', 'b'].map((query) => () => search(query).catch(String))),
};

await run({ kind: 'workflow', name: 'resilience' }, async () => {
  for (const [name, work] of Object.entries(agents)) {
    calls = 0;
    await run({ kind: 'agent', name }, async () => void (await work()));
  }
});
breaker.shutdown();

await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`resilience: ${Object.keys(agents).length} agents, each with another library`);
