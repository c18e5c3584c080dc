import { expect, test } from 'vitest';
import { LowCardinalityColumn } from './text-columns.ts';
import { TextTable } from './text-table.ts';

type Step = (column: LowCardinalityColumn, list: (...texts: string[]) => Int32Array) => void;

/** Rows that were taken back leave their keys in the dictionary, so texts are compared, not bytes. */
function textsAfter(step: Step): string[] {
  const table = new TextTable();
  const column = new LowCardinalityColumn(table);
  const known = new Map<string, Int32Array>();
  step(column, (...texts) => {
    const name = texts.join();
    const numbers = known.get(name) ?? Int32Array.from(texts, (text) => table.numberOf(text));
    known.set(name, numbers);
    return numbers;
  });
  return readTexts(column);
}

function readTexts(column: LowCardinalityColumn): string[] {
  const pieces: Uint8Array[] = [];
  column.writeData(pieces);
  const [head = new Uint8Array(), index = new Uint8Array()] = pieces;
  const dictionary: string[] = [];
  const bytes = Buffer.from(head);
  let at = 16;
  for (let left = bytes.readUInt32LE(8); left > 0; left -= 1) {
    const size = bytes[at] ?? 0;
    dictionary.push(bytes.toString('utf8', at + 1, at + 1 + size));
    at += 1 + size;
  }
  return Array.from(index, (place) => dictionary[place] ?? 'no such place');
}

test.each<[string, Step, string[]]>([
  [
    'a list of texts that is pushed again and again',
    (column, list) => {
      for (let row = 0; row < 3; row += 1) column.pushNumbers(list('a', 'b'));
    },
    ['a', 'b', 'a', 'b', 'a', 'b'],
  ],
  [
    'a list that follows another, and a text between',
    (column, list) => {
      column.pushNumbers(list('a', 'b'));
      column.pushNumbers(list('c'));
      column.push('x');
      column.pushNumbers(list('c'));
      column.pushNumbers(list('a', 'b'));
    },
    ['a', 'b', 'c', 'x', 'c', 'a', 'b'],
  ],
  [
    'a list of which the first rows were taken back and written over',
    (column, list) => {
      column.push('kept');
      const marks: number[] = [];
      column.mark(marks);
      column.pushNumbers(list('a', 'b'));
      column.rollback(marks, 0);
      column.push('x');
      column.push('y');
      column.pushNumbers(list('a', 'b'));
    },
    ['kept', 'x', 'y', 'a', 'b'],
  ],
  [
    'a list that was pushed in the block before',
    (column, list) => {
      column.pushNumbers(list('a', 'b'));
      column.reset();
      column.push('x');
      column.push('y');
      column.pushNumbers(list('a', 'b'));
    },
    ['x', 'y', 'a', 'b'],
  ],
])('%s comes out as it was pushed', (_, step, texts) => {
  expect(textsAfter(step)).toEqual(texts);
});
