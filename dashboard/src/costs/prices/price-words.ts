/** What is said of prices. */
import type { PricedModel, PriceOverride } from 'orchescope/contract';
import { formatUsd, unknown } from '../../format.ts';

export const priceParts = [
  { key: 'input', label: 'Input' },
  { key: 'output', label: 'Output' },
  { key: 'cacheRead', label: 'Read from cache' },
  { key: 'cacheWrite', label: 'Written to cache' },
  { key: 'cacheWrite1h', label: 'Written for an hour' },
  { key: 'reasoning', label: 'Reasoning' },
  { key: 'inputAudio', label: 'Audio in' },
  { key: 'outputAudio', label: 'Audio out' },
  { key: 'cacheReadAudio', label: 'Audio read from cache' },
  { key: 'inputImage', label: 'Images in' },
  { key: 'outputImage', label: 'Images out' },
  { key: 'cacheReadImage', label: 'Images read from cache' },
] as const;

/** In the buckets of the contract; a server may know fewer, or tell fewer. */
export type ListedPrices = Readonly<Partial<Record<string, number | null>>>;

export const sourceWords: Readonly<Record<PricedModel['source'], string>> = {
  list: 'price list',
  file: 'price file',
  override: 'set here',
  none: 'no price',
};

export const matchWords: Readonly<Record<PricedModel['match'], string>> = {
  exact: 'by its name',
  alias: 'by another name of it',
  prefix: 'by the family of the model',
  none: unknown,
};

/** "Of the list: output, read from cache"; empty where one source has it all. */
export function inheritedInWords(inherited: PricedModel['inherited']): string {
  const labels = priceParts
    .filter(({ key }) => inherited.includes(key))
    .map(({ label }) => label.toLowerCase());
  return labels.length === 0 ? '' : `of the list: ${labels.join(', ')}`;
}

/** USD of a million tokens; "–" where nothing is said. */
export function formatPrice(price: number | null): string {
  return price === null ? unknown : formatUsd(String(price));
}

export function otherPricesInWords(
  prices: ListedPrices | null,
  inherited: PricedModel['inherited'],
): string {
  if (prices === null) return '';
  return priceParts
    .slice(2)
    .flatMap(({ key, label }) => {
      const price = prices[key] ?? null;
      const whose = inherited.includes(key) ? ', of the list' : '';
      return price === null ? [] : [`${label}: ${formatPrice(price)}${whose}`];
    })
    .join('\n');
}

/** "$2 in, $8 out", "$1.20 an hour", "free". */
export function overrideInWords(override: PriceOverride): string {
  const { usdPerMillionTokens: tokens, usdPerHour: hour, usdPerRequest, usdPerToolUse } = override;
  const parts: string[] = [];
  if (tokens !== null) {
    const listed: ListedPrices = tokens;
    for (const { key, label } of priceParts) {
      const price = listed[key] ?? null;
      if (price !== null) parts.push(`${label.toLowerCase()} ${formatPrice(price)}`);
    }
  }
  if (hour !== null) {
    const shared = hour.concurrency === 1 ? '' : ` shared by ${hour.concurrency} calls`;
    parts.push(`${formatPrice(hour.usd)} an hour of hardware${shared}`);
  }
  if ((usdPerRequest ?? 0) > 0) parts.push(`${formatPrice(usdPerRequest)} a request`);
  for (const [tool, price] of Object.entries(usdPerToolUse)) {
    parts.push(`${formatPrice(price)} a use of ${tool}`);
  }
  if (override.inherit) return [...parts, 'the rest as listed'].join(', ');
  return parts.length === 0 ? 'free' : parts.join(', ');
}

/** The server numbers prices from 0, and by the name of their field. */
export function toPriceSentence(message: string): string {
  const named = message.replaceAll(
    /\boverrides\.(\d+)(?:\.[\w.]+)?/g,
    (_, at: string) => `price ${Number(at) + 1} of your own`,
  );
  return named.charAt(0).toUpperCase() + named.slice(1);
}

/** Nothing that it prices costs anything. */
export function isFree({ usdPerMillionTokens, usdPerHour, ...rest }: PriceOverride): boolean {
  // What the list says of the rest is not known here; the server asks where it says nothing.
  if (rest.inherit) return usdPerMillionTokens?.input === 0 && usdPerMillionTokens.output === 0;
  const prices = Object.values(usdPerMillionTokens ?? {});
  return [
    ...prices,
    usdPerHour?.usd ?? 0,
    rest.usdPerRequest,
    ...Object.values(rest.usdPerToolUse),
  ].every((price) => price === null || price === 0);
}
