/** What a call is charged for beyond its tokens of text. Most calls have none of it. */
import type { AttributeValue } from '../../span.ts';
import { chargeRows, toolUsesPrefix, type ChargeName } from '../dialects/charge-keys.ts';
import { readCount, readText } from '../dialects/readers.ts';

export type Charges = {
  /** As the provider calls it, in lower case; empty = the standard one. */
  readonly serviceTier: string;
  /** Of the cost that the sender reported, in capitals; empty = USD. */
  readonly currency: string;
  /** Part of the cache writes, told inside of another attribute. */
  readonly cacheWrite1h: number;
  readonly media: MediaTokens;
  /** Name of a tool of the provider -> uses. */
  readonly toolUses: ReadonlyMap<string, number>;
};

/** Parts of input and output, and of each other: cached ones are among the input ones. */
export type MediaTokens = {
  readonly inputAudio: number;
  readonly cacheReadAudio: number;
  readonly outputAudio: number;
  readonly inputImage: number;
  readonly cacheReadImage: number;
  readonly outputImage: number;
};

export const noMedia: MediaTokens = {
  inputAudio: 0,
  cacheReadAudio: 0,
  outputAudio: 0,
  inputImage: 0,
  cacheReadImage: 0,
  outputImage: 0,
};

/** There is one of it, to be told by identity. */
export const noCharges: Charges = {
  serviceTier: '',
  currency: '',
  cacheWrite1h: 0,
  media: noMedia,
  toolUses: new Map(),
};

type Rule = {
  readonly charge: ChargeName;
  /** The lowest wins. */
  readonly rank: number;
  readonly path: readonly string[];
};

const rules = new Map<string, Rule[]>();
for (const [rank, [charge, key, path = []]] of chargeRows.entries()) {
  const group = rules.get(key) ?? [];
  group.push({ charge, rank, path });
  rules.set(key, group);
}

export function isChargeKey(key: string): boolean {
  return rules.has(key) || key.startsWith(toolUsesPrefix);
}

type Found = Map<ChargeName, { readonly rank: number; readonly value: string | number }>;

/** @param attributes all, or those of them that `isChargeKey` */
export function readCharges(attributes: Iterable<readonly [string, AttributeValue]>): Charges {
  let found: Found | null = null;
  for (const [key, value] of attributes) {
    const known = rules.get(key) ?? toolRules(key);
    if (known.length > 0) found = readAttribute(known, value, found);
  }
  return found === null ? noCharges : toCharges(found);
}

function readAttribute(
  known: readonly Rule[],
  value: AttributeValue,
  before: Found | null,
): Found | null {
  let found = before;
  let parsed: unknown;
  for (const { charge, rank, path } of known) {
    if ((found?.get(charge)?.rank ?? Infinity) < rank || !mayHold(value, path)) continue;
    if (path.length > 0) parsed ??= parseMembers(value);
    const read = readCharge(charge, path.length > 0 ? follow(parsed, path) : value, path);
    if (read === null) continue;
    found ??= new Map();
    found.set(charge, { rank, value: read });
  }
  return found;
}

const noRules: readonly Rule[] = [];

function toolRules(key: string): readonly Rule[] {
  if (!key.startsWith(toolUsesPrefix)) return noRules;
  const tool = key.slice(toolUsesPrefix.length).trim().toLowerCase();
  return tool === '' ? noRules : [{ charge: `tool ${tool}`, rank: -1, path: [] }];
}

/** Longer JSON is a payload, not a handful of facts. */
const maxJsonLength = 64 * 1024;

/** Most of the JSON that comes has no such member, and need not be parsed to know it. */
function mayHold(value: AttributeValue, path: readonly string[]): boolean {
  const member = path.at(-1);
  if (member === undefined || typeof value !== 'string') return true;
  return value.length <= maxJsonLength && value.includes(`"${member}"`);
}

function parseMembers(value: AttributeValue): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // A sender's text that only looks like JSON says nothing of charges, and stays as it is.
    return null;
  }
}

function follow(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const member of path) {
    if (at instanceof Map) at = at.get(member);
    else if (typeof at !== 'object' || at === null || !Object.hasOwn(at, member)) return null;
    else at = (at as Readonly<Record<string, unknown>>)[member];
  }
  return at ?? null;
}

/** What all providers call the tier that is no special one. Where it is chosen for the caller, only the answer tells. */
const standardTiers: ReadonlySet<string> = new Set([
  'default',
  'standard',
  'standard_only',
  'on_demand',
  'on-demand',
]);
const undecidedTiers: ReadonlySet<string> = new Set(['', 'auto', 'unspecified']);
const maxWordLength = 64;

/** Null = says nothing. */
function readCharge(
  charge: ChargeName,
  value: unknown,
  path: readonly string[],
): string | number | null {
  if (charge === 'serviceTier') return readTier(value, path.at(-1) === 'speed');
  if (charge === 'currency') return readWord(value)?.toUpperCase() ?? null;
  if (Array.isArray(value)) return value.length;
  return isScalar(value) ? readCount(value) : null;
}

function readTier(value: unknown, isSpeed: boolean): string | null {
  const tier =
    readWord(value)
      ?.toLowerCase()
      .replace(/^service_tier_/, '') ?? '';
  // Beside the tier Anthropic has speeds, of which only the other one is charged.
  if (undecidedTiers.has(tier) || (isSpeed && tier !== 'fast')) return null;
  return standardTiers.has(tier) ? '' : tier;
}

function readWord(value: unknown): string | null {
  const word = isScalar(value) ? readText(value)?.trim() : undefined;
  return word === undefined || word === '' ? null : word.slice(0, maxWordLength);
}

function isScalar(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function toCharges(found: Found): Charges {
  // Most senders say that there is nothing: the standard tier, no sound.
  if (!saysAny(found)) return noCharges;
  const count = (charge: ChargeName): number => Number(found.get(charge)?.value ?? 0);
  const currency = String(found.get('currency')?.value ?? '');
  const charges: Charges = {
    serviceTier: String(found.get('serviceTier')?.value ?? ''),
    currency: currency === 'USD' ? '' : currency,
    cacheWrite1h: count('cacheWrite1h'),
    media: toMedia(count),
    toolUses: toToolUses(found),
  };
  return isNone(charges) ? noCharges : charges;
}

function saysAny(found: Found): boolean {
  for (const { value } of found.values()) if (value !== '' && value !== 0) return true;
  return false;
}

function toMedia(count: (charge: ChargeName) => number): MediaTokens {
  const media = {
    inputAudio: count('inputAudio'),
    cacheReadAudio: count('cacheReadAudio'),
    outputAudio: count('outputAudio'),
    inputImage: count('inputImage'),
    cacheReadImage: count('cacheReadImage'),
    outputImage: count('outputImage'),
  };
  return Object.values(media).some((tokens) => tokens !== 0) ? media : noMedia;
}

function toToolUses(found: Found): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const [charge, { value }] of found) {
    if (charge.startsWith('tool ') && Number(value) > 0) uses.set(charge.slice(5), Number(value));
  }
  return uses;
}

function isNone({ serviceTier, currency, cacheWrite1h, media, toolUses }: Charges): boolean {
  const isPlain = serviceTier === '' && currency === '' && cacheWrite1h === 0;
  return isPlain && media === noMedia && toolUses.size === 0;
}
