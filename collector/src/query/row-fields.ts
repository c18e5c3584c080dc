/** Values of a row of the store by name; what is missing is empty. 64-bit integers arrive as text. */

export type Row = Readonly<Record<string, unknown>>;

export const toMs = (nanoseconds: number | null): number | null =>
  nanoseconds === null ? null : nanoseconds / 1e6;

export function text(row: Row, name: string): string {
  return String(row[name] ?? '');
}

export function textOrNull(row: Row, name: string): string | null {
  return orNull(row[name]);
}

export function orNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

export function count(row: Row, name: string): number {
  return Number(row[name] ?? 0);
}

export function countOrNull(row: Row, name: string): number | null {
  return row[name] === null || row[name] === undefined ? null : Number(row[name]);
}

export function listOf(row: Row, name: string): readonly unknown[] {
  const value = row[name];
  return Array.isArray(value) ? value : [];
}

export function texts(row: Row, name: string): string[] {
  return listOf(row, name).map(String);
}

export function textAt(row: Row, name: string, at: number): string {
  return String(listOf(row, name)[at] ?? '');
}

export function numberAt(row: Row, name: string, at: number): number | null {
  const value = listOf(row, name)[at];
  return value === null || value === undefined ? null : Number(value);
}
