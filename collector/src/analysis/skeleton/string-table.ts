/** Each string once; columns hold its number. */
export type StringTable = {
  /** -1 for the empty string. */
  readonly toIndex: (text: string) => number;
  readonly strings: readonly string[];
};

export function createStringTable(): StringTable {
  const strings: string[] = [];
  const indexes = new Map<string, number>();
  const toIndex = (text: string): number => {
    if (text === '') return -1;
    const known = indexes.get(text);
    if (known !== undefined) return known;
    indexes.set(text, strings.length);
    return strings.push(text) - 1;
  };
  return { toIndex, strings };
}
