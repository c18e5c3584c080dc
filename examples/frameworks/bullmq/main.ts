import { NodeSDK } from '@opentelemetry/sdk-node';
import { run } from '@orchescope/sdk';
import { traced } from '@orchescope/sdk/bullmq';
import { createPostgresBackend, Queue, Worker, type Job } from 'bullmq';
import { startPostgres } from '../../../sdk/src/test/in-memory-postgres.ts';

/**
 * Reviews by a queue: a shop asks for two, an agent writes them. One product cannot be found: it is tried again, and
 * ends among the failed jobs. BullMQ is the real one; in the place of Redis there is a Postgres in this process.
 */
const sdk = new NodeSDK({ serviceName: 'bullmq-example' });
sdk.start();
const connection = await startPostgres();

const queue = traced(new Queue('reviews', { connection }, createPostgresBackend));
const worker = traced(
  new Worker('reviews', review, { connection, name: 'reviewer-1' }, createPostgresBackend),
);

async function review(job: Job<{ product: string }>): Promise<string> {
  return run({ kind: 'agent', name: 'reviewer' }, () =>
    run({ kind: 'tool', name: 'lookUp' }, () => {
      if (job.data.product === 'unicorn') throw new RangeError('no such product');
      return `A fine ${job.data.product}.`;
    }),
  );
}

const over = Promise.withResolvers<void>();
worker.on('failed', (job) => {
  if (job?.attemptsMade === 2) over.resolve();
});

await run({ kind: 'workflow', name: 'shop' }, async () => {
  await queue.add('review', { product: 'teapot' });
  await queue.add('review', { product: 'unicorn' }, { attempts: 2, backoff: 50 });
});
await over.promise;

const counts = await queue.getJobCounts('completed', 'failed');
await worker.close();
await queue.close();
await connection.end();
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`bullmq: ${counts['completed']} review written, ${counts['failed']} failed for good`);
