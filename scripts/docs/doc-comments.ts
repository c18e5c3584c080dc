/**
 * Doc comments of a TypeScript file by the path of what they stand on, e.g. `traceList.nextCursor`. Reads formatted code
 * by its indentation; enough for files that are one list of names.
 */
export function readDocComments(source: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  const open: { readonly indent: number; readonly name: string }[] = [];
  for (const [, comment = '', indent = '', name = ''] of source.matchAll(commentedName)) {
    while ((open.at(-1)?.indent ?? -1) >= indent.length) open.pop();
    open.push({ indent: indent.length, name });
    if (comment !== '') comments.set(open.map((each) => each.name).join('.'), toSentences(comment));
  }
  return comments;
}

/** A key or an exported constant, with the comment of the lines right above it: one further up is the file's own. */
const commentedName =
  /(?:(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\n)?^( *)(?:export const )?(\w+)(?=:| = )/gm;

/** The comment that a file opens with, as paragraphs of one line each. */
export function readFileComment(source: string): string {
  const [comment = ''] = /\/\*\*[\s\S]*?\*\//.exec(source) ?? [];
  return comment
    .split(/\n \*\n/)
    .map(toSentences)
    .join('\n\n');
}

function toSentences(comment: string): string {
  return comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^ *\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
