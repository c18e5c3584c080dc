/** One charge as rows of FOCUS 1.2, one a kind of tokens. What is in them is an estimate by telemetry, not an invoice. */
import { toUsdText } from '../../query/costs/money.ts';
import { toTrillionths } from '../../store/costs/sum-text.ts';
import type { FindListPrices, TokenType } from './list-prices.ts';
import { splitCost, type Part, type SplitBy, type Tokens } from './split-cost.ts';

export type Charge = {
  readonly projectId: string;
  readonly periodStartMs: number;
  readonly periodMs: number;
  readonly provider: string;
  readonly model: string;
  readonly workflow: string;
  readonly agent: string;
  readonly environment: string;
  readonly tags: readonly string[];
  /** Otherwise nobody knows what it cost, and it stands there with 0. */
  readonly isPriced: boolean;
  readonly isReported: boolean;
  readonly trillionths: bigint;
  readonly tokens: Tokens;
};

/** A row as `toChargesSql` selects it. */
export function toCharge(projectId: string, periodMs: number, row: readonly unknown[]): Charge {
  const [start, provider, model, workflow, agent, environment, tags, priced, reported, cost] = row;
  const tokens = row.slice(-5).map((count) => BigInt(String(count)));
  const [input = 0n, cache_read = 0n, cache_write = 0n, output = 0n, reasoning = 0n] = tokens;
  return {
    projectId,
    periodStartMs: Number(start),
    periodMs,
    provider: String(provider),
    model: String(model),
    workflow: String(workflow),
    agent: String(agent),
    environment: String(environment),
    tags: tags as readonly string[],
    isPriced: Number(priced) === 1,
    isReported: Number(reported) === 1,
    trillionths: toTrillionths(cost),
    tokens: { input, cache_read, cache_write, output, reasoning },
  };
}

type FocusRow = Readonly<Record<(typeof focusColumns)[number], string | null>>;

export function toFocusRows(charge: Charge, findPrices: FindListPrices): FocusRow[] {
  const { provider, model, periodStartMs, trillionths, tokens } = charge;
  const prices = findPrices(provider, model, periodStartMs);
  const { by, parts } = splitCost(trillionths, tokens, prices);
  const shared = toShared(charge);
  return parts.map((part) =>
    Object.assign(
      {},
      shared,
      toOwn(charge, part, part.type === 'unsplit' ? null : (prices?.[part.type] ?? null), by),
    ),
  );
}

type Shared = Omit<FocusRow, keyof ReturnType<typeof toOwn>>;

function toShared(charge: Charge): Shared {
  const { projectId, periodStartMs, periodMs, agent, workflow } = charge;
  const provider = toNamed(charge.provider);
  const month = toMonth(periodStartMs);
  return {
    BillingAccountId: projectId,
    BillingAccountName: projectId,
    BillingAccountType: 'Project',
    BillingCurrency: 'USD',
    BillingPeriodStart: toMoment(month.startMs),
    BillingPeriodEnd: toMoment(month.endMs),
    ChargePeriodStart: toMoment(periodStartMs),
    ChargePeriodEnd: toMoment(periodStartMs + periodMs),
    ChargeCategory: 'Usage',
    ChargeClass: null,
    ChargeFrequency: 'Usage-Based',
    InvoiceId: null,
    InvoiceIssuerName: provider,
    PricingCategory: 'Standard',
    ProviderName: provider,
    PublisherName: provider,
    RegionId: null,
    RegionName: null,
    ResourceId: null,
    ResourceName: null,
    ResourceType: null,
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: toNamed(charge.model),
    ServiceSubcategory: 'Generative AI',
    SubAccountId: null,
    SubAccountName: null,
    Tags: toTags(charge),
    x_Agent: agent,
    x_Model: charge.model,
    x_Workflow: workflow,
  };
}

/** For columns that must not be empty. */
function toNamed(name: string): string {
  return name === '' ? 'unknown' : name;
}

const units: Readonly<Record<TokenType | 'unsplit', string>> = {
  input: 'Input tokens',
  cache_read: 'Input tokens read from a cache',
  cache_write: 'Input tokens written into a cache',
  output: 'Output tokens',
  reasoning: 'Reasoning tokens',
  unsplit: 'Calls that told no tokens',
};

function toOwn(
  charge: Charge,
  { type, tokens, trillionths }: Part,
  price: bigint | null,
  by: SplitBy,
) {
  const cost = toUsdText(trillionths);
  const sku = `${toNamed(charge.provider)}/${toNamed(charge.model)}/${type}`;
  const hasTokens = type !== 'unsplit';
  // Of what has no list price the cost itself is the best that is known.
  const list = price === null ? cost : toUsdText((tokens * price) / 1_000_000n);
  const missing = charge.isPriced ? '' : ' No price is known: what it cost is missing here.';
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    ContractedCost: cost,
    ListCost: list,
    ContractedUnitPrice: null,
    ListUnitPrice: price === null ? null : toUsdText(price),
    PricingQuantity: hasTokens ? toUsdText(tokens * 1_000_000n) : null,
    PricingUnit: hasTokens ? '1000000 Tokens' : null,
    ConsumedQuantity: hasTokens ? String(tokens) : null,
    ConsumedUnit: hasTokens ? 'Tokens' : null,
    ChargeDescription: `${units[type]}, estimated from telemetry; not an invoice.${missing}`,
    SkuId: sku,
    SkuMeter: units[type],
    SkuPriceId: price === null ? null : sku,
    x_TokenType: type,
    x_UsageSource: toUsageSource(charge, by),
  };
}

/** Who says what the calls cost, and how that was told apart by kinds of tokens. */
function toUsageSource({ isPriced, isReported }: Charge, by: SplitBy): string {
  if (!isPriced) return 'unpriced';
  const source = isReported ? 'reported' : 'computed';
  const split = {
    exact: 'at_list_prices',
    list: 'split_by_list_prices',
    tokens: 'split_by_tokens',
    none: 'not_split',
  };
  return `${source}_${split[by]}`;
}

/** A tag of a run has no value; FOCUS writes such as true. */
function toTags({ tags, environment, workflow, agent }: Charge): string {
  const named = Object.entries({ environment, workflow, agent }).filter(
    ([, value]) => value !== '',
  );
  return JSON.stringify(Object.fromEntries([...tags.map((tag) => [tag, true] as const), ...named]));
}

function toMonth(unixMs: number): { readonly startMs: number; readonly endMs: number } {
  const date = new Date(unixMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) };
}

function toMoment(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19)}Z`;
}

/** In the order of the file: what FOCUS 1.2 knows by its alphabet, then ours. */
export const focusColumns = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingAccountType',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'RegionId',
  'RegionName',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SkuId',
  'SkuMeter',
  'SkuPriceId',
  'SubAccountId',
  'SubAccountName',
  'Tags',
  'x_Agent',
  'x_Model',
  'x_Workflow',
  'x_TokenType',
  'x_UsageSource',
] as const;
