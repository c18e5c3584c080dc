/** The columns of `GET /api/traces/{id}/skeleton` that a tree is drawn from; rows are in order of start. */
export type Skeleton = {
  readonly kinds: readonly string[];
  readonly strings: readonly string[];
  readonly columns: Readonly<
    Record<
      | 'parent'
      | 'name'
      | 'kind'
      | 'agent'
      | 'model'
      | 'start'
      | 'status'
      | 'errorType'
      | 'inputTokens'
      | 'outputTokens',
      readonly number[]
    >
  >;
};

/** One line a span: `kind name [agent] [model] [in>out tokens] [! error type]`, children indented. */
export function toSkeletonTree(skeleton: Skeleton): string {
  const { columns } = skeleton;
  const lines: string[] = [];
  const rows = Array.from(columns.parent, (_, row) => row).sort(
    (a, b) =>
      (columns.start[a] ?? 0) - (columns.start[b] ?? 0) ||
      (nameOf(skeleton, a) < nameOf(skeleton, b) ? -1 : 1),
  );
  const draw = (parent: number, indent: string) => {
    for (const row of rows.filter((each) => columns.parent[each] === parent)) {
      lines.push(indent + toLine(skeleton, row));
      draw(row, `${indent}  `);
    }
  };
  draw(-1, '');
  for (const row of rows)
    if (columns.parent[row] === -2) lines.push(`orphan: ${toLine(skeleton, row)}`);
  return `${lines.join('\n')}\n`;
}

function toLine(skeleton: Skeleton, row: number): string {
  const { columns, kinds } = skeleton;
  const word = (column: 'agent' | 'model' | 'errorType', label: string) => {
    const text = skeleton.strings[columns[column][row] ?? -1] ?? '';
    return text === '' ? '' : ` ${label}${text}`;
  };
  const input = columns.inputTokens[row] ?? -1;
  const tokens = input < 0 ? '' : ` ${input}>${columns.outputTokens[row]} tokens`;
  const failed = columns.status[row] === 2 ? ` !${word('errorType', '')}` : '';
  const kind = kinds[columns.kind[row] ?? 0] ?? '';
  return `${kind}: ${nameOf(skeleton, row)}${word('agent', 'agent=')}${word('model', 'model=')}${tokens}${failed}`;
}

function nameOf({ strings, columns }: Skeleton, row: number): string {
  return strings[columns.name[row] ?? -1] ?? '';
}
