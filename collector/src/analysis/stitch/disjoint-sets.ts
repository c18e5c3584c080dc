/** Names that turn out to mean the same. */
export type DisjointSets = {
  readonly join: (a: string, b: string) => void;
  /** The same for all that were joined. */
  readonly find: (name: string) => string;
};

export function createDisjointSets(): DisjointSets {
  const parents = new Map<string, string>();
  function find(name: string): string {
    let root = name;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    for (let at = name; at !== root;) {
      const up = parents.get(at) ?? root;
      parents.set(at, root);
      at = up;
    }
    return root;
  }
  function join(a: string, b: string): void {
    const [from, to] = [find(a), find(b)];
    if (from !== to) parents.set(from, to);
  }
  return { join, find };
}
