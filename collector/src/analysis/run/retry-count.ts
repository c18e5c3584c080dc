import type { RunNode } from '../tree/run-tree.ts';
import type { Subtrees } from '../tree/subtrees.ts';
import { numberOf } from './span-facts.ts';

/**
 * Tries after the first. A try tells of itself by its number or a link to the try before; what tries again may tell of
 * it by an event, above the try or on the one that failed. An event counts where no try is left for it, so that no try
 * counts twice.
 */
export function countRetries({ topDown }: Subtrees): number {
  // By place, and last for all roots together: tries that no event has told of yet, and events without a try.
  const tries = new Int32Array(topDown.length + 1);
  const events = new Int32Array(topDown.length + 1);
  let count = 0;
  for (let i = topDown.length - 1; i >= 0; i -= 1) {
    const node = topDown[i];
    if (node === undefined) continue;
    const above = node.parent?.at ?? topDown.length;
    const left = toLeft(tries[node.at] ?? 0, (events[node.at] ?? 0) + countEvents(node));
    const own = Number(isRetry(node));
    tries[above] = (tries[above] ?? 0) + left.tries + own;
    count += own;
    // A failed try tells of the next one, which lies beside it.
    if (node.span.attempt > 0) events[above] = (events[above] ?? 0) + left.events;
    else count += left.events;
  }
  return count + toLeft(tries[topDown.length] ?? 0, events[topDown.length] ?? 0).events;
}

function toLeft(
  tries: number,
  events: number,
): { readonly tries: number; readonly events: number } {
  const told = Math.min(tries, events);
  return { tries: tries - told, events: events - told };
}

function countEvents({ span: { events } }: RunNode): number {
  return events.length === 0 ? 0 : events.filter(({ name }) => name === 'orchescope.retry').length;
}

function isRetry({ span, parent }: RunNode): boolean {
  // A wrapper and what it wraps may both bear the number of the try.
  if (span.attempt > 1) return parent?.span.attempt !== span.attempt;
  if (span.links.some(({ rel }) => rel === 'retries')) return true;
  return (numberOf(span, 'http.request.resend_count') ?? 0) > 0;
}
