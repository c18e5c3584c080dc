import { dirname, join } from 'node:path';

export type TreeLine = { readonly path: string; readonly isFolder: boolean };

/**
 * Paths of the file tree that a README opens with: an indented block, one or more names, two spaces, what they are.
 * A line further to the right lies in the folder above it, or beside the file above it.
 */
export function readTree(markdown: string): readonly TreeLine[] {
  const block = /^(?: {4}.*\n)+/m.exec(markdown)?.[0] ?? '';
  const open: { readonly indent: number; readonly folder: string }[] = [];
  const found: TreeLine[] = [];
  for (const line of block.trimEnd().split('\n')) {
    const indent = line.search(/\S/);
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const [first = '', ...others] = (line.trim().split(/ {2,}/)[0] ?? '').split(' ');
    const opening = toTreeLine(open.at(-1)?.folder ?? '.', first);
    const folder = dirname(opening.path);
    open.push({ indent, folder: opening.isFolder ? opening.path : folder });
    const named = others.filter((name) => name !== '...').map((name) => toTreeLine(folder, name));
    found.push(opening, ...named);
  }
  return found;
}

function toTreeLine(folder: string, name: string): TreeLine {
  const isFolder = name.endsWith('/');
  return { path: join(folder, isFolder ? name.slice(0, -1) : name), isFolder };
}
