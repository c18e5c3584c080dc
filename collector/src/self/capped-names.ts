/** Senders choose the names of projects, and a metric must not grow with them: the first names are kept, the rest is `other`. */
export function createCappedNames(limit: number): (name: string) => string {
  const kept = new Set<string>();
  return (name) => {
    if (kept.has(name)) return name;
    if (kept.size >= limit) return 'other';
    kept.add(name);
    return name;
  };
}
