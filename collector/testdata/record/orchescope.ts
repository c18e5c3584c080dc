/** Our own SDK: a workflow with an agent, a model call, a tool that fails once, a handoff and a loop. */
import { emit, init, run } from '@orchescope/sdk';

const telemetry = init({ serviceName: 'orchescope-recording', capture: 'full' });

await run({ kind: 'workflow', name: 'support', runId: 'run-1', pattern: 'handoff' }, async () => {
  await run({ kind: 'agent', name: 'triage', role: 'router' }, async () => {
    await run({ kind: 'llm', name: 'classify', provider: 'openai', model: 'gpt-5-mini' }, async (op) => {
      op.set({
        responseModel: 'gpt-5-mini-2025-08-07',
        responseId: 'resp_1',
        finishReasons: ['stop'],
        usage: { inputTokens: 120, outputTokens: 9, cacheReadTokens: 64 },
        costUsd: 0.0000312,
        input: 'My parcel is late.',
        output: 'shipping',
      });
    });
    await run({ kind: 'handoff', name: 'to-shipping', from: 'triage', to: 'shipping' }, async (op) => {
      op.set({ accepted: true });
    });
  });
  await run({ kind: 'agent', name: 'shipping' }, async () => {
    for (const attempt of [1, 2]) {
      const step = { kind: 'step', name: 'look-up', type: 'attempt', attempt, index: 0 } as const;
      await run({ ...step, loop: 'until-found', iteration: attempt }, () => lookUp(attempt)).catch(() => {
        emit({ type: 'retry', attempt: 2, max: 3, delayMs: 250, reason: 'TimeoutError' });
      });
    }
  });
});
await telemetry.shutdown();

async function lookUp(attempt: number): Promise<void> {
  const tool = { kind: 'tool', name: 'track_parcel', callId: `call_${attempt}` } as const;
  await run({ ...tool, args: { parcel: 'P-7' } }, async (op) => {
    if (attempt === 1) throw new RangeError('the carrier did not answer');
    op.set({ result: { status: 'in transit' } });
  });
}
