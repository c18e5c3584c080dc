import { eventAttributes } from '@orchescope/sdk/attributes';
import { breakerStates, type BreakerState, type BreakerTransition } from '../../run.ts';
import type { RunTree } from '../tree/run-tree.ts';
import { textOf } from './span-facts.ts';

/** In the order they happened. */
export function toBreakerTransitions({ nodes, baseUnixNano }: RunTree): BreakerTransition[] {
  const transitions: { readonly timeNs: number; readonly transition: BreakerTransition }[] = [];
  for (const { span } of nodes) {
    for (const event of span.events) {
      const state = toState(textOf(event, eventAttributes.breaker.state));
      if (event.name !== 'orchescope.breaker' || state === null) continue;
      const transition = {
        traceId: span.traceId,
        spanId: span.spanId,
        breaker: textOf(event, eventAttributes.breaker.name),
        state,
        timeUnixNano: baseUnixNano + BigInt(Math.round(event.timeNs)),
      };
      transitions.push({ timeNs: event.timeNs, transition });
    }
  }
  return transitions.sort((a, b) => a.timeNs - b.timeNs).map(({ transition }) => transition);
}

function toState(word: string): BreakerState | null {
  return breakerStates.find((state) => state === word) ?? null;
}
