/** Eight bytes at a time, the last first: the ends of names differ more often than their beginnings. */
export function isSame(a: DataView, atA: number, b: DataView, atB: number, size: number): boolean {
  if (size < 8) {
    for (let at = 0; at < size; at += 1) {
      if (a.getUint8(atA + at) !== b.getUint8(atB + at)) return false;
    }
    return true;
  }
  const last = size - 8;
  if (a.getBigInt64(atA + last, true) !== b.getBigInt64(atB + last, true)) return false;
  for (let at = 0; at < last; at += 8) {
    if (a.getBigInt64(atA + at, true) !== b.getBigInt64(atB + at, true)) return false;
  }
  return true;
}
