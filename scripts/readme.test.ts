import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeSettings } from '../collector/src/config.ts';
import { startOtlpRecorder, type OtlpRecorder } from '../examples/frameworks/otlp-recorder.ts';
import { toSpanTree } from '../examples/frameworks/span-tree.ts';
import { read } from './docs/markdown-files.ts';
import { root } from './docs/pages.ts';
import { readRegion, readSnippets } from './docs/snippets.ts';

let recorder: OtlpRecorder;

beforeEach(async () => {
  recorder = await startOtlpRecorder();
});

afterEach(() => recorder.stop());

test.each(['README.md', 'sdk/README.md'])('the code of %s is code that runs', (file) => {
  const snippets = readSnippets(read(file));
  expect(snippets.length).toBeGreaterThan(0);
  for (const { line, code, source } of snippets) {
    const where = `${file}:${line}`;
    expect(source, `${where} has no <!-- snippet: path#region --> above it`).not.toBeNull();
    const [path = '', region = ''] = (source ?? '').split('#');
    expect(code, `${where} differs from ${source}`).toBe(readRegion(read(path), region));
  }
});

test('the settings in the README have the defaults that the server has', () => {
  const rows = read('README.md').matchAll(/^\| `(ORCHESCOPE_\w+)` +\| (\S+)/gm);
  const told = Array.from(rows, ([, name, text = '']) => [name, text.replaceAll('`', '')]);
  expect(told.length).toBeGreaterThan(3);
  const defaults = describeSettings().map(({ name, defaultText }) => [
    name,
    defaultText || 'unset',
  ]);
  expect(defaults).toEqual(expect.arrayContaining(told));
});

test('the program of the README sends the two spans it names', async () => {
  const printed = await run(['--import', '@orchescope/sdk/register', 'examples/readme.ts']);
  expect(printed).toBe('order 4711: shipped\n');
  expect(toSpanTree(recorder.spans)).toBe(
    'invoke_workflow support\n  execute_tool orders.lookup\n',
  );
});

test('the program of sdk/README.md sends what the page tells', async () => {
  await run(['examples/sdk-readme/main.ts']);
  // Root spans start on whole milliseconds, so their order is not told.
  const trees = toSpanTree(recorder.spans)
    .trimEnd()
    .split(/\n(?! )/);
  expect(trees.toSorted()).toEqual([
    'chat gpt-5-mini',
    'execute_tool search',
    'invoke_agent clerk\n  step approval',
    'invoke_workflow orders',
    'invoke_workflow support',
    'process reviews',
  ]);
});

async function run(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: recorder.endpoint },
  });
  return stdout;
}
