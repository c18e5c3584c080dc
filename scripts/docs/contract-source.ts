/** The contract as one text: its door, and the files that the door leads to. Comments are found in it by name. */
export function readContract(read: (path: string) => string): string {
  const door = read('collector/src/contract.ts');
  const paths = [...door.matchAll(/from '\.\/(contract\/\w+\.ts)'/g)].map(([, path = '']) => path);
  return [door, ...paths.map((path) => read(`collector/src/${path}`))].join('\n');
}
