import type { Attributes } from '@opentelemetry/api';
import { genAi, orchescope, otel } from '../attributes.ts';
import type { Operation } from '../operation.ts';
import { captureMode, toText } from '../redact.ts';
import type { AnySpec } from '../spec.ts';
import { isFailure, refusedHandoffs } from './openai-agents-errors.ts';
import { at, listAt, numberAt, parse, textAt, told } from './json.ts';

/** What is known around a span when it starts. */
export type Around = {
  readonly traceName: string;
  /** The library's data of the agent that is at work, if one is. */
  readonly agent: unknown;
};

type Reading = {
  /** The span to make of it, by what is known at its start; none for plumbing. */
  readonly start: (data: unknown, around: Around) => AnySpec | undefined;
  /** The collector's kind, where it is finer than ours. */
  readonly canonicalKind?: string;
  /** Writes what is known at its end. */
  readonly end?: (operation: Operation, data: unknown, error: unknown) => void;
};

const nameOf = (data: unknown, fallback: string): string => textAt(data, 'name') ?? fallback;

/** What the library calls every run that its user gave no name. */
export const unnamedWorkflow = 'Agent workflow';

/** The library's types of spans -> ours. Model calls are read in `openai-agents-model.ts`. */
const readings: Readonly<Record<string, Reading>> = {
  /** One call of `run`. It is the trace itself, unless its user gave it a name of its own. */
  task: {
    start: (data, { traceName }) => {
      const name = nameOf(data, unnamedWorkflow);
      const isTrace = name === traceName || name === unnamedWorkflow;
      return isTrace ? undefined : { kind: 'workflow', name };
    },
  },
  agent: { start: (data) => ({ kind: 'agent', name: nameOf(data, 'agent') }) },
  turn: {
    start: (data) => {
      const turn = numberAt(data, 'turn');
      return {
        kind: 'step',
        name: 'turn',
        type: 'turn',
        ...(turn !== undefined && { index: turn - 1 }),
      };
    },
  },
  response: { start: () => ({ kind: 'llm', name: 'response' }) },
  generation: {
    start: (data) => ({
      kind: 'llm',
      name: 'generation',
      ...told({ model: textAt(data, 'model') }),
    }),
  },
  function: {
    start: (data) => ({ kind: 'tool', name: nameOf(data, 'tool'), type: 'function' }),
    end: (operation, data) => {
      const args = textAt(data, 'input') || undefined;
      const result = textAt(data, 'output') || undefined;
      operation.set(told({ args: args && (parse(args) ?? args), result }));
    },
  },
  handoff: {
    start: (data, { agent }) => {
      const allowed = listAt(agent, 'handoffs').map(String);
      return {
        kind: 'handoff',
        // To whom is known at its end alone.
        name: allowed.length === 1 ? String(allowed[0]) : 'unknown',
        ...told({ from: textAt(data, 'from_agent') }),
        ...(allowed.length > 0 && { allowed }),
      };
    },
    end: (operation, data, error) => {
      const to = textAt(data, 'to_agent');
      if (to !== undefined) {
        const name = toText('name', to);
        operation.span.updateName(`handoff ${name}`);
        operation.span.setAttribute(orchescope.name, name);
        operation.set({ to });
      }
      operation.set({ accepted: to !== undefined && !isFailure(error) });
      for (const target of refusedHandoffs(error))
        operation.emit({ type: 'rejected', by: 'policy', target });
    },
  },
  guardrail: {
    start: (data) => ({ kind: 'guardrail', name: nameOf(data, 'guardrail') }),
    end: (operation, data, error) => {
      const triggered = at(data, 'triggered') === true;
      if (!isFailure(error)) operation.set({ triggered, action: triggered ? 'block' : 'allow' });
    },
  },
  mcp_tools: {
    canonicalKind: 'mcp',
    start: (data) => ({
      kind: 'tool',
      name: 'tools/list',
      attributes: {
        [otel.mcpMethodName]: 'tools/list',
        ...told({ [orchescope.name]: textAt(data, 'server') }),
      },
    }),
    end: (operation, data) => operation.set({ result: listAt(data, 'result') }),
  },
  custom: {
    start: (data) => ({
      kind: 'step',
      name: nameOf(data, 'custom'),
      type: 'stage',
      input: at(data, 'data'),
    }),
  },
};

/** Voice, and whatever later versions add. */
const anyOther: Reading = {
  start: (data) => {
    const type = textAt(data, 'type') ?? 'span';
    return { kind: 'step', name: nameOf(data, type), type: 'action' };
  },
};

export const readingOf = (type: string): Reading =>
  (Object.hasOwn(readings, type) && readings[type]) || anyOther;

/** On every span of the trace. */
export const conversationOf = (trace: unknown): Attributes =>
  told({ [genAi.conversationId]: textAt(trace, 'groupId') });

/** What the user said of the trace; values that are texts, numbers or booleans. */
export const metadataOf = (trace: unknown): Attributes => {
  const attributes: Attributes = {};
  if (captureMode() === 'off') return attributes;
  for (const [name, value] of Object.entries(at(trace, 'metadata') ?? {}))
    if (/^(?:string|number|boolean)$/.test(typeof value))
      attributes[`openai_agents.metadata.${name}`] = value;
  return attributes;
};
