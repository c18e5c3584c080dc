import { orchescope as our, genAi } from '@orchescope/sdk/attributes';
import { spanKinds, type SpanKind } from '../../span.ts';
import { dialect } from './table.ts';

/** Our own SDK. It writes OpenTelemetry's names first, so there is little here. */
export const orchescope = dialect('orchescope', {
  marks: { scopes: ['@orchescope/sdk'], keys: [our.kind] },
  kinds: [
    {
      key: our.kind,
      values: {
        ...(Object.fromEntries(spanKinds.map((kind) => [kind, kind])) as Record<
          SpanKind,
          SpanKind
        >),
        send: 'queue',
        process: 'queue',
      },
    },
  ],
  fields: [
    ['runId', our.runId],
    ['workflowName', our.name, { kinds: ['workflow'] }],
    ['agentName', our.name, { kinds: ['agent'] }],
    ['toolName', our.name, { kinds: ['tool', 'mcp'] }],
    ['costUsd', our.costUsd],
    ['attempt', our.retryAttempt],
    ['loopIteration', our.loopIteration],
    ['stepIndex', our.stepIndex],
    ['handoffFrom', our.handoffFrom],
    ['handoffTo', our.handoffTo],
  ],
  content: [
    ['input', our.input],
    ['output', our.output],
    ['input', genAi.retrievalQueryText, { as: 'text' }],
  ],
  waits: [
    [our.stepType, ['wait', 'backoff', 'approval', 'queue']],
    [our.kind, ['approval']],
  ],
});
