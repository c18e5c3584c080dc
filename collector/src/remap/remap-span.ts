/** One stored span, mapped again with the dialects of today. Pure: nothing is read or written here. */
import type { Pricer } from '../ingest/pricing/pricer.ts';
import { toPricedSpan, type UnpricedSpan } from '../ingest/pricing/to-priced-span.ts';
import { toSpanAsItIs } from '../ingest/to-span/to-span.ts';
import { spanFlags, type Span } from '../span.ts';
import { keepFormats } from './content-attributes.ts';
import { keepWholeBodies, splitContent } from './event-content.ts';
import { findChanges, findLosses, toTokens, toUsdText } from './find-changes.ts';
import { toDecoded } from './to-decoded.ts';

export type RemapContext = {
  readonly receivedUnixNano: bigint;
  /** Its messages may have expired before the span did. */
  readonly mayLackContent: boolean;
  readonly price: Pricer;
};

export type Remapped =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'changed'; readonly span: Span; readonly columns: readonly string[] }
  /** It would be another row, but a poorer one: it stays as it is. */
  | { readonly outcome: 'kept'; readonly reason: KeptReason };

export type KeptReason = 'content_expired' | 'would_be_cut' | 'not_taken_today';

export function remapSpan(stored: Span, context: RemapContext): Remapped {
  const derived = derive(stored, context);
  if (derived === null) return { outcome: 'kept', reason: 'not_taken_today' };
  const columns = findChanges(stored, derived.span);
  if (columns.length === 0) return { outcome: 'same' };
  if (derived.isCut) return { outcome: 'kept', reason: 'would_be_cut' };
  if (context.mayLackContent && findLosses(stored, derived.span).length > 0) {
    return { outcome: 'kept', reason: 'content_expired' };
  }
  return { outcome: 'changed', span: derived.span, columns };
}

type Derived = {
  readonly span: Span;
  /** Something would be shorter than it is stored: it was an attribute, or limits were higher then. */
  readonly isCut: boolean;
};

/** Null for a span that ingest would not take. */
function derive(stored: Span, { receivedUnixNano, price }: RemapContext): Derived | null {
  const isTruncated = (stored.flags & spanFlags.truncated) !== 0;
  const { ofAttributes, ofEvents } = splitContent(stored, isTruncated);
  const { decoded, resource, scope, unreadable } = toDecoded(stored, ofAttributes);
  const { projectId } = stored;
  const result = toSpanAsItIs(decoded, { projectId, receivedUnixNano, resource, scope });
  if (!result.ok) return null;
  const { span } = result;
  const whole = keepWholeBodies(span.content, ofEvents, isTruncated);
  const content = [...keepFormats(whole, ofAttributes), ...unreadable];
  const flags = keepTold(stored.flags, span.flags);
  return {
    span: toCostedSpan(stored, { ...span, content, flags }, price),
    isCut: (span.flags & spanFlags.truncated) !== 0,
  };
}

const timeFlags = spanFlags.running | spanFlags.endBeforeStart | spanFlags.badTime;

/** Times were judged as they were sent, by the clock of that day, before the store clamped them. What was cut stays cut. */
function keepTold(stored: number, derived: number): number {
  const kept = timeFlags | spanFlags.truncated;
  return (stored & kept) | (derived & ~timeFlags);
}

/** Pricing again is another decision: a call that is the same call keeps its cost. */
function toCostedSpan(stored: Span, derived: UnpricedSpan, price: Pricer): Span {
  const reportedUsd = stored.costSource === 'reported' ? stored.costUsd : null;
  const isSameCall =
    toCallText(stored) === toCallText(derived) &&
    toUsdText(reportedUsd) === toUsdText(derived.costUsd);
  if (!isSameCall) return toPricedSpan(derived, price);
  const { costUsd, costSource, computedCostUsd, priceVersion, priceMatch } = stored;
  return { ...derived, costUsd, costSource, computedCostUsd, priceVersion, priceMatch };
}

/** What a price depends on. */
function toCallText({
  kind,
  provider,
  modelRequested,
  modelAnswered,
  usage,
}: UnpricedSpan): string {
  const models = [modelRequested, modelAnswered].map((model) => model.toWellFormed());
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const tokens = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens].map(toTokens);
  return JSON.stringify([kind, provider, ...models, tokens, toTokens(usage.reasoningTokens)]);
}
