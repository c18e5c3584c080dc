/** As the filter language reads it: quoted, so that nothing in a value means anything. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`;
}
