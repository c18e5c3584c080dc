/** What lists of runs and of traces have in common. */
import type { SortOrder } from '../routes.ts';

export type ListPage<Item> = {
  readonly items: readonly Item[];
  /** null on the last page. */
  readonly nextCursor: string | null;
  /** The range the relative times stood for, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** When nothing matched: start of the newest one at all, null when there is none. */
  readonly newestAt: string | null;
};

export type ListRequest<Sort> = {
  readonly project: string;
  readonly from: string;
  readonly to: string;
  readonly q: string;
  readonly sort: Sort;
  readonly order: SortOrder;
  readonly limit: number;
  /** Empty = the first page. */
  readonly cursor: string;
};

/** How the items are called: "run", "runs". */
export type ListNoun = { readonly one: string; readonly many: string };

export type Column<Sort> = {
  readonly id: string;
  readonly label: string;
  /** Of a narrow column whose cells speak for themselves. */
  readonly isLabelHidden?: true;
  /** null = the server cannot sort by it. */
  readonly sort: Sort | null;
  readonly numeric: boolean;
};

export type FilterExample = { readonly example: string; readonly meaning: string };

/** Items of the first page that the list does not hold. */
export function countUnseen<Item>(
  list: readonly Item[],
  first: ListPage<Item> | null,
  idOf: (item: Item) => string,
): number {
  if (first === null) return 0;
  const known = new Set(list.map(idOf));
  return first.items.filter((item) => !known.has(idOf(item))).length;
}

/** The list with the newest words about the items it holds; their order stays. */
export function withNews<Item>(
  list: readonly Item[],
  first: ListPage<Item> | null,
  idOf: (item: Item) => string,
): readonly Item[] {
  if (first === null) return list;
  const news = new Map(first.items.map((item) => [idOf(item), item]));
  return list.map((item) => news.get(idOf(item)) ?? item);
}
