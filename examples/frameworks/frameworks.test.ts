import { afterEach, beforeEach, expect, test } from 'vitest';
import { startOtlpRecorder, type OtlpRecorder } from './otlp-recorder.ts';
import { frameworks, runExample } from './run-example.ts';
import { toSpanTree } from './span-tree.ts';

let recorder: OtlpRecorder;

beforeEach(async () => {
  recorder = await startOtlpRecorder();
});

afterEach(() => recorder.stop());

test.each(frameworks)('%s sends the tree beside it, as protobuf', async (framework) => {
  expect(await runExample(framework, recorder.endpoint)).toMatch(
    new RegExp(`^${framework}: .+\\n$`),
  );
  expect(new Set(recorder.contentTypes)).toEqual(new Set(['application/x-protobuf']));
  await expect(toSpanTree(recorder.spans)).toMatchFileSnapshot(`./${framework}/tree.txt`);
});

test.each(frameworks)(
  '%s says in one line when no collector answers',
  // Some start a database of their own first.
  { timeout: 90_000 },
  async (framework) => {
    await recorder.stop();
    const impatient = { OTEL_EXPORTER_OTLP_TIMEOUT: '500' };
    await expect(runExample(framework, recorder.endpoint, impatient)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^The spans could not be sent, is the collector running\? .+\n$/,
      ),
    });
  },
);
