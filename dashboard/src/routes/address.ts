/** What URLs are made of: a path, the scope that every page keeps, and what the page itself keeps. */

/** What every page keeps: whose spans, and when. */
export type Scope = { readonly project: string; readonly from: string; readonly to: string };

export const defaultScope: Scope = { project: 'default', from: 'now-24h', to: 'now' };

/** What a page keeps besides. A key at its default is left out, so short links stay short. */
export type Kept<R extends Scope> = Omit<R, 'page' | keyof Scope>;

/** A URL as the pages read it. */
export type Address = {
  /** Without a slash at its end; that of the first page is empty. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly scope: Scope;
};

export function readAddress({ pathname, searchParams: query }: URL): Address {
  const scope: Scope = {
    project: query.get('project') || defaultScope.project,
    from: query.get('from') || defaultScope.from,
    to: query.get('to') || defaultScope.to,
  };
  return { path: pathname.replace(/\/+$/, ''), query, scope };
}

/** Of a route, which keeps more. */
export function scopeOf({ project, from, to }: Scope): Scope {
  return { project, from, to };
}

export function readText({ query }: Address, key: string): string {
  return query.get(key) ?? '';
}

export function readOneOf<T extends string, F extends string>(
  address: Address,
  key: string,
  allowed: readonly T[],
  fallback: F,
): T | F {
  return oneOf(allowed, readText(address, key), fallback);
}

export function oneOf<T extends string, F extends string>(
  allowed: readonly T[],
  text: string,
  fallback: F,
): T | F {
  return allowed.find((value) => value === text) ?? fallback;
}

type Value = string | readonly string[];
type Values = Readonly<Record<string, Value>>;

/** @param defaults of the page, in the order that its URL names them */
export function withQuery<T extends Values>(
  path: string,
  route: Scope & Readonly<Record<keyof T, Value>>,
  defaults: T,
): string {
  const values: Values = route;
  const whenLeftOut: Values = { ...defaultScope, ...defaults };
  const query = new URLSearchParams();
  for (const key of Object.keys(whenLeftOut)) {
    const value = String(values[key]);
    if (value !== String(whenLeftOut[key])) query.set(key, value);
  }
  // Colons and commas are legal in a query, and filters are full of them: keep links readable.
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return text === '' ? path : `${path}?${text}`;
}
