/** Equal, or JSON that differs in the order of its keys alone: the store does not keep that of keys like numbers. */
export function isSameJson(a: string, b: string): boolean {
  if (a === b) return true;
  return a.length === b.length && reorder(a) === reorder(b);
}

/** Both texts are put in the order that JavaScript gives the keys; what is no JSON stays itself. */
function reorder(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // A cut body: only the very same one is equal.
    return text;
  }
}
