/** `orchescope reprice`: asks a running server to price history again, and tells how it goes. */
import {
  repriceLine,
  type ModelDifference,
  type PriceDifference,
  type RepriceLine,
} from '../contract.ts';
import { runJobCommand } from './job-command.ts';

export const repriceUsage = `orchescope reprice [--url http://127.0.0.1:4318] [--key ...] [--project ...] [--from ...] [--to ...] [--dry-run]
                         prices stored calls again, by the prices of today for the time they were made`;

/** @returns the exit code: 0 when it is done, 1 when it is not, 2 when it cannot be read what is wanted */
export function repriceCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = {
    name: 'reprice',
    usage: repriceUsage,
    path: '/api/reprice',
    line: repriceLine,
    hasDryRun: true,
    describe: describeLine,
  };
  return runJobCommand(command, args, env);
}

function describeLine(line: RepriceLine): string {
  if (line.type === 'summary') return describeSummary(line);
  if (line.type === 'error') return '';
  const { project, day, read, calls, rows, done } = line;
  const part = done ? `${read}` : `${read} of at most ${calls}`;
  return `  ${day}  ${project}  ${part} calls read, ${rows} with another price\n`;
}

type Summary = Extract<RepriceLine, { type: 'summary' }>;

function describeSummary({ dryRun, models, total, rows }: Summary): string {
  if (total.calls === 0) return 'There are no calls of models in this range.\n';
  const verb = dryRun ? 'would be written, and none was' : 'were written';
  const end = `${total.calls} calls read, ${rows} rows ${verb}.\n`;
  if (models.length === 0) return `No call costs anything else than before. ${end}`;
  return `${toTable(models, total)}\n${end}`;
}

const headings = ['before', 'after', 'difference', 'calls', 'newly priced', 'no longer'] as const;

function toTable(models: readonly ModelDifference[], total: PriceDifference): string {
  const lines = [
    [...headings, 'model (USD)'],
    ...models.map((one) => [...toCells(one), [one.provider, one.model].filter(Boolean).join(' ')]),
    [...toCells(total), 'all calls'],
  ];
  const widths = headings.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines
    .map((line) => `${line.map((text, at) => text.padStart(widths[at] ?? 0)).join('  ')}\n`)
    .join('');
}

function toCells({
  beforeUsd,
  afterUsd,
  changed,
  newlyPriced,
  noLongerPriced,
}: PriceDifference): string[] {
  const difference = toTrillionths(afterUsd) - toTrillionths(beforeUsd);
  const sign = difference > 0n ? '+' : '';
  return [
    toAmount(toTrillionths(beforeUsd)),
    toAmount(toTrillionths(afterUsd)),
    `${sign}${toAmount(difference)}`,
    String(changed),
    String(newlyPriced),
    String(noLongerPriced),
  ];
}

const million = 1_000_000n;

/** Millionths are as much as a person reads. */
function toAmount(trillionths: bigint): string {
  const size = (trillionths < 0n ? -trillionths : trillionths) + million / 2n;
  const digits = String(size / million).padStart(7, '0');
  return `${trillionths < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** Of a plain decimal of up to twelve decimals. */
function toTrillionths(usd: string): bigint {
  const [whole = '', fraction = ''] = usd.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}
