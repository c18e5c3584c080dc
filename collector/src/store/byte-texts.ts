/** Texts that come as bytes and repeat: each is decoded once, and known again by its bytes. */
export type ByteTexts = {
  readonly texts: readonly string[];
  /** Number of the text in `bytes[from .. to)`. */
  readonly toIndex: (bytes: Buffer, from: number, to: number) => number;
};

export function createByteTexts(): ByteTexts {
  const texts: string[] = [];
  const known: Buffer[] = [];
  const numbers = new Map<number, number>();
  let last = -1;
  const isKnown = (number: number, bytes: Buffer, from: number, to: number): boolean => {
    const text = known[number];
    if (text === undefined || text.length !== to - from) return false;
    for (let i = 0; i < text.length; i += 1) if (text[i] !== bytes[from + i]) return false;
    return true;
  };
  const toIndex = (bytes: Buffer, from: number, to: number): number => {
    // Neighbours are often alike.
    if (isKnown(last, bytes, from, to)) return last;
    let key = hashOf(bytes, from, to);
    for (let number = numbers.get(key); number !== undefined; number = numbers.get(key)) {
      if (isKnown(number, bytes, from, to)) return (last = number);
      key = (key + 1) | 0;
    }
    last = texts.push(bytes.toString('utf8', from, to)) - 1;
    known.push(bytes.subarray(from, to));
    numbers.set(key, last);
    return last;
  };
  return { texts, toIndex };
}

function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = to - from;
  for (let at = from; at < to; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  return hash;
}
