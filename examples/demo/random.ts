/** A seeded source of numbers: the same seed gives the same sequence on every machine. */
export type Random = {
  /** 0 <= n < 1. */
  next(): number;
  /** Whole number, both ends included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Durations and sizes of real systems: half lie below `median`, a few far above it. */
  longTail(median: number, spread?: number): number;
  /** Lower-case hex, two characters a byte, never all zero. */
  hex(bytes: number): string;
};

export function createRandom(seed: number): Random {
  const next = mulberry32(seed);
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    longTail: (median, spread = 0.5) => median * Math.exp(spread * normal(next)),
    hex: (bytes) => {
      let text = '';
      for (let i = 0; i < bytes; i++)
        text += int(i === 0 ? 1 : 0, 255)
          .toString(16)
          .padStart(2, '0');
      return text;
    },
  };
}

/** The public-domain generator of that name: 32 bits of state, enough for test data. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Box-Muller; `1 - next()` keeps the logarithm finite. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
