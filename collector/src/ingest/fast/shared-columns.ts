/** What all spans of a resource or a scope repeat, as numbers of the text table. */
import { toAttributeCell } from '../../store/native/attribute-cell.ts';
import type { MapColumn } from '../../store/native/nested-columns.ts';
import type { LowCardinalityColumn } from '../../store/native/text-columns.ts';
import type { TextTable } from '../../store/native/text-table.ts';
import type { Attributes } from '../../span.ts';

type Words = MapColumn<LowCardinalityColumn, LowCardinalityColumn>;

export class SharedAttributes {
  private readonly keys: Int32Array;
  private readonly values: Int32Array;
  private readonly typeKeys: Int32Array;
  private readonly types: Int32Array;

  constructor(attributes: Attributes, texts: TextTable) {
    const cells = Array.from(attributes, ([key, value]) => {
      const { text, type } = toAttributeCell(value);
      return { key: texts.numberOf(key), value: texts.numberOf(text), type };
    });
    const typed = cells.filter(({ type }) => type !== 'string');
    this.keys = Int32Array.from(cells, ({ key }) => key);
    this.values = Int32Array.from(cells, ({ value }) => value);
    this.typeKeys = Int32Array.from(typed, ({ key }) => key);
    this.types = Int32Array.from(typed, ({ type }) => texts.numberOf(type));
  }

  write(row: number, values: Words, types: Words): void {
    if (this.keys.length === 0) return;
    values.keys.pushNumbers(this.keys);
    values.values.pushNumbers(this.values);
    values.end(row);
    if (this.typeKeys.length === 0) return;
    types.keys.pushNumbers(this.typeKeys);
    types.values.pushNumbers(this.types);
    types.end(row);
  }
}
