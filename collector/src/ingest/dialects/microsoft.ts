/** Microsoft's three: Agent Framework, and Semantic Kernel and AutoGen, which it replaces. */
import { readFinishReasons } from './finish-reasons.ts';
import type { Reader } from './readers.ts';
import { dialect } from './table.ts';

/** Workflows are spans of executors and edges; messages between them are joined by links, not by parents. */
export const agentFramework = dialect('agent-framework', {
  marks: {
    scopePrefixes: ['agent_framework', 'Microsoft.Agents.AI', 'Experimental.Microsoft.Agents.AI'],
    keys: ['executor.id', 'edge_group.type', 'workflow.definition'],
    values: [
      ['gen_ai.system', 'microsoft.agent_framework'],
      ['gen_ai.provider.name', 'microsoft.agent_framework'],
    ],
  },
  fields: [
    ['workflowName', 'workflow.name', { kinds: ['workflow'] }],
    ['runId', 'run.id', { kinds: ['workflow'] }],
    ['handoffFrom', 'message.source_id', { kinds: ['handoff'] }],
    ['handoffTo', 'message.target_id', { kinds: ['handoff'] }],
    ['handoffTo', 'message.destination_executor_id', { kinds: ['handoff'] }],
  ],
  namePrefixes: [
    ['workflow.run', 'workflow'],
    ['workflow.session', 'workflow'],
    ['workflow_invoke', 'workflow'],
    ['executor.process', 'step'],
    ['edge_group.process', 'route'],
    ['message.send', 'handoff'],
  ],
});

/** Python writes its enum: `FinishReason.STOP`. */
const readEnum: Reader<readonly string[]> = (value) =>
  readFinishReasons(typeof value === 'string' ? value.replace('FinishReason.', '') : value);

export const semanticKernel = dialect('semantic-kernel', {
  marks: { scopePrefixes: ['Microsoft.SemanticKernel', 'semantic_kernel'] },
  kinds: [
    {
      key: 'gen_ai.operation.name',
      values: {
        'chat.completions': 'llm',
        'chat.streaming_completions': 'llm',
        'text.completions': 'llm',
        'text.streaming_completions': 'llm',
      },
    },
  ],
  fields: [
    ['inputTokens', 'gen_ai.response.prompt_tokens'],
    ['outputTokens', 'gen_ai.response.completion_tokens'],
    ['finishReasons', 'gen_ai.response.finish_reason', { read: readEnum }],
  ],
  namePrefixes: [['AutoFunctionInvocationLoop', 'step']],
});

/** The runtime's messages in the words of OpenTelemetry's messaging conventions, its agents in gen_ai's. */
export const autogen = dialect('autogen', {
  marks: {
    scopes: ['autogen-core'],
    scopePrefixes: ['autogen_', 'autogen '],
    values: [['gen_ai.system', 'autogen']],
  },
  kinds: [
    {
      key: 'messaging.operation',
      values: {
        create: 'queue',
        send: 'queue',
        publish: 'queue',
        receive: 'queue',
        intercept: 'queue',
        process: 'queue',
        ack: 'queue',
      },
    },
  ],
  content: [['input', 'message', { kinds: ['queue'] }]],
});
