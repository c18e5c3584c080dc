/** Filters that find the traces which say the same as this span does. */
import type { Attribute } from 'orchescope/contract';

const longestValue = 200;

export type FilterField =
  | 'agent'
  | 'tool'
  | 'service'
  | 'workflow'
  | 'model'
  | 'provider'
  | 'kind'
  | 'error'
  | 'user'
  | 'conversation'
  | 'run';

/** null when the filter language cannot say it. */
export function filterByField(field: FilterField, value: string): string | null {
  const quoted = quote(value);
  return quoted === null ? null : `${field}:${quoted}`;
}

export function filterByAttribute({ key, type, value }: Attribute): string | null {
  if (type === 'map' || type === 'array' || type === 'bytes' || type === 'empty') return null;
  const quoted = quote(value);
  if (quoted === null || key === '' || key.includes('"')) return null;
  return `attributes.${/[\s:<>=]/.test(key) ? `"${key}"` : key}:${quoted}`;
}

function quote(value: string): string | null {
  if (value === '' || value.length > longestValue) return null;
  if (/^[\w./@-]+$/.test(value)) return value;
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
