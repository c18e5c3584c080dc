import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallLoops, HandoffLoops, ProgressLoops, type Loop } from './loops.ts';

/** Each call as `tool(args)=result`; what is found, with the number of the call that closed it. */
const callsOf = (calls: readonly string[], loops = new CallLoops()) =>
  calls.flatMap((one, i) => {
    if (one === 'pause') {
      loops.pause();
      return [];
    }
    const [call = '', result] = one.split('=');
    return toLine(i, loops.add(call.replace(/\(.*/, ''), call, result));
  });

const toLine = (i: number, loop: Loop | undefined): string[] =>
  loop ? [`${i + 1}: ${loop.kind} ${loop.signature} ${loop.period}x${loop.repeats}`] : [];

const times = (n: number, ...round: readonly string[]): string[] =>
  Array.from({ length: n }, () => round).flat();

describe('calls of tools', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['the same call with the same result three times', times(3, 'get(1)=a'), ['3: repeat get 1x3']],
    ['twice is no loop', times(2, 'get(1)=a'), []],
    [
      'told again when it has doubled, not before',
      times(13, 'get(1)=a'),
      ['3: repeat get 1x3', '6: repeat get 1x6', '12: repeat get 1x12'],
    ],
    ['other arguments are other calls', ['get(1)=a', 'get(2)=a', 'get(3)=a', 'get(4)=a'], []],
    [
      'the same call with ever other results is polling, up to nine times',
      Array.from({ length: 9 }, (_, i) => `get(1)=${i}`),
      ['9: repeat get 1x9'],
    ],
    ['results that nobody knows are other results', times(8, 'get(1)'), []],
    ['who waits in between polls on purpose', times(20, 'get(1)=pending', 'pause'), []],
    ['three tools in turn', times(3, 'a()=1', 'b()=2', 'c()=3'), ['9: cycle a>b>c 3x3']],
    [
      'a round that goes on is told when it has doubled, and once though it turns',
      times(7, 'b()=2', 'c()=3', 'a()=1'),
      ['9: cycle a>b>c 3x3', '18: cycle a>b>c 3x6'],
    ],
    [
      'a round whose results change is work',
      [1, 2, 3, 4].flatMap((n) => [`a()=${n}`, 'b()=x']),
      [],
    ],
    [
      'one tool with two arguments in turn',
      times(3, 'get(1)=a', 'get(2)=b'),
      ['6: cycle get>get 2x3'],
    ],
    ['rounds of nine are too long to be seen', times(4, ...'abcdefghi'), []],
    [
      'a new loop after the old one is told anew',
      [...times(3, 'get(1)=a'), 'other()=b', ...times(3, 'get(1)=a')],
      ['3: repeat get 1x3', '7: repeat get 1x3'],
    ],
    [
      'one loop that turns into another',
      [...times(3, 'a()=1'), ...times(3, 'b()=1')],
      ['3: repeat a 1x3', '6: repeat b 1x3'],
    ],
  ])('%s', (_, calls, found) => {
    expect(callsOf(calls)).toEqual(found);
  });
});

const edgesOf = (edges: readonly string[], loops = new HandoffLoops()) =>
  edges.flatMap((edge, i) => {
    const [from = '', to = ''] = edge.split('>');
    return toLine(i, loops.add(from, to));
  });

describe('handoffs', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['two who give it back and forth', times(3, 'a>b', 'b>a'), ['6: ping_pong a>b 2x3']],
    [
      'told again when it has doubled',
      times(7, 'b>a', 'a>b'),
      ['6: ping_pong a>b 2x3', '12: ping_pong a>b 2x6'],
    ],
    ['twice is a question and its answer', times(2, 'a>b', 'b>a'), []],
    ['a round of three is how a team works', times(6, 'a>b', 'b>c', 'c>a'), []],
    ['one supervisor and ever other workers', times(3, 's>a', 'a>s', 's>b', 'b>s'), []],
    ['the same handoff again and again goes nowhere back', times(9, 'a>b'), []],
    ['to oneself', times(9, 'a>a'), []],
  ])('%s', (_, edges, found) => {
    expect(edgesOf(edges)).toEqual(found);
  });
});

test('work that stands where it stood five times', () => {
  const loops = new ProgressLoops();
  const states = ['3 open', ...times(5, '2 open'), '1 open'];
  expect(states.flatMap((state, i) => toLine(i, loops.add('fix', state)))).toEqual([
    '6: no_progress fix 1x5',
  ]);
});

/** The rule once more, over the whole history and in the plainest way. */
const longestRounds = (keys: readonly string[], period: number): number => {
  const last = keys.slice(-period).join();
  let rounds = 0;
  while (keys.slice(-period * (rounds + 1), keys.length - period * rounds).join() === last) {
    rounds += 1;
    if (period * rounds >= keys.length) break;
  }
  return rounds;
};

const isLoop = (keys: readonly string[]): boolean =>
  [1, 2, 3, 4, 5, 6, 7, 8].some((period) => longestRounds(keys, period) >= 3);

describe('any sequence', () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 });

  test('the first loop is found at the very step that closes it', () => {
    fc.assert(
      fc.property(keys, (sequence) => {
        const [first] = callsOf(sequence.map((key) => `${key}()=x`));
        const closes = sequence.findIndex((_, i) => isLoop(sequence.slice(0, i + 1)));
        expect(Number.parseInt(first ?? '0', 10)).toBe(closes + 1);
      }),
    );
  });

  test('a round has one name, whichever step it began with', () => {
    const rounds = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(rounds, fc.nat(7), (round, by) => {
        const turned = [...round.slice(by % round.length), ...round.slice(0, by % round.length)];
        const names = [round, turned].map((one) =>
          callsOf(times(3, ...one.map((key) => `${key}()=x`))).map((line) => line.split(' ')[2]),
        );
        expect(names[0]).toHaveLength(1);
        expect(names[0]).toEqual(names[1]);
      }),
    );
  });

  test('calls that are never equal are never a loop', () => {
    const distinct = fc.uniqueArray(fc.string(), { maxLength: 200 });
    fc.assert(
      fc.property(distinct, (all) => {
        const loops = new CallLoops();
        expect(all.filter((call) => loops.add('t', call, 'x'))).toEqual([]);
      }),
    );
  });

  test('it keeps no more than its window, however long it runs', () => {
    const loops = new CallLoops();
    for (let i = 0; i < 20_000; i += 1) loops.add('t', `call ${i % 7}`, `result ${i}`);
    expect(JSON.stringify(loops).length).toBeLessThan(2_000);
  });
});
