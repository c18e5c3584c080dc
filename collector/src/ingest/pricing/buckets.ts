/** The tokens of one call in parts that do not overlap, so that each is paid once. */
import type { Usage } from '../../span.ts';
import { noMedia, type Charges, type MediaTokens } from './charges.ts';

export type Buckets = {
  readonly inputUncached: number;
  readonly cacheRead: number;
  /** Kept for minutes; on most price lists dearer than input. */
  readonly cacheWrite: number;
  /** Kept for an hour; dearer still. */
  readonly cacheWrite1h: number;
  /** Without reasoning. */
  readonly output: number;
  readonly reasoning: number;
};

/** Here `inputAudio` and `inputImage` are what was not read from a cache. */
export type MediaBuckets = MediaTokens;

export type AllBuckets = Buckets & MediaBuckets;

/** Null when the counts cannot be priced: input not told, a count that is none, or parts larger than their whole. */
export function toBuckets(usage: Usage, { media, cacheWrite1h }: Charges): AllBuckets | null {
  if (usage.inputTokens === null) return null;
  const written = usage.cacheWriteTokens ?? 0;
  const hourly = usage.cacheWriteTokens === null ? 0 : cacheWrite1h;
  const cacheRead = usage.cacheReadTokens ?? 0;
  const reasoning = usage.reasoningTokens ?? 0;
  const { cacheReadAudio, outputAudio, cacheReadImage, outputImage } = media;
  const inputAudio = media.inputAudio - cacheReadAudio;
  const inputImage = media.inputImage - cacheReadImage;
  const buckets = {
    inputUncached: usage.inputTokens - cacheRead - written - inputAudio - inputImage,
    cacheRead: cacheRead - cacheReadAudio - cacheReadImage,
    cacheWrite: written - hourly,
    cacheWrite1h: hourly,
    output: (usage.outputTokens ?? 0) - reasoning - outputAudio - outputImage,
    reasoning,
    inputAudio,
    cacheReadAudio,
    outputAudio,
    inputImage,
    cacheReadImage,
    outputImage,
  };
  return isText(buckets) && (media === noMedia || isMedia(buckets)) ? buckets : null;
}

/** Every call comes by here, so there is no list to walk. */
function isText(buckets: Buckets): boolean {
  return (
    isCount(buckets.inputUncached) &&
    isCount(buckets.cacheRead) &&
    isCount(buckets.cacheWrite) &&
    isCount(buckets.cacheWrite1h) &&
    isCount(buckets.output) &&
    isCount(buckets.reasoning)
  );
}

function isMedia(buckets: MediaBuckets): boolean {
  return (
    isCount(buckets.inputAudio) &&
    isCount(buckets.cacheReadAudio) &&
    isCount(buckets.outputAudio) &&
    isCount(buckets.inputImage) &&
    isCount(buckets.cacheReadImage) &&
    isCount(buckets.outputImage)
  );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
