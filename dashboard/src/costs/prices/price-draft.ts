/** A price of one's own while it is written. Pure. */
import type { PriceOverride } from 'orchescope/contract';
import { priceParts, type ListedPrices } from './price-words.ts';

export type PriceDraft = {
  provider: string;
  model: string;
  from: string;
  serviceTier: string;
  kind: 'tokens' | 'hour';
  /** Whether what is left empty is what the list says; otherwise this is the whole price. */
  inherit: boolean;
  /** USD of a million tokens, as typed; empty = as the whole it is part of. */
  prices: Record<string, string>;
  usdPerHour: string;
  concurrency: string;
  usdPerRequest: string;
  /** `web_search 0.01`, one a line. */
  tools: string;
  note: string;
};

export function toPriceDraft(start: Partial<PriceOverride>): PriceDraft {
  const { usdPerMillionTokens: tokens = null, usdPerHour: hour = null } = start;
  const text = (value: number | null | undefined): string => String(value ?? '');
  const listed: ListedPrices = tokens ?? {};
  const prices = Object.fromEntries(priceParts.map(({ key }) => [key, text(listed[key])]));
  return {
    provider: start.provider ?? '',
    model: start.model ?? '',
    from: start.from ?? '',
    serviceTier: start.serviceTier ?? '',
    kind: hour === null ? 'tokens' : 'hour',
    inherit: start.inherit ?? false,
    prices,
    usdPerHour: text(hour?.usd),
    concurrency: String(hour?.concurrency ?? 1),
    usdPerRequest: text(start.usdPerRequest),
    tools: Object.entries(start.usdPerToolUse ?? {})
      .map(([tool, usd]) => `${tool} ${usd}`)
      .join('\n'),
    note: start.note ?? '',
  };
}

/** A sentence when something cannot be read. */
export function toOverride(draft: PriceDraft): PriceOverride | string {
  const model = draft.model.trim();
  if (!/^([^*]+\*?|\*)$/.test(model)) return 'Name a model; one * may stand at its end.';
  const prices = toPrices(draft);
  if (typeof prices === 'string') return prices;
  const hour = draft.kind === 'hour' ? toNumber(draft.usdPerHour) : 0;
  if (hour === null) return 'Write what an hour of hardware costs, e.g. 1.20.';
  const concurrency = toNumber(draft.concurrency);
  if (concurrency === null || concurrency <= 0)
    return 'Write how many calls share the hardware, e.g. 4.';
  const isFreeOfRequests = draft.usdPerRequest.trim() === '';
  const request = isFreeOfRequests ? null : toNumber(draft.usdPerRequest);
  if (request === null && !isFreeOfRequests) return 'Write what a request costs, e.g. 0.005.';
  const tools = toTools(draft.tools);
  if (tools === null) return 'Write one tool a line, and what a use of it costs: web_search 0.01.';
  return {
    provider: draft.provider.trim(),
    model,
    from: draft.from === '' ? null : draft.from,
    serviceTier: draft.serviceTier.trim(),
    inherit: isInheriting(draft),
    usdPerMillionTokens: prices,
    usdPerHour: draft.kind === 'hour' ? { usd: hour, concurrency } : null,
    usdPerRequest: request,
    usdPerToolUse: tools,
    note: draft.note.trim(),
  };
}

function isInheriting({ kind, inherit }: PriceDraft): boolean {
  return kind === 'tokens' && inherit;
}

function toPrices(draft: PriceDraft): PriceOverride['usdPerMillionTokens'] | string {
  const { kind, prices } = draft;
  if (kind === 'hour') return null;
  const parts: Record<string, number> = {};
  for (const { key, label } of priceParts) {
    if ((prices[key] ?? '').trim() === '') continue;
    const price = toNumber(prices[key]);
    if (price === null) {
      return `${label}: write USD for a million tokens, e.g. 0.25; 0 = free.`;
    }
    parts[key] = price;
  }
  const { input = null, output = null } = parts;
  // An empty price would be a guess: free is written as 0.
  if (!isInheriting(draft) && (input === null || output === null)) {
    return 'Write what a million input and a million output tokens cost, e.g. 2.50; 0 = free.';
  }
  if (Object.keys(parts).length === 0) {
    return draft.usdPerRequest.trim() === '' && draft.tools.trim() === ''
      ? 'Write at least one price that differs from the list.'
      : null;
  }
  // What is left out is null to the server.
  return { ...parts, input, output } as PriceOverride['usdPerMillionTokens'];
}

function toTools(text: string): Record<string, number> | null {
  const found: [string, number][] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [, tool = '', price = ''] = /^\s*(\S+)[\s:=]+(\S+)\s*$/.exec(line) ?? [];
    const usd = toNumber(price);
    if (tool === '' || usd === null) return null;
    found.push([tool, usd]);
  }
  return Object.fromEntries(found);
}

/** null when it is no amount from zero on. */
function toNumber(text = ''): number | null {
  const plain = text.trim().replace(/^\$/, '');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** In the place of the one of the same model, or beside the others. */
export function withOverride(
  all: readonly PriceOverride[],
  made: PriceOverride,
  replaced: PriceOverride | null,
): PriceOverride[] {
  if (replaced === null) return [...all, made];
  return all.map((one) => (one === replaced ? made : one));
}
