/** The pages of the detectors (docs/detectors/<kind>.md), cut into what the dashboard can draw. */
import type { FindingKind } from 'orchescope/contract';

/** Text and `code`, in turn, beginning with text. */
export type Inline = readonly string[];

export type GuideBlock =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'paragraph'; readonly text: Inline }
  | { readonly type: 'list'; readonly items: readonly Inline[] }
  | {
      readonly type: 'table';
      readonly head: readonly Inline[];
      readonly rows: readonly (readonly Inline[])[];
    };

const pages = import.meta.glob<string>('../../../docs/detectors/*.md', {
  query: '?raw',
  import: 'default',
});

export function hasGuide(kind: FindingKind): boolean {
  return pages[pathOf(kind)] !== undefined;
}

export async function readGuide(kind: FindingKind): Promise<readonly GuideBlock[]> {
  const text = await pages[pathOf(kind)]?.();
  return text === undefined ? [] : toGuide(text);
}

function pathOf(kind: FindingKind): string {
  return `../../../docs/detectors/${kind}.md`;
}

/** Without its title, and without how the detector was measured: a reader wants to know what to do. */
export function toGuide(markdown: string): GuideBlock[] {
  const [text = ''] = markdown.split(/^## How good it is$/m);
  return text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '' && !block.startsWith('# ') && !block.startsWith('Made from '))
    .map(toBlock);
}

function toBlock(text: string): GuideBlock {
  if (text.startsWith('## ')) return { type: 'heading', text: text.slice(3) };
  if (text.startsWith('- ')) {
    const items = text.split(/\n- |^- /).filter((item) => item !== '');
    return { type: 'list', items: items.map(toInline) };
  }
  if (text.startsWith('|')) {
    const [head = [], , ...rows] = text.split('\n').map(toCells);
    return { type: 'table', head, rows };
  }
  return { type: 'paragraph', text: toInline(text) };
}

function toCells(line: string): Inline[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => toInline(cell.trim()));
}

/** Links lead to files of the repository, which a browser does not have: their words stay. */
function toInline(text: string): Inline {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split('`');
}
