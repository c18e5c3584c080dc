import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listMarkdown, listOwn, read, readAnchors, withoutCode } from './docs/markdown-files.ts';
import { root } from './docs/pages.ts';
import { readTree } from './docs/tree.ts';

const files = listMarkdown();
const { scripts, workspaces } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  workspaces: string[];
};

test('the markdown files are found', () => {
  expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/generated/api.md']));
});

describe.each(files)('%s', (file) => {
  const text = read(file);

  test('links to files and headings that exist', () => {
    expect(readLinks(text).filter((link) => !leadsSomewhere(file, link))).toEqual([]);
  });

  test('names scripts that package.json has', () => {
    const named = Array.from(text.matchAll(/\bnpm run ([\w:-]+)/g), ([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe.each([...workspaces, 'deploy'])('%s/README.md', (workspace) => {
  const tree = readTree(read(`${workspace}/README.md`));
  const paths = new Set(tree.map(({ path }) => path));

  test('opens with a tree whose every path exists', () => {
    expect(tree.length).toBeGreaterThan(3);
    expect(tree.filter(({ path }) => !existsSync(join(root, workspace, path)))).toEqual([]);
  });

  test('leaves out no folder where it names one', () => {
    const levels = new Set(tree.map(({ path }) => dirname(path)));
    const missing = [...levels].flatMap((level) =>
      listOwn(join(workspace, level))
        .filter(({ name, isFolder }) => isFolder && !isNamed(paths, join(level, name)))
        .map(({ name }) => join(level, name)),
    );
    expect(missing).toEqual([]);
  });
});

/** A folder counts as named when something below it is. */
function isNamed(paths: ReadonlySet<string>, folder: string): boolean {
  return paths.has(folder) || [...paths].some((path) => path.startsWith(`${folder}/`));
}

/** Relative links and images; the web is not asked. */
function readLinks(markdown: string): readonly string[] {
  const links = withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g);
  return Array.from(links, ([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || readAnchors(read(target)).has(anchor);
}
