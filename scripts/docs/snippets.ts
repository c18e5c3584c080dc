export type Snippet = {
  readonly line: number;
  readonly code: string;
  /** `path#region`; null = no marker above it. */
  readonly source: string | null;
};

const fenced = /(?:<!-- snippet: (\S+) -->\n\n?)?^```ts\n([\s\S]*?)^```$/gm;

/** Every TypeScript block of a markdown text. */
export function readSnippets(markdown: string): readonly Snippet[] {
  return Array.from(markdown.matchAll(fenced), ({ index, 1: source, 2: code = '' }) => ({
    line: markdown.slice(0, index).split('\n').length,
    code,
    source: source ?? null,
  }));
}

/** The lines between `// #region name` and `// #endregion`, moved to the left edge; null when there is no such region. */
export function readRegion(source: string, name: string): string | null {
  const region = new RegExp(`^( *)// #region ${name}\\n([\\s\\S]*?)^ *// #endregion$`, 'm');
  const [, indent = '', lines] = region.exec(source) ?? [];
  return lines?.replace(new RegExp(`^${indent}`, 'gm'), '') ?? null;
}
