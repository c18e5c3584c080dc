import * as attributes from '../../sdk/src/attributes.ts';
import { readDocComments, readFileComment } from './doc-comments.ts';
import { code, toPage, toTable } from './markdown.ts';

type Names = { readonly [key: string]: string | Names } | readonly string[];

/** Every word on the wire, grouped as in the file that holds them. */
export function toAttributesPage(source: string): string {
  const comments = readDocComments(source);
  // A module lists its exports by alphabet; the file's own order is the one that was thought about.
  const order = [...source.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
  const groups = new Map<string, Names>(Object.entries(attributes));
  const lines = [readFileComment(source), ''];
  for (const name of order) {
    const rows = toRows(name, groups.get(name) ?? [], comments);
    lines.push(`## ${name}`, '', comments.get(name) ?? '', '');
    lines.push(...toTable(['Name', 'In code', 'Meaning'], rows), '');
  }
  return toPage('Attributes', '[sdk/src/attributes.ts](../../sdk/src/attributes.ts)', lines);
}

function toRows(path: string, names: Names, comments: ReadonlyMap<string, string>): string[][] {
  if (isList(names)) return names.map((name) => [code(name), code(path), '']);
  return Object.entries(names).flatMap(([key, value]) => {
    const inner = `${path}.${key}`;
    const comment = comments.get(inner) ?? '';
    if (typeof value === 'string') return [[code(value), code(inner), comment]];
    const event = `${attributes.orchescope.eventPrefix}${key}`;
    const row = [code(event), code(inner), `Name of an event. ${comment}`.trim()];
    return [row].concat(toRows(inner, value, comments));
  });
}

function isList(names: Names): names is readonly string[] {
  return Array.isArray(names);
}
