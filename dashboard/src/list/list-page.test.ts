import { expect, test } from 'vitest';
import { countUnseen, withNews, type ListPage } from './list-page.ts';

type Item = { readonly id: string; readonly word: string };
const idOf = ({ id }: Item): string => id;
const items = (...words: readonly string[]): Item[] =>
  words.map((text) => ({ id: text.slice(0, 1), word: text }));
const page = (...words: readonly string[]): ListPage<Item> => ({
  items: items(...words),
  nextCursor: null,
  from: '2026-11-21T10:00:00Z',
  to: '2026-11-21T11:00:00Z',
  newestAt: null,
});

test('news change words, and never the order or the length of what is read', () => {
  const list = items('a old', 'b old');
  expect(withNews(list, page('c new', 'b new'), idOf)).toEqual(items('a old', 'b new'));
  expect(countUnseen(list, page('c new', 'b new'), idOf)).toBe(1);
});

test('without news a list stays the one it was', () => {
  const list = items('a old');
  expect(withNews(list, null, idOf)).toBe(list);
  expect(countUnseen(list, null, idOf)).toBe(0);
});
