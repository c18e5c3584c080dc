import type { TextColumn } from '../../store/read-native.ts';
import type { TraceColumns } from '../../store/read-skeleton.ts';
import { pickIds } from './id-table.ts';

/** The same columns with these rows only; what is no column stays. */
export function pickRows<Columns extends TraceColumns>(
  columns: Columns,
  rows: Int32Array,
): Columns {
  if (rows.length === columns.start.length) return columns;
  const picked = Object.entries(columns).map(([name, values]: [string, unknown]) => [
    name,
    name === 'spanId' || name === 'parentSpanId'
      ? pickIds(values as Uint32Array, rows)
      : pick(values, rows),
  ]);
  return Object.fromEntries(picked) as Columns;
}

function pick(values: unknown, rows: Int32Array): unknown {
  if (ArrayBuffer.isView(values)) return pickValues(values as Float64Array, rows);
  if (!isText(values)) return values;
  return { texts: values.texts, index: pickValues(values.index, rows) };
}

/** Whatever numbers the column holds, the answer holds the same. */
function pickValues<Column extends Float64Array | Int32Array>(
  values: Column,
  rows: Int32Array,
): Column {
  const picked = values.slice(0, rows.length) as Column;
  for (let at = 0; at < rows.length; at += 1) picked[at] = values[rows[at] ?? 0] ?? 0;
  return picked;
}

function isText(values: unknown): values is TextColumn {
  return typeof values === 'object' && values !== null && 'texts' in values;
}
