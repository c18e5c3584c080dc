import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { percentile } from '../percentile.ts';
import { createBodies } from './bodies.ts';
import { corpusNames, spansPerRequest, type CorpusName } from './corpus.ts';
import { createVariant, variantNames, type VariantName } from './decode-variants.ts';

/**
 * Processor time of decoding, mapping and encoding a span, for ours and for a plain collector in the same run. Each
 * figure is taken in a process of its own, and the rounds take turns: `node bench/ingest/decode.ts [--rounds 3] [--long]`.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    long: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    variant: { type: 'string' },
    corpus: { type: 'string', default: 'heavy' },
    'sample-ms': { type: 'string', default: '350' },
  },
});
const rounds = Number(values.rounds ?? (values.long ? 7 : 3));
const command = 'node bench/ingest/decode.ts';
const goalUs: Readonly<Record<string, number>> = {
  'protobuf heavy': 5,
  'protobuf light': 4,
  'json heavy': 1e6 / 37_000,
  'json light': 1e6 / 37_000,
};

if (values.variant === undefined) await compare();
else
  console.log(JSON.stringify(measure(values.variant as VariantName, values.corpus as CorpusName)));

async function compare(): Promise<void> {
  const figures = new Map<string, number[]>();
  const names = corpusNames.flatMap((corpus) =>
    variantNames
      .map((variant) => `${variant} ${corpus}`)
      .filter((name) => name.includes(values.only)),
  );
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const [variant = '', corpus = ''] = name.split(' ');
      const us = await measureApart(variant, corpus);
      figures.set(name, [...(figures.get(name) ?? []), us]);
    }
  }
  const median = (name: string): number => percentile(figures.get(name) ?? [], 0.5);
  for (const [name, all] of figures) {
    const us = median(name);
    const goal = goalUs[name] === undefined ? '' : `, goal ${goalUs[name].toFixed(1)}`;
    console.log(
      `${name.padEnd(16)} ${us.toFixed(2).padStart(6)} us/span (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}${goal}), ` +
        `${Math.round(1e6 / us)} spans/s/core (${command})`,
    );
  }
  for (const corpus of corpusNames) {
    const ratio = median(`baseline ${corpus}`) / median(`protobuf ${corpus}`);
    if (!Number.isNaN(ratio)) {
      console.log(
        `${corpus}: ${ratio.toFixed(1)} times less than the plain collector, goal 8 (${command})`,
      );
    }
  }
}

async function measureApart(variant: string, corpus: string): Promise<number> {
  const args = ['--variant', variant, '--corpus', corpus, '--sample-ms', values['sample-ms']];
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, ...args]);
  return JSON.parse(stdout) as number;
}

/** Median of seven samples, in microseconds of processor time a span; threads of the runtime count. */
function measure(name: VariantName, corpus: CorpusName): number {
  const { format, run } = createVariant(name);
  const { bytes: bodies } = createBodies({ corpus, format, count: 8 });
  let at = 0;
  const sample = (forMs: number): number => {
    const startedUs = cpuUs();
    let spans = 0;
    do {
      const body = bodies[at++ % bodies.length];
      if (body === undefined || run(body) === 0) throw new Error('nothing to insert');
      spans += spansPerRequest;
    } while (cpuUs() - startedUs < forMs * 1000);
    return (cpuUs() - startedUs) / spans;
  };
  sample(1200);
  return percentile(
    Array.from({ length: 7 }, () => sample(Number(values['sample-ms']))),
    0.5,
  );
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
