import { relations } from '@orchescope/sdk/attributes';
import {
  array,
  assert,
  constantFrom,
  integer,
  option,
  property,
  record,
  type Arbitrary,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runStatuses } from '../../run.ts';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { spanKinds, spanStatuses } from '../../span.ts';
import { toFacts } from './facts.testing.ts';

/** Parents in rings, spans that link to themselves, clocks that go backwards, ids that mean several things. */
const spans = array(
  record({
    parent: integer({ min: -1, max: 12 }),
    trace: integer({ min: 0, max: 3 }),
    kind: constantFrom(...spanKinds),
    otelKind: integer({ min: 0, max: 5 }),
    status: constantFrom(...spanStatuses),
    at: integer({ min: -1_000, max: 1_000 }),
    takes: option(integer({ min: 0, max: 100 })),
    runId: constantFrom('', '', 'r1', 'r2'),
    parentRun: constantFrom('', '', 'r1', 'r2'),
    outcome: constantFrom('', 'completed', 'suspended', 'constructor', '__proto__'),
    agentName: constantFrom('', 'a', 'b', '__proto__'),
    handoffTo: constantFrom('', 'a', 'b'),
    responseId: constantFrom('', 'resp_1', 'chatcmpl-AbCdEfGhIjKlMnOpQrSt'),
    inputTokens: option(integer({ min: 0, max: 9 })),
    linkTo: option(integer({ min: 0, max: 12 })),
    rel: constantFrom('', 'made up', ...relations),
    attempt: integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

function toSketches(told: ArbitraryValue<typeof spans>): Sketch[] {
  return told.map(({ parent, trace, at, takes, parentRun, outcome, linkTo, rel, ...rest }, i) => ({
    ...rest,
    id: `s${i}`,
    parent: parent < 0 ? '' : `s${parent}`,
    traceId: `t${trace}`,
    at,
    until: takes === null ? null : at + takes,
    attributes: {
      ...(outcome !== '' && { 'orchescope.run.outcome': outcome }),
      ...(parentRun !== '' && { 'orchescope.run.parent.id': parentRun }),
    },
    links: linkTo === null ? [] : [{ to: `s${linkTo}`, trace: `t${trace}`, rel }],
  }));
}

type ArbitraryValue<T> = T extends Arbitrary<infer Value> ? Value : never;

describe('whatever is sent', () => {
  test('every span is in one run at most, and its figures are figures', () => {
    assert(
      property(spans, (told) => {
        const runs = toFacts(sketchSpans(toSketches(told)));
        expect(runs.reduce((sum, { spanCount }) => sum + spanCount, 0)).toBeLessThanOrEqual(
          told.length,
        );
        expect(new Set(runs.map(({ runId }) => runId)).size).toBe(runs.length);
        for (const { status, durationNs, activeNs, waitingNs } of runs) {
          expect(runStatuses).toContain(status);
          expect(activeNs).toBeGreaterThanOrEqual(0);
          expect(waitingNs).toBeGreaterThanOrEqual(0);
          expect(activeNs + waitingNs).toBe(durationNs);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('the order in which it comes does not matter', () => {
    assert(
      property(spans, integer({ min: 0, max: 12 }), (told, cut) => {
        const { baseUnixNano, leftOut, spans } = sketchSpans(toSketches(told));
        const turned = [...spans.slice(cut), ...spans.slice(0, cut), ...spans];
        expect(toFacts({ baseUnixNano, leftOut, spans: turned.toReversed() })).toEqual(
          toFacts({ baseUnixNano, leftOut, spans }),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('no tokens count that no call told', () => {
    assert(
      property(spans, (told) => {
        const sketches = toSketches(told);
        const most = sketches.reduce((sum, { inputTokens }) => sum + (inputTokens ?? 0), 0);
        const counted = toFacts(sketchSpans(sketches)).reduce(
          (sum, { tokens }) => sum + (tokens.input ?? 0),
          0,
        );
        expect(counted).toBeLessThanOrEqual(most);
      }),
    );
  });
});
