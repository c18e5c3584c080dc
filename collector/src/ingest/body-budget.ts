/** What all requests under way may hold together: limits on one body bound nothing when many come at once. */
import type { IngestLimits } from './limits.ts';
import { Refusal } from './refusal.ts';

export type BodyShare = {
  /** Once the body is whole: who is slow to send takes no place from others. @throws Refusal when too many are under way */
  readonly enter: () => void;
  /** @throws Refusal when all bodies together would hold too much */
  readonly take: (bytes: number) => void;
  /** What was taken and not needed. */
  readonly giveUp: (bytes: number) => void;
  /** All that was taken, and the place of the request. */
  readonly giveBack: () => void;
};

export type BodyBudget = {
  readonly open: () => BodyShare;
  readonly heldBytes: () => number;
  /** Whole ones that wait for their answer. */
  readonly requests: () => number;
};

export function createBodyBudget(limits: Pick<IngestLimits, 'heldBytes' | 'requests'>): BodyBudget {
  let held = 0;
  let requests = 0;
  return {
    heldBytes: () => held,
    requests: () => requests,
    open: () => {
      let own = 0;
      let isIn = false;
      return {
        enter: () => {
          if (requests >= limits.requests) throw busy(limits.requests);
          requests++;
          isIn = true;
        },
        take: (bytes) => {
          // A body that is alone is bounded by its own limits, whatever they are set to.
          if (held > own && held + bytes > limits.heldBytes) throw overload();
          held += bytes;
          own += bytes;
        },
        giveUp: (bytes) => {
          held -= bytes;
          own -= bytes;
        },
        giveBack: () => {
          held -= own;
          own = 0;
          if (isIn) requests--;
          isIn = false;
        },
      };
    },
  };
}

function overload(): Refusal {
  return new Refusal('overload', 'Too many large bodies arrive at once: try again in a moment.');
}

function busy(limit: number): Refusal {
  return new Refusal(
    'overload',
    `More than ${limit} requests are under way: try again in a moment.`,
  );
}
