/** The files and the output that docs/alerts-as-code.md shows are files that work, and output that comes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';
import { newFolder, removeFolders } from './alerts.testing.ts';
import { runHere } from './run-here.testing.ts';

vi.setConfig({ testTimeout: 60_000 });
afterAll(removeFolders);

const page = readFileSync(
  fileURLToPath(new URL('../../../docs/alerts-as-code.md', import.meta.url)),
  'utf8',
);
const blocksOf = (language: string): string[] =>
  Array.from(
    page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')),
    ([, code = '']) => code,
  );

test('each command of the page says what the page says', async () => {
  const [rules = '', tests = ''] = blocksOf('yaml');
  const [check = '', check2 = '', passed = ''] = blocksOf('text');
  const [checkCommand = '', testCommand = ''] = blocksOf('sh');
  const folder = newFolder();
  const run = (command: string) => runHere(command.trim().split(' ').slice(1), {}, folder);
  writeFileSync(join(folder, 'alerts.yaml'), rules);
  writeFileSync(join(folder, 'alerts.test.yaml'), tests);
  expect(await run(checkCommand)).toEqual({ code: 0, stdout: check, stderr: '' });
  expect(await run(testCommand)).toEqual({ code: 0, stdout: passed, stderr: '' });
  writeFileSync(join(folder, 'alerts.yaml'), rules.replace('window: ', 'windw: '));
  expect(await run(checkCommand)).toEqual({ code: 1, stdout: '', stderr: check2 });
});

test('the other commands of the page are commands', async () => {
  const others = blocksOf('sh').slice(2);
  expect(others).toHaveLength(2);
  for (const command of others) {
    const [, ...args] = command.replace(/ > .*/, '').replace(/:4318/, ':1').trim().split(' ');
    const folder = newFolder();
    writeFileSync(join(folder, 'alerts.yaml'), blocksOf('yaml')[0] ?? '');
    const url = args.includes('--url') ? [] : ['--url', 'http://127.0.0.1:1'];
    const ran = await runHere([...args, ...url], {}, folder);
    expect([ran.code, ran.stderr.split('.')[0]]).toEqual([
      1,
      'orchescope alerts: No server answers at http://127',
    ]);
  }
});
