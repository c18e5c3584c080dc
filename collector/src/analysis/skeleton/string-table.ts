/** Each string once; columns hold its number. */
import type { TextColumn } from '../../store/read-native.ts';

export type StringTable = {
  /** -1 for the empty string. */
  readonly toIndex: (text: string) => number;
  /** One number a row. */
  readonly toIndexes: (column: TextColumn, whenEmpty?: string) => number[];
  readonly strings: readonly string[];
};

const unknown = -2;

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
  const toIndexes = ({ texts, index }: TextColumn, whenEmpty = ''): number[] => {
    const numbers = new Int32Array(texts.length).fill(unknown);
    const indexesOfRows: number[] = [];
    for (let row = 0; row < index.length; row += 1) {
      const text = index[row] ?? 0;
      if (numbers[text] === unknown) numbers[text] = toIndex(texts[text] || whenEmpty);
      indexesOfRows.push(numbers[text] ?? -1);
    }
    return indexesOfRows;
  };
  return { toIndex, toIndexes, strings };
}
