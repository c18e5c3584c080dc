/** Door: what was measured of one group of a rule at one time, and what that means. Imports nothing. */

/** Of one window. Nothing is rounded. */
export type Reading = {
  /** Name of the group; empty when the rule has one. */
  readonly group: string;
  /** Null where there was nothing to make a value of. */
  readonly value: number | null;
  readonly samples: number;
  /** Of ratios: the samples that are bad; otherwise as many as samples. */
  readonly bad: number;
  /** Of costs: share of the calls that have a price; null elsewhere. */
  readonly pricedShare: number | null;
};

/** What relative conditions hold a value against. */
export type Baseline =
  | { readonly state: 'known'; readonly median: number; readonly deviation: number }
  /** Not enough hours yet. */
  | { readonly state: 'learning'; readonly hours: number };

/** Of burn rates: the bad share of each window of each pair, in the order of the condition. */
export type BurnReadings = readonly {
  readonly long: Reading;
  readonly short: Reading;
}[];

/**
 * `breach` = beyond the threshold; `inside` = not beyond, and not past the recovery line; `recovered` = past it;
 * `insufficient` = too little to judge: nothing fires and nothing resolves; `missing` = no sample of the group;
 * `failed` = it could not be read.
 */
export type Verdict =
  | {
      readonly type: 'breach' | 'inside' | 'recovered';
      readonly value: number | null;
      readonly threshold: number | null;
      readonly samples: number;
    }
  | {
      readonly type: 'insufficient';
      readonly reason: 'few_samples' | 'learning' | 'unpriced';
      readonly value: number | null;
      readonly samples: number;
    }
  | { readonly type: 'missing' }
  | { readonly type: 'failed'; readonly message: string };
