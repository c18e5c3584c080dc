import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { toRunTree } from '../tree/run-tree.ts';
import { toCriticalPath } from './to-critical-path.ts';
import { walkPath } from './walk-path.ts';

const ms = 1_000_000;

/** Start to end, in milliseconds; `-` where nothing was at work. */
function pathOf(sketches: readonly Sketch[]): string[] {
  return walkPath(toRunTree(sketchSpans(sketches)))
    .toReversed()
    .map(({ node, fromNs, toNs }) => `${node?.span.name ?? '-'} ${fromNs / ms}-${toNs / ms}`);
}

test('of branches that run at once the one that ended last is on the path', () => {
  const run = { id: 'run', until: 100 };
  const quick = { id: 'quick', parent: 'run', at: 10, until: 40 };
  const slow = { id: 'slow', parent: 'run', at: 12, until: 90 };
  expect(pathOf([run, quick, slow])).toEqual(['run 0-12', 'slow 12-90', 'run 90-100']);
});

test('steps one after the other are all on it, and the time between is that of the parent', () => {
  expect(
    pathOf([
      { id: 'run', until: 100 },
      { id: 'one', parent: 'run', at: 0, until: 40 },
      { id: 'two', parent: 'run', at: 50, until: 100 },
    ]),
  ).toEqual(['one 0-40', 'run 40-50', 'two 50-100']);
});

test('a message in another trace continues the path, its wait is nobody’s work', () => {
  const links = [{ to: 'send', trace: 'trace', rel: 'caused_by' }];
  expect(
    pathOf([
      { id: 'run', until: 20 },
      { id: 'send', parent: 'run', at: 15, until: 16 },
      { id: 'process', traceId: 'later', at: 50, until: 80, links },
    ]),
  ).toEqual(['run 0-15', 'send 15-16', 'run 16-20', '- 20-50', 'process 50-80']);
});

test('work that goes on after its parent has ended is on the path', () => {
  expect(
    pathOf([
      { id: 'run', until: 20 },
      { id: 'background', parent: 'run', at: 10, until: 60 },
    ]),
  ).toEqual(['run 0-10', 'background 10-60']);
});

test('a clock that is ahead does not count time twice', () => {
  expect(
    pathOf([
      { id: 'run', at: 0, until: 50 },
      { id: 'first', parent: 'run', at: 0, until: 30 },
      { id: 'second', parent: 'run', at: 30, until: 50 },
      { id: 'skewed', parent: 'second', at: 20, until: 45 },
    ]),
  ).toEqual(['first 0-30', 'skewed 30-45', 'second 45-50']);
});

test('shares say whose time it was, and what was paid on the path', () => {
  const tree = toRunTree(
    sketchSpans([
      { id: 'run', kind: 'workflow', until: 100 },
      { id: 'writer', kind: 'agent', agentName: 'writer', parent: 'run', until: 80 },
      { id: 'chat', kind: 'llm', parent: 'writer', at: 10, until: 80, costTrillionths: 5n },
      { id: 'aside', kind: 'llm', parent: 'writer', at: 10, until: 60, costTrillionths: 7n },
      { id: 'person', kind: 'approval', parent: 'run', at: 80, until: 100, flags: 16 },
    ]),
  );
  const calls = tree.nodes.filter(({ span }) => span.kind === 'llm');
  expect(toCriticalPath(tree, calls)).toEqual({
    shares: [
      { kind: 'llm', agent: 'writer', ns: 70 * ms, costTrillionths: 5n },
      { kind: 'waiting', agent: '', ns: 20 * ms, costTrillionths: 0n },
      { kind: 'agent', agent: 'writer', ns: 10 * ms, costTrillionths: 0n },
    ],
    costOnPathTrillionths: 5n,
    slack: [expect.objectContaining({ name: 'aside', slackNs: 20 * ms })],
  });
});

test('siblings that did not run at once have no slack', () => {
  const tree = toRunTree(
    sketchSpans([
      { id: 'run', until: 100 },
      { id: 'one', parent: 'run', at: 0, until: 40 },
      { id: 'two', parent: 'run', at: 40, until: 100 },
      { id: 'three', parent: 'run', at: 50, until: 70 },
    ]),
  );
  expect(toCriticalPath(tree, []).slack.map(({ name, slackNs }) => [name, slackNs / ms])).toEqual([
    ['three', 30],
  ]);
});

test('whatever the spans, the path covers the run once from start to end', () => {
  const sketch = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    parent: fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'x'),
    at: fc.nat(20),
    length: fc.nat(20),
  });
  const drawn = fc.uniqueArray(sketch, { minLength: 1, selector: ({ id }) => id });
  fc.assert(
    fc.property(drawn, (draws) => {
      const sketches = draws.map(({ id, parent, at, length }) => ({
        id,
        parent,
        at,
        until: at + length,
      }));
      const tree = toRunTree(sketchSpans(sketches));
      let reached = tree.startNs;
      for (const { fromNs, toNs } of walkPath(tree).toReversed()) {
        expect(fromNs).toBe(reached);
        expect(toNs).toBeGreaterThan(fromNs);
        reached = toNs;
      }
      expect(reached).toBe(tree.endNs);
    }),
    { numRuns: 2_000 },
  );
});
