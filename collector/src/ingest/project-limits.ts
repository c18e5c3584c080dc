/**
 * How fast one project may send: a bucket of tokens for spans and one for bytes. What a request costs is known only
 * when it was read, so a request is let in while anything is left, and a bucket may end below nothing: a batch larger
 * than a second's allowance passes, and those after it wait.
 */
import { Refusal } from './refusal.ts';

/** Null = as fast as it can. */
export type ProjectRates = {
  readonly spansPerSecond: number | null;
  readonly bytesPerSecond: number | null;
};

export type ProjectLimits = {
  /** Asked before the body is read. @throws Refusal when the project has used up what it may send */
  readonly admit: (projectId: string) => void;
  /** Records of any signal count as spans; bytes are inflated ones. */
  readonly charge: (projectId: string, cost: { bytes?: number; spans?: number }) => void;
};

/** Saved up by a project that was quiet. */
const burstSeconds = 2;
/** A full bucket need not be remembered; beyond this many the one used longest ago is forgotten. */
const maxBuckets = 10_000;
const maxRetryAfterSeconds = 5;

type Bucket = { spans: number; bytes: number; filledAtMs: number };

export function createProjectLimits(
  ratesOf: (projectId: string) => ProjectRates,
  nowMs: () => number = () => performance.now(),
): ProjectLimits {
  const buckets = new Map<string, Bucket>();

  function fill(projectId: string, rates: ProjectRates): Bucket {
    const spans = rates.spansPerSecond ?? Infinity;
    const bytes = rates.bytesPerSecond ?? Infinity;
    const now = nowMs();
    const old = buckets.get(projectId);
    const seconds = old === undefined ? burstSeconds : (now - old.filledAtMs) / 1000;
    const bucket = {
      spans: Math.min((old?.spans ?? 0) + spans * seconds, spans * burstSeconds),
      bytes: Math.min((old?.bytes ?? 0) + bytes * seconds, bytes * burstSeconds),
      filledAtMs: now,
    };
    // Taken out first, so that the order of the map is the order of use.
    buckets.delete(projectId);
    buckets.set(projectId, bucket);
    const oldest = buckets.size > maxBuckets ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    return bucket;
  }

  return {
    admit: (projectId) => {
      const rates = ratesOf(projectId);
      if (isUnlimited(rates)) return;
      const { spans, bytes } = fill(projectId, rates);
      if (spans <= 0) throw tooFast(projectId, rates.spansPerSecond ?? 1, 'spans', -spans);
      if (bytes <= 0) throw tooFast(projectId, rates.bytesPerSecond ?? 1, 'bytes', -bytes);
    },
    charge: (projectId, { spans = 0, bytes = 0 }) => {
      const rates = ratesOf(projectId);
      if (isUnlimited(rates)) return;
      const bucket = fill(projectId, rates);
      bucket.spans -= spans;
      bucket.bytes -= bytes;
    },
  };
}

function isUnlimited({ spansPerSecond, bytesPerSecond }: ProjectRates): boolean {
  return spansPerSecond === null && bytesPerSecond === null;
}

function tooFast(projectId: string, rate: number, unit: string, debt: number): Refusal {
  const seconds = Math.ceil(debt / rate);
  return new Refusal(
    'project_rate',
    `Project ${projectId} sends more than its ${rate} ${unit} a second: send again later, or have its limit raised.`,
    { retryAfterSeconds: Math.min(Math.max(seconds, 1), maxRetryAfterSeconds) },
  );
}
