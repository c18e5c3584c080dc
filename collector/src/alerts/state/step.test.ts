import { describe, expect, test } from 'vitest';
import type { AlertRule } from '../../contract.ts';
import { play, ruleOf } from './play.testing.ts';

type Row = [
  sentence: string,
  rule: Partial<AlertRule>,
  letters: string,
  told: string,
  state: string,
  group?: string,
];

const absence = { condition: { type: 'absence' } } as const;

const rows: Row[] = [
  ['normal and beyond the threshold fires at once without for', {}, 'R B', 'firing@1', 'firing'],
  ['normal and beyond the threshold waits for for', { for: '2m' }, 'R B B', 'pending@1', 'pending'],
  ['pending for so long fires', { for: '2m' }, 'R B B B', 'pending@1 firing@3', 'firing'],
  ['pending and well again is silent', { for: '2m' }, 'B B R', 'pending@0', 'normal'],
  ['pending and no longer beyond is silent', { for: '2m' }, 'B B I', 'pending@0', 'normal'],
  ['for begins anew after a pause', { for: '2m' }, 'B B I B B', 'pending@0 pending@3', 'pending'],
  ['firing inside the band goes on', {}, 'B I I I I I', 'firing@0', 'firing'],
  ['firing past the recovery line recovers', {}, 'B R', 'firing@0 recovering@1', 'recovering'],
  ['recovering for so long is over', {}, 'B R R R', 'firing@0 recovering@1 resolved@3', 'normal'],
  [
    'recovery without a time to last is over at once',
    { keepFiring: '0s' },
    'B R',
    'firing@0 resolved@1',
    'normal',
  ],
  [
    'recovering and beyond again is the same episode',
    {},
    'B R B',
    'firing@0 recovering@1 refiring@2',
    'firing',
  ],
  [
    'beyond again, the recovery has to last anew',
    {},
    'B R B R R',
    'firing@0 recovering@1 refiring@2 recovering@3',
    'recovering',
  ],
  [
    'inside the band the recovery does not last',
    {},
    'B R I R R',
    'firing@0 recovering@1',
    'recovering',
  ],
  [
    'after the band the recovery lasts from its start',
    {},
    'B R I R R R',
    'firing@0 recovering@1 resolved@5',
    'normal',
  ],
  ['too few samples fire nothing', {}, 'U U U U', '', 'normal'],
  ['too few samples resolve nothing', {}, 'B U U U U U', 'firing@0', 'firing'],
  [
    'too few samples leave recovering as it is',
    {},
    'B R U U U',
    'firing@0 recovering@1',
    'recovering',
  ],
  ['too few samples leave pending as it is', { for: '2m' }, 'B U U', 'pending@0', 'pending'],
  ['two failures say nothing', {}, 'R F F', '', 'normal'],
  ['three failures in a row are an error', {}, 'R F F F F', 'error@3', 'error'],
  ['an error hides what fires, and ends nothing', {}, 'B F F F', 'firing@0 error@3', 'error'],
  ['what fired goes on when the error is over', {}, 'B F F F B', 'firing@0 error@3', 'firing'],
  ['a failure between is no error', {}, 'R F F R F F', '', 'normal'],
  ['nothing counts as recovered', {}, 'B M M M', 'firing@0 recovering@1 resolved@3', 'normal'],
  ['nothing ends a wait', { for: '2m' }, 'B M B B', 'pending@0 pending@2', 'pending'],
  ['nothing may change nothing', { noData: 'keep' }, 'B M M M M M M M', 'firing@0', 'firing'],
  ['nothing may be shown', { noData: 'show' }, 'R R M M M M M M M M M M', 'nodata@11', 'nodata'],
  [
    'what fires lies beneath nothing',
    { noData: 'show', absentFor: '3m' },
    'B M M M R',
    'firing@0 nodata@3 recovering@4',
    'recovering',
  ],
  ['nothing may fire', { noData: 'alert', absentFor: '3m' }, 'R M M M', 'firing@3', 'firing'],
  [
    'nothing for too short a time does not fire',
    { noData: 'alert', absentFor: '3m' },
    'R M M',
    '',
    'normal',
  ],
  [
    'what fired for nothing recovers like anything',
    { noData: 'alert', absentFor: '1m' },
    'R M R R R',
    'firing@1 recovering@2 resolved@4',
    'normal',
  ],
  [
    'nothing ever heard fires as well',
    { noData: 'alert', absentFor: '3m' },
    'M M M M',
    'firing@3',
    'firing',
  ],
  [
    'for does not come on top of nothing',
    { noData: 'alert', absentFor: '1m', for: '1h' },
    'R M',
    'firing@1',
    'firing',
  ],
  [
    'a group that is gone is over',
    { by: 'agent', keepFiring: '1h' },
    'B M M',
    'firing@0 recovering@1 resolved@2',
    'normal',
    'writer',
  ],
  [
    'a group that waits and is gone is silent',
    { by: 'agent', for: '1h' },
    'B M M',
    'pending@0',
    'normal',
    'writer',
  ],
  [
    'a group that is gone is over, and shown as that',
    { by: 'agent', noData: 'show', absentFor: '3m' },
    'B M M M',
    'firing@0 resolved@2 nodata@3',
    'nodata',
    'writer',
  ],
  ['resolved by hand is over', {}, 'B X', 'firing@0 resolved@1', 'normal'],
  [
    'after a hand resolved it a breach is a new episode',
    {},
    'B X B',
    'firing@0 resolved@1 firing@2',
    'firing',
  ],
  [
    'a hand has nothing to resolve of what only waits',
    { for: '1h' },
    'B X',
    'pending@0',
    'pending',
  ],
  ['absence fires', absence, 'R B', 'firing@1', 'firing'],
  [
    'six changes of 21 evaluations are flapping',
    { keepFiring: '0s' },
    'B R B R B R',
    'firing@0 resolved@1 firing@2 resolved@3 firing@4 resolved@5 flapping@5',
    'normal',
  ],
];

test.each(rows)('%s', (_, rule, letters, told, state, group = '') => {
  const played = play(ruleOf(rule), letters, group);
  expect(played.told).toBe(told);
  expect(played.state).toBe(state);
});

describe('flapping', () => {
  const restless = 'BR'.repeat(5);

  test('is said once, however long it lasts', () => {
    const { told } = play(ruleOf({ keepFiring: '0s' }), 'BR'.repeat(50));
    expect(told.match(/flapping/g)).toHaveLength(1);
  });

  test('is over when nothing changed in 21 evaluations', () => {
    const rule = ruleOf({ keepFiring: '0s' });
    expect(play(rule, restless + 'R'.repeat(20)).instance?.flapping).toBe(true);
    expect(play(rule, restless + 'R'.repeat(21)).instance).toBeNull();
  });

  test('does not shorten for', () => {
    const rule = ruleOf({ keepFiring: '0s', for: '2m' });
    const { told } = play(rule, 'BBBR'.repeat(4) + 'BBR');
    expect(told).toContain('flapping@');
    expect(told).toMatch(/resolved@15 pending@16$/);
  });
});

describe('an episode', () => {
  test('has the same name whoever finds it, and each its own', () => {
    const ids = play(ruleOf(), 'B RRR B RRR').events.map(({ episode }) => episode?.id);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toEqual(play(ruleOf(), 'B RRR B RRR').events.map(({ episode }) => episode?.id));
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  test('is told of by the event that ends it', () => {
    const [firing, , resolved] = play(ruleOf(), 'BRRR').events;
    expect(resolved?.episode?.id).toBe(firing?.episode?.id);
    expect(resolved?.reason).toBe('past the recovery line');
  });

  test.each([
    ['nobody sends anything', {}, 'BMMM', '', 'no data'],
    ['the group is gone', { by: 'agent' } as const, 'BMM', 'writer', 'series gone'],
    ['somebody says so', {}, 'BX', '', 'resolved by ada'],
  ])('says why it ended when %s', (_, rule, letters, group, reason) => {
    expect(play(ruleOf(rule), letters, group).events.at(-1)).toMatchObject({
      kind: 'resolved',
      reason,
    });
  });
});
