/** What all bodies under way may hold together: limits on one body bound nothing when many come at once. */
import { Refusal } from './refusal.ts';

export type BodyShare = {
  /** @throws Refusal when all bodies together would hold too much */
  readonly take: (bytes: number) => void;
  /** All that was taken. */
  readonly giveBack: () => void;
};

export type BodyBudget = { readonly open: () => BodyShare };

export function createBodyBudget(limitBytes: number): BodyBudget {
  let held = 0;
  return {
    open: () => {
      let own = 0;
      return {
        take: (bytes) => {
          // A body that is alone is bounded by its own limits, whatever they are set to.
          if (held > own && held + bytes > limitBytes) throw overload();
          held += bytes;
          own += bytes;
        },
        giveBack: () => {
          held -= own;
          own = 0;
        },
      };
    },
  };
}

function overload(): Refusal {
  return new Refusal('overload', 'Too many large bodies arrive at once: try again in a moment.');
}
