import type { Attributes } from '@opentelemetry/api';
import { genAi, otel } from '../attributes.ts';
import type { AnySpec } from '../spec.ts';
import { listAt, numberAt, textAt, told } from './json.ts';
import type { MastraRecord } from './mastra-record.ts';

/** A span of Mastra's when it starts. */
export type MastraStart = {
  readonly type: string;
  readonly name: string;
  readonly entityId: string | undefined;
  readonly entityName: string | undefined;
  readonly attributes: unknown;
  readonly runId: string | undefined;
  readonly parent: MastraRecord | undefined;
};

/** What becomes of it: our kind, and the collector's where that is finer. */
export type MastraSpan = { readonly spec: AnySpec; readonly canonicalKind?: string };

/**
 * The span for a span of Mastra's, or none. A generation and its steps repeat the messages and the usage of the model
 * call inside: the call alone is counted, the generation is left out.
 */
export const toMastraSpan = (start: MastraStart): MastraSpan | undefined =>
  plumbing.has(start.type) ? undefined : (readers[start.type] ?? other)(start);

const plumbing: ReadonlySet<string> = new Set([
  'model_generation',
  'workflow_conditional_eval',
  'scorer_step',
  'mapping',
]);

/** Things of a moment, many a call: neither spans nor places. */
export const isNoise = (type: string): boolean => type === 'model_chunk' || type === 'agent_signal';

const nameOf = ({ entityName, entityId, name }: MastraStart): string =>
  entityName ?? entityId ?? name;

type Reader = (start: MastraStart) => MastraSpan;

const other: Reader = (start) => {
  const name = start.type === 'generic' ? start.name : (start.entityName ?? start.type);
  return { spec: { kind: 'step', name, type: 'stage' } };
};

const stage =
  (name: (start: MastraStart) => string | undefined, canonicalKind?: string): Reader =>
  (start) => ({
    spec: { kind: 'step', name: name(start) ?? start.type, type: 'stage' },
    ...(canonicalKind !== undefined && { canonicalKind }),
  });

const wait =
  (name: (start: MastraStart) => string): Reader =>
  (start) => ({ spec: { kind: 'step', name: name(start), type: 'wait' } });

const tool =
  (type: 'function' | 'extension', canonicalKind?: string): Reader =>
  (start) => ({
    spec: {
      kind: 'tool',
      name: nameOf(start),
      type,
      ...told({ callId: textAt(start.attributes, 'toolCallId') }),
      attributes: told({
        [genAi.toolDescription]: textAt(start.attributes, 'toolDescription'),
      }) as Attributes,
    },
    ...(canonicalKind !== undefined && { canonicalKind }),
  });

const agent: Reader = (start) => ({
  spec: {
    kind: 'agent',
    name: nameOf(start),
    ...told({ id: start.entityId, version: textAt(start.attributes, 'resolvedVersionId') }),
  },
});

const workflow: Reader = (start) => ({
  spec: { kind: 'workflow', name: nameOf(start), ...told({ runId: start.runId }) },
});

/** Its place in what holds it: a branch, a round, or one after the other. */
const workflowStep: Reader = (start) => {
  const { parent } = start;
  const id = start.entityId ?? start.name;
  const step = { kind: 'step', name: id, id } as const;
  if (parent?.type === 'workflow_parallel') {
    const branches = listAt(parent.attributes, 'parallelSteps');
    const index = branches.indexOf(id);
    return {
      spec: { ...step, type: 'branch', ...(index >= 0 && { index, of: branches.length }) },
    };
  }
  if (parent?.type === 'workflow_loop')
    return {
      spec: {
        ...step,
        type: 'iteration',
        loop: parent.name,
        iteration: parent.below.get(start.type) ?? 1,
      },
    };
  if (parent?.type === 'workflow_conditional') return { spec: { ...step, type: 'branch' } };
  // What `.map()` makes of its function.
  return { spec: { ...step, type: id.startsWith('mapping_') ? 'transform' : 'node' } };
};

export const toModelCall = ({ attributes }: { readonly attributes: unknown }): MastraSpan => {
  const model = textAt(attributes, 'model');
  const asked = 'parameters';
  return {
    spec: {
      kind: 'llm',
      name: model ?? 'model',
      ...told({ model, provider: textAt(attributes, 'provider') }),
      attributes: told({
        [genAi.requestTemperature]: numberAt(attributes, asked, 'temperature'),
        [genAi.requestTopP]: numberAt(attributes, asked, 'topP'),
        [genAi.requestTopK]: numberAt(attributes, asked, 'topK'),
        [genAi.requestMaxTokens]: numberAt(attributes, asked, 'maxOutputTokens'),
        [genAi.requestSeed]: numberAt(attributes, asked, 'seed'),
      }) as Attributes,
    },
  };
};

const turn: Reader = ({ attributes }) => ({
  spec: {
    kind: 'step',
    name: 'turn',
    type: 'turn',
    ...told({ index: numberAt(attributes, 'stepIndex') }),
  },
});

const vectors: Reader = (start) => {
  const operation = textAt(start.attributes, 'operation') ?? 'vectors';
  const source = textAt(start.attributes, 'indexName') ?? textAt(start.attributes, 'store');
  if (operation !== 'query') return { spec: { kind: 'step', name: operation, type: 'stage' } };
  const facts = told({ source, topK: numberAt(start.attributes, 'topK') });
  return { spec: { kind: 'retrieval', name: source ?? operation, ...facts } };
};

const embedding: Reader = ({ attributes }) => {
  const model = textAt(attributes, 'model');
  const facts = told({
    model,
    provider: textAt(attributes, 'provider'),
    dimensions: numberAt(attributes, 'dimensions'),
  });
  return { spec: { kind: 'embedding', name: model ?? 'embedding', ...facts } };
};

const mcpRequest: Reader = ({ attributes }) => {
  const method = textAt(attributes, 'mcpMethod') ?? 'request';
  const about = { [otel.mcpMethodName]: method };
  return {
    spec: { kind: 'step', name: method, type: 'stage', attributes: about },
    canonicalKind: 'mcp',
  };
};

const readers: Readonly<Record<string, Reader>> = {
  agent_run: agent,
  workflow_run: workflow,
  workflow_step: workflowStep,
  workflow_parallel: stage(() => 'parallel'),
  workflow_conditional: () => ({ spec: { kind: 'route', name: 'conditional' } }),
  workflow_loop: stage(({ attributes }) => textAt(attributes, 'loopType')),
  workflow_sleep: wait(() => 'sleep'),
  workflow_wait_event: wait(({ attributes }) => textAt(attributes, 'eventName') ?? 'event'),
  model_step: turn,
  model_inference: toModelCall,
  tool_call: tool('function'),
  client_tool_call: tool('function'),
  provider_tool_call: tool('extension'),
  mcp_tool_call: tool('extension', 'mcp'),
  workspace_action: tool('function'),
  mcp_server_request: mcpRequest,
  processor_run: (start) => ({ spec: { kind: 'guardrail', name: nameOf(start) } }),
  memory_operation: stage(({ attributes }) => textAt(attributes, 'operationType'), 'memory'),
  scorer_run: stage(nameOf, 'evaluation'),
  classifier_evaluation: stage(nameOf, 'evaluation'),
  rag_embedding: embedding,
  rag_vector_operation: vectors,
};
