/** Prices an operator sets: contracts, deployments with names of their own, models at home. They win over the list. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readProvider } from '../dialects/provider.ts';
import { noTokenRates, type HourRate, type Rate, type Rates, type TokenRates } from './rates.ts';
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
  /** `standard`, `batch`, `flex` ...; empty = any. */
  readonly serviceTier: string;
  readonly fromUnixMs: number;
  /** Null = these are the whole price; otherwise what they leave out is what the bundled list says. */
  readonly inherits: { readonly request: boolean } | null;
  readonly rates: Rates;
};

export type OwnPrices = {
  readonly prices: readonly OwnPrice[];
  /** Changes with the file. */
  readonly version: string;
};

export const noOwnPrices: OwnPrices = { prices: [], version: '' };

/** Midnights in UTC at which one of them begins, in milliseconds. */
export function toChanges({ prices }: OwnPrices): number[] {
  return prices.map(({ fromUnixMs }) => fromUnixMs).filter(Number.isFinite);
}

const amount = (of: string) =>
  z
    .number(`must be a number of USD for ${of}`)
    .min(0, 'must not be negative')
    .max(1_000_000, 'must be at most 1000000');
const usd = amount('a million tokens');

const entrySchema = z
  .strictObject({
    provider: z.string('must be text, such as "openai"').default(''),
    model: z
      .string('must be text, such as "gpt-4o" or "llama*"')
      .regex(/^[^*]+\*?$/, 'must name a model; one * may stand at its end'),
    from: z.iso.date('must be a day such as "2026-01-31"').nullish(),
    serviceTier: z.string('must be text, such as "batch"').max(64).default(''),
    inherit: z.boolean('must be true or false').default(false),
    usdPerMillionTokens: z
      .strictObject({
        input: usd.nullish(),
        output: usd.nullish(),
        cacheRead: usd.nullish(),
        cacheWrite: usd.nullish(),
        cacheWrite1h: usd.nullish(),
        reasoning: usd.nullish(),
        inputAudio: usd.nullish(),
        cacheReadAudio: usd.nullish(),
        outputAudio: usd.nullish(),
        inputImage: usd.nullish(),
        cacheReadImage: usd.nullish(),
        outputImage: usd.nullish(),
      })
      .nullish(),
    usdPerHour: z
      .strictObject({
        usd: amount('an hour'),
        concurrency: z
          .number('must be a number of calls')
          .min(0.001, 'must be at least 0.001')
          .max(1_000_000, 'must be at most 1000000')
          .default(1),
      })
      .nullish(),
    usdPerRequest: amount('a request').nullish(),
    usdPerToolUse: z
      .record(z.string().max(64, 'must have at most 64 characters'), amount('a use'))
      .default({}),
    note: z.string('must be text').max(500, 'must have at most 500 characters').default(''),
  })
  .superRefine((entry, { addIssue }) => {
    const fault = findPriceFault(entry);
    if (fault !== null) addIssue({ code: 'custom', message: `must ${fault}` });
  });

type Named = {
  readonly inherit: boolean;
  readonly usdPerMillionTokens?:
    | Readonly<Record<string, number | null | undefined>>
    | null
    | undefined;
  readonly usdPerHour?: object | null | undefined;
  readonly usdPerRequest?: number | null | undefined;
  readonly usdPerToolUse: Readonly<Record<string, number>>;
};

/** What no shape can say, to be put after "must"; null = it is a price. */
export function findPriceFault(named: Named): string | null {
  const tokens = named.usdPerMillionTokens ?? null;
  if (named.usdPerHour) {
    if (tokens !== null) return 'not have both usdPerMillionTokens and usdPerHour';
    return named.inherit ? 'not inherit: an hour takes the place of tokens' : null;
  }
  if (named.inherit) {
    const prices = [...Object.values(tokens ?? {}), named.usdPerRequest];
    const isNone = prices.every((price) => price === null || price === undefined);
    return isNone && Object.keys(named.usdPerToolUse).length === 0
      ? 'name a price that differs from the list'
      : null;
  }
  if (tokens === null) return 'have usdPerMillionTokens, or usdPerHour for hardware of your own';
  const isWhole = [tokens['input'], tokens['output']].every((price) => typeof price === 'number');
  return isWhole ? null : 'name input and output, or inherit: true for what the list says of them';
}

const fileSchema = z.strictObject({
  prices: z.array(entrySchema, 'must be a list').max(10_000, 'must have at most 10000 entries'),
});

/** An entry of the file, or what a person set for a project. */
export type PriceEntry = z.infer<typeof entrySchema>;

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
  for (const [at, { provider, model, isPrefix, serviceTier, fromUnixMs }] of prices.entries()) {
    const key = JSON.stringify([provider, model, isPrefix, serviceTier, fromUnixMs]);
    const first = seen.get(key);
    if (first !== undefined) {
      throw new PriceFileError(
        `${path}: prices[${at}]: is for the same provider, model, tier and day as prices[${first}].`,
      );
    }
    seen.set(key, at);
  }
}

export function toOwnPrice(entry: PriceEntry): OwnPrice {
  const { provider, model, from, serviceTier } = entry;
  return {
    provider: readProvider(provider) ?? '',
    model: model.replace(/\*$/, '').trim().toLowerCase(),
    isPrefix: model.endsWith('*'),
    serviceTier: serviceTier.trim().toLowerCase(),
    fromUnixMs: from === undefined || from === null ? -Infinity : Date.parse(from),
    inherits: entry.inherit ? { request: (entry.usdPerRequest ?? null) === null } : null,
    rates: toRates(entry),
  };
}

function toRates({
  usdPerMillionTokens,
  usdPerHour,
  usdPerRequest,
  usdPerToolUse,
}: PriceEntry): Rates {
  return {
    ...toTokenRates(usdPerMillionTokens),
    request: toTrillionths(usdPerRequest ?? 0),
    tools: new Map(
      Object.entries(usdPerToolUse).map(([tool, each]) => [
        tool.trim().toLowerCase(),
        { rate: toTrillionths(each), per: 'use' },
      ]),
    ),
    hour: toHourRate(usdPerHour),
  };
}

function toTokenRates(given: PriceEntry['usdPerMillionTokens']): TokenRates {
  if (given === undefined || given === null) return noTokenRates;
  return {
    input: toRate(given.input),
    output: toRate(given.output),
    cacheRead: toRate(given.cacheRead),
    cacheWrite: toRate(given.cacheWrite),
    cacheWrite1h: toRate(given.cacheWrite1h),
    reasoning: toRate(given.reasoning),
    inputAudio: toRate(given.inputAudio),
    cacheReadAudio: toRate(given.cacheReadAudio),
    outputAudio: toRate(given.outputAudio),
    inputImage: toRate(given.inputImage),
    cacheReadImage: toRate(given.cacheReadImage),
    outputImage: toRate(given.outputImage),
  };
}

function toHourRate(given: PriceEntry['usdPerHour']): HourRate | null {
  if (given === undefined || given === null) return null;
  const concurrency = BigInt(Math.round(given.concurrency * 1_000_000));
  return { rate: toTrillionths(given.usd), concurrency };
}

function toRate(usdPerMillion: number | null | undefined): Rate | null {
  if (usdPerMillion === undefined || usdPerMillion === null) return null;
  return { base: toTrillionths(usdPerMillion), tiers: [] };
}
