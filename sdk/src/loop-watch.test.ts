import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startForeign } from './foreign.ts';
import { emit, observe, run } from './index.ts';
import { settings } from './settings.ts';
import { record, type Recording } from './testing.ts';

let recording: Recording;

beforeEach(() => {
  recording = record({ capture: 'off' });
});
afterEach(async () => {
  await recording.stop();
  delete settings().loops;
});

const search = observe((query: string) => [query], { kind: 'tool', name: 'search' });
const open = observe((page: number) => ({ page }), { kind: 'tool', name: 'open' });
let polls = 0;
const poll = observe(() => ({ percent: (polls += 1) }), { kind: 'tool', name: 'poll' });

const workflow = <T>(fn: () => T): T => run({ kind: 'workflow', name: 'w' }, fn);
const agent = <T>(name: string, fn: () => T): T => run({ kind: 'agent', name }, fn);
const step = (type: 'branch' | 'attempt' | 'wait' | 'iteration', fn: () => void) =>
  run({ kind: 'step', name: type, type }, fn);
const times = (n: number, fn: () => unknown): void => {
  for (let i = 0; i < n; i += 1) fn();
};

const found = () =>
  recording.spans().flatMap((span) =>
    span.events
      .filter((event) => event.name === 'orchescope.loop')
      .map(({ attributes }) => {
        const { 'orchescope.loop.kind': kind, 'orchescope.loop.repeats': repeats } = attributes;
        return `${span.name}: ${kind} x${repeats}`;
      }),
  );

test('the loop is on the span that closes it, and counted', async () => {
  workflow(() => agent('a', () => times(3, () => search('same'))));
  const closing = recording.spans().at(-1);
  expect(closing?.events).toHaveLength(1);
  expect(found()).toEqual(['execute_tool search: repeat x3']);
  expect(await recording.points('orchescope.loops')).toMatchObject([
    { attributes: { 'orchescope.loop.kind': 'repeat' }, value: 1 },
  ]);
});

describe('a loop', () => {
  test.each<[string, () => void, string]>([
    [
      'over many turns of an agent',
      () => times(3, () => agent('a', () => [search('x'), open(1)])),
      'execute_tool open: cycle x3',
    ],
    [
      'of a tool that always fails',
      () => {
        const broken = observe(
          (_path: string) => {
            throw new TypeError('no such file');
          },
          { kind: 'tool', name: 'read' },
        );
        times(3, () => expect(() => broken('a.txt')).toThrow('no such'));
      },
      'execute_tool read: repeat x3',
    ],
    [
      'of calls whose arguments and results are told as facts',
      () =>
        times(3, () =>
          run({ kind: 'tool', name: 'told', args: { b: 1, a: 2 } }, (op) => op.set({ result: 1 })),
        ),
      'execute_tool told: repeat x3',
    ],
    [
      'of a foreign tool',
      () =>
        times(3, () => {
          const op = startForeign({ kind: 'tool', name: 'f', args: 1 }, { integration: 'fake' });
          op.set({ result: 2 }).end();
        }),
      'execute_tool f: repeat x3',
    ],
    [
      'of calls that do not pass the schema',
      () =>
        times(3, () => {
          search('x');
          emit({ type: 'rejected', by: 'schema' });
        }),
      'execute_tool search: repeat x3',
    ],
    [
      'inside a tool',
      () => times(3, () => run({ kind: 'tool', name: 'outer' }, () => search('x'))),
      'execute_tool search: repeat x3',
    ],
    [
      'of two agents who hand it back and forth',
      () =>
        times(3, () => {
          agent('a', () => run({ kind: 'handoff', name: 'b' }, () => {}));
          agent('b', () => run({ kind: 'handoff', name: 'a' }, () => {}));
        }),
      'handoff a: ping_pong x3',
    ],
    [
      'of steps that get nowhere',
      () =>
        times(5, () => run({ kind: 'step', name: 's', type: 'iteration', progress: 7 }, () => {})),
      'step s: no_progress x5',
    ],
    [
      'of a tool around other calls',
      () => {
        const outer = observe((query: string) => search(query).length, {
          kind: 'tool',
          name: 'outer',
        });
        times(3, () => outer('x'));
      },
      'execute_tool outer: repeat x3',
    ],
  ])('%s is found', (_, work, line) => {
    workflow(work);
    expect(found()).toContain(line);
  });

  test.each<[string, () => void]>([
    ['twice the same', () => times(2, () => search('x'))],
    ['other arguments each time', () => ['a', 'b', 'c', 'd'].forEach((query) => search(query))],
    ['a poller', () => times(8, poll)],
    ['a poller that waits', () => times(30, () => [poll(), step('wait', () => {})])],
    ['attempts', () => times(5, () => step('attempt', () => void search('x')))],
    [
      'retries that are told',
      () => times(5, () => [search('x'), emit({ type: 'retry', attempt: 1 })]),
    ],
    [
      'calls that a breaker watches',
      () => {
        const guarded = observe(
          (_query: string) => {
            emit({ type: 'rejected', by: 'breaker', target: 'service' });
          },
          { kind: 'tool', name: 'guarded' },
        );
        times(12, () => guarded('x'));
      },
    ],
    ['branches that do the same', () => times(5, () => step('branch', () => void search('x')))],
    ['agents that do the same', () => ['a', 'b', 'c'].forEach((a) => agent(a, () => search('x')))],
    ['arguments nobody knows', () => times(5, () => run({ kind: 'tool', name: 't' }, () => 1))],
    [
      'handoffs that are refused',
      () =>
        times(9, () => run({ kind: 'handoff', name: 'b', from: 'a', accepted: false }, () => {})),
    ],
  ])('%s: no', (_, work) => {
    workflow(work);
    expect(found()).toEqual([]);
  });

  test('the same calls side by side: no', async () => {
    const slow = observe((_query: string) => wait(2), { kind: 'tool', name: 'slow' });
    await workflow(() => Promise.all([1, 2, 3, 4].map(() => slow('x'))));
    expect(found()).toEqual([]);
  });

  test('outside of workflows and agents nothing is watched', () => {
    times(5, () => search('x'));
    expect(found()).toEqual([]);
  });

  test('an agent alone is watched', () => {
    agent('a', () => times(3, () => search('x')));
    expect(found()).toEqual(['execute_tool search: repeat x3']);
  });

  test('init({ loops: false }) turns it off', () => {
    settings().loops = false;
    workflow(() => times(5, () => search('x')));
    expect(found()).toEqual([]);
  });
});
