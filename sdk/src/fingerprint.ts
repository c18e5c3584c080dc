const partsAtMost = 64;
const deepest = 6;
const endsOf = 512;

/**
 * A short text that is the same for values that look the same, whatever the order of their keys. Undefined when a value
 * is too large or cannot be read: then nothing can be said. Bounded work; no getter of the user's is called.
 */
export const fingerprint = (value: unknown): string | undefined => {
  try {
    const reader = new Reader();
    const text = reader.read(value, 0);
    return reader.whole ? hash(text) : undefined;
  } catch {
    return undefined;
  }
};

class Reader {
  whole = true;
  private left = partsAtMost;

  read(value: unknown, depth: number): string {
    if (typeof value === 'string') return JSON.stringify(ends(value));
    if (typeof value === 'function') return 'function';
    if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
    if ((this.left -= 1) < 0 || depth > deepest) return this.cut();
    if (value instanceof Date) return `date ${value.getTime()}`;
    if (value instanceof Error) return `error ${value.name} ${ends(String(value.message))}`;
    if (value instanceof URL) return `url ${ends(value.href)}`;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.cut();
    if (Array.isArray(value)) return this.list(value, depth);
    if (value instanceof Map || value instanceof Set) return this.list([...this.few(value)], depth);
    return this.members(value, depth);
  }

  private list(items: readonly unknown[], depth: number): string {
    if (items.length > this.left) return this.cut();
    return `[${items.map((item) => this.part(item, depth)).join(',')}]`;
  }

  private few(values: Iterable<unknown> & { readonly size: number }): Iterable<unknown> {
    if (values.size <= this.left) return values;
    this.cut();
    return [];
  }

  /** Sorted, so that `{ a, b }` and `{ b, a }` are the same. Accessors are left out: calling one could do anything. */
  private members(value: object, depth: number): string {
    const found: string[] = [];
    for (const key in value) {
      if (found.length >= this.left) return this.cut();
      const member = Object.getOwnPropertyDescriptor(value, key);
      if (member && 'value' in member && member.value !== undefined)
        found.push(`${JSON.stringify(key)}:${this.part(member.value, depth)}`);
    }
    const { constructor } = Object.getPrototypeOf(value) ?? {};
    const type =
      typeof constructor === 'function' && constructor !== Object ? constructor.name : '';
    return `${type}{${found.sort().join(',')}}`;
  }

  private part(value: unknown, depth: number): string {
    this.left -= 1;
    return this.left < 0 ? this.cut() : this.read(value, depth + 1);
  }

  private cut(): string {
    this.whole = false;
    return '';
  }
}

/** Of a long text its ends and its length. */
const ends = (text: string): string =>
  text.length <= 2 * endsOf ? text : `${text.slice(0, endsOf)}${text.length}${text.slice(-endsOf)}`;

/** Two FNV hashes of 32 bits, so that two different calls of one run hardly ever look the same. */
const hash = (text: string): string => {
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ unit, 0x85ebca6b);
  }
  return `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`;
};
