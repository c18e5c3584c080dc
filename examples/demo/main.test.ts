import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startOtlpRecorder } from '../frameworks/otlp-recorder.ts';

const main = new URL('./main.ts', import.meta.url).pathname;
const demo = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);

test('it sends the day as JSON to the project and says what and where', async () => {
  const recorder = await startOtlpRecorder();
  const args = ['--traces', '40', '--seed', '3', '--tail', '0', '--project', 'shop'];
  const { stdout } = await demo('--endpoint', recorder.endpoint, ...args);
  await recorder.stop();
  const traces = new Set(recorder.spans.map(({ traceId }) => traceId)).size;
  expect(stdout).toMatch(`: ${traces} traces, ${recorder.spans.length} spans.`);
  expect(stdout).toMatch(`Look at them: ${recorder.endpoint}/runs?project=shop\n`);
  expect(new Set(recorder.contentTypes)).toEqual(new Set(['application/json']));
  expect(new Set(recorder.projects)).toEqual(new Set(['shop']));
});

test('without a collector it says so in one sentence and fails', async () => {
  const recorder = await startOtlpRecorder();
  await recorder.stop();
  await expect(demo('--endpoint', recorder.endpoint, '--traces', '5')).rejects.toMatchObject({
    code: 1,
    stderr: `No collector answers at ${recorder.endpoint}. Start one with "npm start", or name another with --endpoint.\n`,
  });
});

test.each([
  { args: ['--traces', 'many'], says: '--traces takes a whole number, not "many".' },
  { args: ['--endpoint', 'here'], says: 'Invalid URL' },
  { args: ['--sed', '1'], says: "Unknown option '--sed'" },
])('$args is refused with the usage', async ({ args, says }) => {
  const failure = await demo(...args).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
  expect(failure).toMatchObject({ stderr: expect.stringContaining('--tail <seconds>') });
});
