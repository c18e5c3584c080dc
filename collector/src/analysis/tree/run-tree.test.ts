import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sketchSpans, toTestSpanId, toTestTraceId } from '../../run-spans.testing.ts';
import { toRunTree, type RunNode } from './run-tree.ts';

const ids = (nodes: readonly RunNode[]): string[] => nodes.map(({ span }) => span.name);

test('children stand below their parent in order of start, and know their agent', () => {
  const tree = toRunTree(
    sketchSpans([
      { id: 'run', kind: 'workflow', until: 9 },
      { id: 'second', parent: 'planner', at: 3, kind: 'tool' },
      { id: 'first', parent: 'planner', at: 2, kind: 'llm' },
      { id: 'planner', parent: 'run', at: 1, kind: 'agent', agentName: 'planner' },
    ]),
  );
  expect(ids(tree.roots)).toEqual(['run']);
  expect(ids(tree.roots[0]?.children[0]?.children ?? [])).toEqual(['first', 'second']);
  expect(tree.nodes.map(({ agent, depth }) => [agent, depth])).toEqual([
    ['', 0],
    ['planner', 1],
    ['planner', 2],
    ['planner', 2],
  ]);
});

test('a span whose parent is missing, in another trace or itself is a root', () => {
  const tree = toRunTree(
    sketchSpans([
      { id: 'orphan', parent: 'nobody' },
      { id: 'other', at: 1, traceId: 'other' },
      { id: 'far', parent: 'other', at: 2 },
      { id: 'self', parent: 'self', at: 3 },
    ]),
  );
  expect(ids(tree.roots)).toEqual(['orphan', 'other', 'far', 'self']);
});

test('the earliest span of a ring of parents becomes its root', () => {
  const tree = toRunTree(
    sketchSpans([
      { id: 'a', parent: 'c', at: 2 },
      { id: 'b', parent: 'a', at: 1 },
      { id: 'c', parent: 'b', at: 3 },
      { id: 'below', parent: 'a', at: 4 },
    ]),
  );
  expect(ids(tree.roots)).toEqual(['b']);
  expect(tree.nodes.map(({ span, depth }) => [span.name, depth])).toEqual([
    ['b', 0],
    ['a', 2],
    ['c', 1],
    ['below', 3],
  ]);
});

test('links are found from both ends, those to unknown spans are left out', () => {
  const tree = toRunTree(
    sketchSpans([
      { id: 'send' },
      {
        id: 'process',
        at: 5,
        traceId: 'later',
        links: [
          { to: 'send', trace: 'trace', rel: 'caused_by' },
          { to: 'lost', rel: 'retries' },
        ],
      },
    ]),
  );
  const [send, process] = tree.nodes;
  if (send === undefined || process === undefined) throw new Error('two spans were sketched');
  expect(tree.linksOf(process)).toEqual([{ node: send, rel: 'caused_by' }]);
  expect(tree.linkedFrom(send)).toEqual([{ node: process, rel: 'caused_by' }]);
  expect(tree.find(toTestTraceId('later'), toTestSpanId('process'))).toBe(process);
});

test('while a span is running it lasts until the last thing that was seen', () => {
  const tree = toRunTree(
    sketchSpans([
      { id: 'open', until: null },
      { id: 'done', parent: 'open', at: 1, until: 7 },
    ]),
  );
  expect(tree.nodes.map(({ endNs }) => endNs)).toEqual([7_000_000, 7_000_000]);
});

test('a chain of 100,000 spans, and a ring of them, is a forest too', () => {
  const chain = Array.from({ length: 100_000 }, (_, at) => ({
    id: String(at),
    at,
    parent: String(at - 1),
  }));
  expect(toRunTree(sketchSpans(chain)).nodes.at(-1)?.depth).toBe(99_999);
  const ring = [{ id: '0', at: 0, parent: '99999' }, ...chain.slice(1)];
  expect(toRunTree(sketchSpans(ring)).roots).toHaveLength(1);
});

test('one parent may have 200,000 children', () => {
  const children = Array.from({ length: 200_000 }, (_, at) => ({
    id: `c${at}`,
    parent: 'run',
    at,
  }));
  expect(toRunTree(sketchSpans([{ id: 'run' }, ...children])).nodes.at(-1)?.depth).toBe(1);
});

test('whatever parents say, every span is in the forest once', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ id: word, parent: word, at: fc.nat(3) }), {
        selector: ({ id }) => id,
      }),
      (sketches) => {
        const tree = toRunTree(sketchSpans(sketches));
        const seen: RunNode[] = [];
        const open = [...tree.roots];
        for (let node = open.pop(); node !== undefined; node = open.pop()) {
          seen.push(node);
          open.push(...node.children);
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toHaveLength(sketches.length);
      },
    ),
  );
});
