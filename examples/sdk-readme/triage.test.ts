/** How a user tests an orchestration. Shown in sdk/README.md. */
import { observe, run } from '@orchescope/sdk';
// #region testing
import { expectRun, record } from '@orchescope/sdk/testing';
import { test } from 'vitest';

test('a question about an order goes to the agent that knows orders', async () => {
  const recording = record();
  await triage('where is order 4711?');
  expectRun(recording)
    .toHaveHandedOff('triage', 'orders')
    .toHaveCalledTool('look_up', 1)
    .toHaveNoLoops()
    .toStayWithin({ modelCalls: 2, tokens: 2_000 });
  await recording.stop();
});
// #endregion

const lookUp = observe(async (order: string) => ({ order, state: 'sent' }), {
  kind: 'tool',
  name: 'look_up',
});

const triage = (question: string): Promise<{ state: string }> =>
  run({ kind: 'workflow', name: 'support', pattern: 'handoff', input: question }, async () => {
    run({ kind: 'agent', name: 'triage' }, () => {
      run({ kind: 'handoff', name: 'orders' }, () => {});
    });
    return run({ kind: 'agent', name: 'orders' }, () => lookUp('4711'));
  });
