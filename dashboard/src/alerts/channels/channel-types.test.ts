import { expect, test } from 'vitest';
import { emptyChannel, forType, placeOf, toAddresses } from './channel-types.ts';

const full = {
  ...emptyChannel,
  url: ' https://example.com/hook ',
  username: 'robot',
  from: 'a@example.com',
  to: ['b@example.com'],
};

test('a channel keeps only what its type has', () => {
  expect(forType({ ...full, type: 'slack' })).toMatchObject({ url: '', username: '', to: [] });
  expect(forType({ ...full, type: 'webhook' })).toMatchObject({
    url: 'https://example.com/hook',
    from: '',
  });
  expect(forType({ ...full, type: 'email' })).toMatchObject({ username: 'robot', to: full.to });
});

test('addresses may be written in any of the usual ways', () => {
  expect(toAddresses(' a@x.io, b@x.io;c@x.io\n\nd@x.io ')).toEqual([
    'a@x.io',
    'b@x.io',
    'c@x.io',
    'd@x.io',
  ]);
  expect(toAddresses('  ')).toEqual([]);
});

test('where a channel goes is told without its secret', () => {
  expect(placeOf({ ...full, type: 'email' }, '')).toBe('b@example.com');
  expect(placeOf({ ...emptyChannel, type: 'slack' }, 'hooks.slack.com')).toBe('hooks.slack.com');
});
