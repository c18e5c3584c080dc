import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pages.ts';

const builtOrInstalled = new Set(['node_modules', 'dist']);

/** Folders and files of a folder that are ours: nothing hidden, installed or built. */
export function listOwn(folder: string): readonly { name: string; isFolder: boolean }[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !builtOrInstalled.has(name))
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
}

/** Paths of all markdown files, from the root of the repository. */
export function listMarkdown(folder = '.'): readonly string[] {
  return listOwn(folder).flatMap(({ name, isFolder }) => {
    const path = join(folder, name);
    if (isFolder) return listMarkdown(path);
    return name.endsWith('.md') ? [path] : [];
  });
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What a reader sees as prose: neither fenced nor indented code. */
export function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/^ {4}.*$/gm, '');
}

/** Anchors as GitHub makes them from headings. */
export function readAnchors(markdown: string): ReadonlySet<string> {
  const headings = withoutCode(markdown).matchAll(/^#+ +(.*)$/gm);
  return new Set(Array.from(headings, ([, text = '']) => toAnchor(text)));
}

function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
