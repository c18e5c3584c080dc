/** Prices an operator sets: contracts, deployments with names of their own, models at home. They win over the list. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readProvider } from '../dialects/provider.ts';
import type { Rate, Rates } from './rates.ts';
import { toTrillionths } from './usd.ts';

/** One sentence for each fault. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError';
}

export type OwnPrice = {
  /** As ingest writes it; empty = any. */
  readonly provider: string;
  /** Lower case; `isPrefix` when it stood with a `*` at its end. */
  readonly model: string;
  readonly isPrefix: boolean;
  readonly fromUnixMs: number;
  readonly rates: Rates;
};

export type OwnPrices = {
  readonly prices: readonly OwnPrice[];
  /** Changes with the file. */
  readonly version: string;
};

export const noOwnPrices: OwnPrices = { prices: [], version: '' };

const usd = z
  .number('must be a number of USD for a million tokens')
  .min(0, 'must not be negative')
  .max(1_000_000, 'must be at most 1000000');

const fileSchema = z.strictObject({
  prices: z
    .array(
      z.strictObject({
        provider: z.string('must be text, such as "openai"').default(''),
        model: z
          .string('must be text, such as "gpt-4o" or "llama*"')
          .regex(/^[^*]+\*?$/, 'must name a model; one * may stand at its end'),
        from: z.iso.date('must be a day such as "2026-01-31"').optional(),
        usdPerMillionTokens: z.strictObject({
          input: usd,
          output: usd,
          cacheRead: usd.optional(),
          cacheWrite: usd.optional(),
          cacheWrite1h: usd.optional(),
          reasoning: usd.optional(),
        }),
      }),
      'must be a list',
    )
    .max(10_000, 'must have at most 10000 entries'),
});

type Entry = z.infer<typeof fileSchema>['prices'][number];

/** @throws PriceFileError */
export function readPriceFile(path: string): OwnPrices {
  const text = readText(path);
  const parsed = fileSchema.safeParse(parse(path, text));
  if (!parsed.success) {
    throw new PriceFileError(
      parsed.error.issues.map((issue) => toSentence(path, issue)).join('\n'),
    );
  }
  const prices = parsed.data.prices.map(toOwnPrice);
  assertDistinct(path, prices);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { prices, version: `own prices ${hash}` };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PriceFileError(`ORCHESCOPE_PRICES_FILE cannot be read: ${why}.`, { cause });
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PriceFileError(`${path} is not JSON: ${why}.`, { cause });
  }
}

function toSentence(path: string, issue: z.core.$ZodIssue): string {
  const where = z.core.toDotPath(issue.path);
  return `${path}: ${where === '' ? 'the file' : where}: ${issue.message}.`;
}

/** Two prices for one model on one day: which was meant? */
function assertDistinct(path: string, prices: readonly OwnPrice[]): void {
  const seen = new Map<string, number>();
  for (const [at, { provider, model, isPrefix, fromUnixMs }] of prices.entries()) {
    const key = JSON.stringify([provider, model, isPrefix, fromUnixMs]);
    const first = seen.get(key);
    if (first !== undefined) {
      throw new PriceFileError(
        `${path}: prices[${at}]: is for the same provider, model and day as prices[${first}].`,
      );
    }
    seen.set(key, at);
  }
}

function toOwnPrice({ provider, model, from, usdPerMillionTokens: given }: Entry): OwnPrice {
  return {
    provider: readProvider(provider) ?? '',
    model: model.replace(/\*$/, '').trim().toLowerCase(),
    isPrefix: model.endsWith('*'),
    fromUnixMs: from === undefined ? -Infinity : Date.parse(from),
    rates: {
      input: toRate(given.input),
      output: toRate(given.output),
      cacheRead: toRate(given.cacheRead),
      cacheWrite: toRate(given.cacheWrite),
      cacheWrite1h: toRate(given.cacheWrite1h),
      reasoning: toRate(given.reasoning),
      request: 0n,
    },
  };
}

function toRate(amount: number): Rate;
function toRate(amount: number | undefined): Rate | null;
function toRate(amount: number | undefined): Rate | null {
  return amount === undefined ? null : { base: toTrillionths(amount), tiers: [] };
}
