import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installSdk, tsc, type App } from './test/install.ts';
import * as source from './index.ts';
import { version } from './version.ts';

let app: App;

beforeAll(async () => {
  app = await installSdk();
});
afterAll(() => app.remove());

const verbs = ['carrier', 'emit', 'init', 'observe', 'run', 'start', 'traced', 'within'];
const words = ['genAi', 'orchescope', 'otel', 'relations'];

test('the door is six verbs, two ways to say one of them, init and the words', () => {
  expect(Object.keys(source).sort()).toEqual([...verbs, ...words].sort());
});

test('the built package has the same names for import and for require', async () => {
  const from = join(app.folder, 'from.mjs');
  const esm = pathToFileURL(join(app.folder, 'node_modules/@orchescope/sdk/dist/index.js'));
  const cjs = createRequire(from)('@orchescope/sdk') as object;
  expect(Object.keys((await import(esm.href)) as object).sort()).toEqual(
    Object.keys(source).sort(),
  );
  expect(Object.keys(cjs).sort()).toEqual(Object.keys(source).sort());
});

test('the words on the wire come alone, and every other subpath shares one core', async () => {
  const dist = join(app.folder, 'node_modules/@orchescope/sdk/dist');
  const importsOf = async (file: string) =>
    (await readFile(join(dist, file), 'utf8'))
      .match(/(?<=from ").+(?=")/g)
      ?.map((path) => path.replace(/-[\w-]{8}\.js$/, '')) ?? [];
  expect(await importsOf('attributes.js')).toEqual([]);
  expect(await importsOf('index.js')).toEqual(['./core', './attributes.js']);
  for (const file of ['testing.js', 'lite.js', 'integrations/mcp.js', 'integrations/resilience.js'])
    expect((await importsOf(file)).filter((path) => path.endsWith('/core'))).toHaveLength(1);
});

test('the version on our spans is the version of the package', async () => {
  const manifest = await readFile(join(import.meta.dirname, '../package.json'), 'utf8');
  expect((JSON.parse(manifest) as { version: string }).version).toBe(version);
});

const decorated = `
import { traced } from '@orchescope/sdk';
class Weather {
  constructor(private readonly city: string) {}
  @traced({ kind: 'tool', name: 'forecast', in: (day) => ({ args: { day } }) })
  async forecast(day: string): Promise<string> { return this.city + ' ' + day; }
}
export const said: Promise<string> = new Weather('Oslo').forecast('today');
`;

test.each([
  ['module', '"type":"module"'],
  ['commonjs', '"type":"commonjs"'],
])('a decorated class compiles and runs in a %s program', async (kind, type) => {
  await writeFile(join(app.folder, 'package.json'), `{"name":"test-app",${type}}`);
  const file = join(app.folder, 'weather.ts');
  await writeFile(file, decorated);
  await tsc(
    app.folder,
    file,
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--outDir',
    join(app.folder, kind),
  );
  await writeFile(join(app.folder, kind, 'package.json'), `{${type}}`);
  const { said } = (await import(pathToFileURL(join(app.folder, kind, 'weather.js')).href)) as {
    said: Promise<string>;
  };
  expect(await said).toBe('Oslo today');
});

const refused = [
  `observe(async (q: string) => q, { kind: 'step', name: 's' });`,
  `observe(async (q: string) => q, { kind: 'tool', name: 't', usage: {} });`,
  `observe(async (q: string) => q, { kind: 'tool', name: 't', in: (q: number) => ({ args: q }) });`,
  `observe(async (q: string) => q, { kind: 'agent', name: 'a', out: () => ({ rol: 'x' }) });`,
  `run({ kind: 'llm', name: 'l', usage: { inputTokens: '3' } }, () => 1);`,
  `run({ kind: 'handoff', name: 'h', links: [{ to: {}, rel: 'knows' }] }, () => 1);`,
  `run({ kind: 'llm', name: 'l', out: (n: number) => ({ output: n }) }, async (op) => op.carrier());`,
  `emit({ type: 'breaker', name: 'b', state: 'ajar' });`,
  `within({ session: 's' }, () => 1);`,
];

test('the compiler refuses wrong facts where they are written', async () => {
  const file = join(app.folder, 'refused.ts');
  const head = `import { emit, observe, run, within } from '@orchescope/sdk';\n`;
  await writeFile(file, head + refused.join('\n'));
  const { stdout } = await tsc(
    app.folder,
    file,
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--noEmit',
    '--pretty',
    'false',
  ).catch((error: { stdout: string }) => error);
  const lines = [...stdout.matchAll(/refused\.ts\((\d+),/g)].map(([, line]) => Number(line));
  expect([...new Set(lines)]).toEqual(refused.map((_, i) => i + 2));
});
