// `node collector/testdata/fuzz.ts [--minutes 10] [--seed 7]`: hostile bodies for as long as you like. What is found is
// made small, written to fuzz/ (where every test run sends it again), and told with the seed that finds it again.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import {
  anyJson,
  anyProtobuf,
  bodiesOf,
  crashesDir,
  mutated,
} from '../src/ingest/fuzz-bodies.testing.ts';
import { findFaults, toColumns } from '../src/ingest/fuzz-target.testing.ts';
import type { Encoding } from '../src/ingest/replies.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const endMs = Date.now() + Number(values.minutes ?? 10) * 60_000;
const firstSeed = Number(values.seed ?? Date.now() % 2 ** 31);

const sources: readonly (readonly [Encoding, string, fc.Arbitrary<Buffer>])[] = [
  ['application/json', 'parts', anyJson],
  ['application/json', 'changed recordings', mutated(bodiesOf('application/json'))],
  ['application/x-protobuf', 'parts', anyProtobuf],
  ['application/x-protobuf', 'changed recordings', mutated(bodiesOf('application/x-protobuf'))],
];

let bodies = 0;
let spans = 0;
let refused = 0;
let finds = 0;
for (let seed = firstSeed; Date.now() < endMs; seed++) {
  for (const [encoding, name, arbitrary] of sources) await fuzz(encoding, name, arbitrary, seed);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  process.stdout.write(
    `seed ${seed}: ${bodies} bodies, ${refused} refused, ${spans} spans, ${finds} finds, ${megabytes} MB\n`,
  );
}
process.exitCode = finds === 0 ? 0 : 1;

async function fuzz(
  encoding: Encoding,
  name: string,
  arbitrary: fc.Arbitrary<Buffer>,
  seed: number,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, async (body) => {
    bodies++;
    const faults = await findFaults(count, body, encoding);
    if (faults.length > 0) throw new Error(faults.join(', '));
  });
  const limits = { interruptAfterTimeLimit: 3_000, markInterruptAsFailure: false };
  const found = await fc.check(property, { seed, numRuns: 1_000_000, ...limits });
  const [body] = found.counterexample ?? [];
  if (!found.failed || body === undefined) return;
  finds++;
  const file = nameOf(body, encoding);
  writeFileSync(join(crashesDir, file), body);
  process.stdout.write(`${name}, ${encoding}: ${file}\n${String(fc.defaultReportMessage(found))}\n`);
}

function count(body: Buffer, encoding: Encoding) {
  const taken = toColumns(body, encoding);
  if (taken === null) refused++;
  else if (!(taken instanceof Promise)) spans += taken.length;
  return taken;
}

function nameOf(body: Buffer, encoding: Encoding): string {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return `found-${hash}.${encoding === 'application/json' ? 'json' : 'binpb'}`;
}
