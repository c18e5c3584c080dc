/** The canonical row of one span that has plain attributes. */
import type { Span } from '../span.ts';
import type { Json } from './encode.testing.ts';
import { attribute, named, post, span, startIngest } from './ingest.testing.ts';

export type Plain = string | number | boolean | readonly string[];

export type Changes = Json & { readonly scope?: string };

export function toValue(value: Plain): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  }
  return { arrayValue: { values: value.map(toValue) } };
}

export async function read(
  attributes: Readonly<Record<string, Plain>>,
  { scope = 'test', ...changes }: Changes = {},
): Promise<Span | undefined> {
  const list = Object.entries(attributes).map(([key, value]) => attribute(key, toValue(value)));
  const spans = [span(1, { attributes: list, ...changes })];
  const scopeSpans = [{ scope: { name: scope }, spans }];
  const resource = { attributes: [named('shop')] };
  const ingest = startIngest();
  await post(ingest, JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }));
  return ingest.spans[0];
}
