/** What a call cost, as the pricer says, without making texts of numbers and back. */
import { costSources, priceMatches, type Usage } from '../../span.ts';
import type { TextTable } from '../../store/native/text-table.ts';
import { noCharges } from '../pricing/charges.ts';
import type { Price } from '../pricing/find-own-price.ts';
import { isBelievable, type Pricer } from '../pricing/pricer.ts';
import { toCostNumber } from '../pricing/rates.ts';
import { toDuration } from '../pricing/to-priced-span.ts';
import type { Plan } from './plan.ts';
import type { SpanFacts } from './span-facts.ts';
import { toUnixMs, toUnixNano } from './unix-time.ts';

type KnownPrice = { readonly price: Price; readonly version: number; readonly match: number };

const maxKnown = 10_000;
const computed = costSources.indexOf('computed');
const reported = costSources.indexOf('reported');

export class CallCost {
  source = 0;
  match = 0;
  /** Trillionths of a USD, as the price list says; -1 = not known. */
  trillionths = -1;
  /** The same as the sender said. */
  reported: bigint | null = null;
  /** Number of the text table. */
  version = 0;
  private readonly known = new Map<number, KnownPrice | null>();
  private readonly pricer: Pricer;
  private readonly texts: TextTable;

  constructor(pricer: Pricer, texts: TextTable) {
    this.pricer = pricer;
    this.texts = texts;
  }

  /** False where the general way has to be gone: a sum that no double holds. */
  read(facts: SpanFacts, plan: Plan, times: Uint32Array): boolean {
    this.source = 0;
    this.match = 0;
    this.trillionths = -1;
    this.version = 0;
    this.reported = null;
    if (!plan.isPriced) return true;
    if (facts.charges !== noCharges) return this.ask(facts, plan, times);
    if (facts.costUsd !== null && isBelievable(facts.costUsd)) {
      this.reported = toTrillionths(facts.costUsd);
      this.source = reported;
    }
    const found = this.find(facts);
    if (found === null) return true;
    this.match = found.match;
    const cost = compute(facts, plan, found.price, times);
    if (cost === undefined) return this.ask(facts, plan, times);
    if (cost === null) return true;
    if (this.reported === null) this.source = computed;
    this.trillionths = cost;
    this.version = found.version;
    return true;
  }

  /** Seldom enough for texts: what is charged beyond tokens of text, and hardware by the hour. */
  private ask(facts: SpanFacts, plan: Plan, times: Uint32Array): boolean {
    const { texts } = this;
    const start = toUnixNano(times[0] ?? 0, times[1] ?? 0);
    const cost = this.pricer({
      kind: plan.kind,
      provider: texts.textOf(facts.provider),
      modelRequested: texts.textOf(facts.modelRequested),
      modelAnswered: texts.textOf(facts.modelAnswered),
      usage: toUsage(facts),
      charges: facts.charges,
      reportedUsd: facts.costUsd,
      startUnixMs: Number(start / 1_000_000n),
      durationNano: toDuration(start, toUnixNano(times[2] ?? 0, times[3] ?? 0)),
    });
    const computedCost = cost.computedCostUsd === null ? -1n : toTrillionths(cost.computedCostUsd);
    if (computedCost > BigInt(Number.MAX_SAFE_INTEGER)) return false;
    this.source = costSources.indexOf(cost.costSource);
    this.match = priceMatches.indexOf(cost.priceMatch);
    this.trillionths = Number(computedCost);
    this.version = texts.numberOf(cost.priceVersion);
    const isReported = cost.costSource === 'reported' && cost.costUsd !== null;
    this.reported = isReported ? toTrillionths(cost.costUsd) : null;
    return true;
  }

  private find({ provider, modelAnswered, modelRequested }: SpanFacts): KnownPrice | null {
    // Numbers of texts are below 2^17 as long as anybody remembers them; what is beyond is asked anew.
    const isSmall = (provider | modelAnswered | modelRequested) < 1 << 17;
    const key = (provider * 2 ** 17 + modelAnswered) * 2 ** 17 + modelRequested;
    const known = isSmall ? this.known.get(key) : undefined;
    if (known !== undefined) return known;
    const { texts } = this;
    const price = this.pricer.findPrice(
      texts.textOf(provider),
      texts.textOf(modelAnswered),
      texts.textOf(modelRequested),
      '',
    );
    const found =
      price === null
        ? null
        : {
            price,
            version: texts.numberOf(price.version),
            match: priceMatches.indexOf(price.match),
          };
    if (this.known.size >= maxKnown) this.known.clear();
    if (isSmall) this.known.set(key, found);
    return found;
  }
}

/** As `toBuckets` and `compute` of the pricer do. */
function compute(
  facts: SpanFacts,
  plan: Plan,
  price: Price,
  times: Uint32Array,
): number | null | undefined {
  const { inputTokens, outputTokens } = facts;
  const rates = price.ratesAt(toUnixMs(times[0] ?? 0, times[1] ?? 0));
  // It had not begun by then; another one may hold.
  if (rates === null) return undefined;
  if (rates.hour !== null) return undefined;
  if (inputTokens < 0 || (outputTokens < 0 && plan.kind !== 'embedding')) return null;
  const cacheRead = Math.max(0, facts.cacheReadTokens);
  const written = Math.max(0, facts.cacheWriteTokens);
  const reasoning = Math.max(0, facts.reasoningTokens);
  const buckets = {
    inputUncached: inputTokens - cacheRead - written,
    cacheRead,
    cacheWrite: written,
    cacheWrite1h: 0,
    output: Math.max(0, outputTokens) - reasoning,
    reasoning,
  };
  if (
    !isCount(buckets.inputUncached) ||
    !isCount(cacheRead) ||
    !isCount(buckets.cacheWrite) ||
    !isCount(buckets.output) ||
    !isCount(reasoning)
  ) {
    return null;
  }
  return toCostNumber(buckets, rates);
}

function isCount(value: number): boolean {
  return value >= 0 && Number.isSafeInteger(value);
}

function toUsage(facts: SpanFacts): Usage {
  const told = (count: number): number | null => (count < 0 ? null : count);
  return {
    inputTokens: told(facts.inputTokens),
    outputTokens: told(facts.outputTokens),
    cacheReadTokens: told(facts.cacheReadTokens),
    cacheWriteTokens: told(facts.cacheWriteTokens),
    reasoningTokens: told(facts.reasoningTokens),
  };
}

/** Of a plain decimal of up to twelve decimals. */
function toTrillionths(usd: string): bigint {
  const [whole = '', fraction = ''] = usd.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}
