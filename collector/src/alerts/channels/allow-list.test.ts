import { expect, test } from 'vitest';
import { parseAllowList } from './allow-list.ts';

test.each([
  ['10.0.0.0/8', 'network', null],
  ['10.0.0.0/8:8080', 'network', 8080],
  ['10.1.2.3', 'network', null],
  ['10.1.2.3:25', 'network', 25],
  ['fd00::1', 'network', null],
  ['fd00::/8', 'network', null],
  ['[fd00::1]', 'network', null],
  ['[fd00::/8]:8443', 'network', 8443],
  ['hooks.internal', 'name', null],
  [' Hooks.Internal:8080 ', 'name', 8080],
  ['*.internal', 'below', null],
  ['*.internal:8080', 'below', 8080],
  ['localhost', 'name', null],
])('%s is understood', (item, type, port) => {
  expect(parseAllowList([item])).toMatchObject([{ place: { type }, port }]);
});

test.each([
  [''],
  ['*'],
  ['a.*.internal'],
  ['https://hooks.internal'],
  ['hooks.internal/path'],
  ['hooks.internal:'],
  ['hooks.internal:0'],
  ['hooks.internal:70000'],
  ['hooks.internal:http'],
  ['10.0.0.0/33'],
  ['10.1'],
  ['0x7f.1'],
  ['2130706433'],
  ['300.1.1.1'],
  ['[fd00::1'],
  ['hooks internal'],
])('%j is refused with what to write', (item) => {
  expect(() => parseAllowList(['10.0.0.0/8', item])).toThrow(
    `"${item}" cannot be allowed. Write a network (10.0.0.0/8), an address`,
  );
});
