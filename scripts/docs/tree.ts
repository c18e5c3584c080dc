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
    const folder = open.at(-1)?.folder ?? '.';
    const names = (line.trim().split(/ {2,}/)[0] ?? '').split(' ').filter((name) => name !== '...');
    for (const name of names) {
      const path = join(folder, name);
      const isFolder = name.endsWith('/');
      found.push({ path: isFolder ? path.slice(0, -1) : path, isFolder });
      if (name === names[0]) open.push({ indent, folder: isFolder ? path : dirname(path) });
    }
  }
  return found;
}
