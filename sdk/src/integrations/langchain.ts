import { registerAmbient } from '../ambient.ts';
import { genAi } from '../attributes.ts';
import { runOf } from '../context.ts';
import type { OrchEvent } from '../events.ts';
import { captureMode } from '../redact.ts';
import { safely } from '../safely.ts';
import type { AnySpec } from '../spec.ts';
import { at, listAt, parse, textAt } from './json.ts';
import { chainSpec, placeOf, type Agents, type ChainStart } from './langchain-chain.ts';
import { currentRunId, modelStarted } from './langchain-current.ts';
import { readModelEnd, readModelStart, toState } from './langchain-messages.ts';
import { Pauses } from './langchain-pauses.ts';
import { close, fail, open, runOfId, write, type FailedTry } from './langchain-runs.ts';
import { handoffFacts, handoffTarget, toDocument, ToolError } from './langchain-tools.ts';

/**
 * What the handler cannot know of a graph by itself.
 *
 * @example const options: LangchainOptions = { agents: ['researcher', 'writer'] };
 */
export interface LangchainOptions {
  /**
   * Names of the nodes and graphs that are agents. When left out, every graph with a name of its own that runs inside
   * another graph is one, as `createReactAgent({ name })` makes them.
   */
  readonly agents?: readonly string[];
}

const pauses = new Pauses();
let ambient: (() => void) | undefined;

/**
 * A callback handler for LangChain and LangGraph: graphs are workflows, nodes are steps, `transfer_to_...` tools are
 * handoffs, an interrupt is a pause and what follows it is linked to it.
 *
 * @example const app = graph.compile({ checkpointer }).withConfig({ callbacks: [orchescope()] });
 */
export const orchescope = (options: LangchainOptions = {}): OrchescopeHandler => {
  ambient ??= registerAmbient(() => runOfId(currentRunId())?.span);
  return new OrchescopeHandler(options.agents);
};

/** Structurally a `GraphCallbackHandler`. Nothing in it throws. */
export class OrchescopeHandler {
  readonly name = 'orchescope';
  /** Else LangChain calls from a queue, when the moment and the active span are gone. */
  readonly awaitHandlers = true;
  readonly #agents: Agents;

  constructor(agents: Agents) {
    this.#agents = agents;
    Object.defineProperty(this, Symbol.for('langgraph.graph_callback_handler'), { value: true });
  }

  /** LangChain knows by it that this is a handler, where a hook of its gives it one. */
  copy(): this {
    return this;
  }

  /** In the order in which LangChain calls it; its declaration has another. */
  handleChainStart(
    chain: unknown,
    inputs: unknown,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    _runType?: string,
    runName?: string,
  ): void {
    const isRoot = parentRunId === undefined;
    const start: ChainStart = { chain, inputs, isRoot, tags, metadata, name: runName };
    safely('a chain of LangChain', () => this.#startChain(runId, parentRunId, start));
  }

  handleChainEnd(outputs: unknown, runId: string): void {
    close('a chain of LangChain', runId, (run) => {
      const output = toState(outputs);
      if (output !== undefined) write<'workflow'>(run, { output });
    });
  }

  handleChainError(error: unknown, runId: string): void {
    fail('a chain of LangChain', runId, error);
  }

  handleChatModelStart(
    model: unknown,
    messages: readonly (readonly unknown[])[],
    runId: string,
    parentRunId?: string,
    extra?: Record<string, unknown>,
    _tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): void {
    safely('a model of LangChain', () => {
      if (runOfId(runId)) return;
      const facts = readModelStart({ messages: messages[0] ?? [], extra, metadata });
      const name = runName ?? String(listAt(model, 'id').at(-1) ?? 'model');
      open({ runId, parentRunId, spec: { kind: 'llm', name, ...facts }, type: 'llm' });
      modelStarted(parentRunId);
    });
  }

  handleLLMStart(
    model: unknown,
    prompts: readonly string[],
    runId: string,
    parentRunId?: string,
    extra?: Record<string, unknown>,
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): void {
    const given = [prompts];
    this.handleChatModelStart(model, given, runId, parentRunId, extra, tags, metadata, runName);
  }

  handleLLMNewToken(_token: string, _index: unknown, runId: string): void {
    const run = runOfId(runId);
    if (!run || run.streams) return;
    run.streams = true;
    const seconds = (performance.now() - run.startedMs) / 1000;
    safely('first token', () => run.span?.setAttribute(genAi.responseTimeToFirstChunk, seconds));
    write<'llm'>(run, { stream: true });
  }

  handleLLMEnd(result: unknown, runId: string): void {
    close('a model of LangChain', runId, (run) => {
      const { facts, attributes } = readModelEnd(result);
      run.op?.span.setAttributes(attributes);
      write<'llm'>(run, facts);
    });
  }

  handleLLMError(error: unknown, runId: string): void {
    fail('a model of LangChain', runId, error);
  }

  handleToolStart(
    tool: unknown,
    input: string,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
    toolCallId?: string,
  ): void {
    safely('a tool of LangChain', () => {
      const name = runName ?? String(listAt(tool, 'id').at(-1) ?? 'tool');
      const to = handoffTarget(name, metadata);
      const spec: AnySpec =
        to === undefined
          ? {
              kind: 'tool',
              name,
              type: 'function',
              args: parse(input) ?? input,
              ...(toolCallId !== undefined && { callId: toolCallId }),
            }
          : { kind: 'handoff', name: to };
      open({ runId, parentRunId, spec, type: 'tool' });
    });
  }

  handleToolEnd(output: unknown, runId: string): void {
    const failed = textAt(output, 'status') === 'error' ? new ToolError(output) : undefined;
    close(
      'a tool of LangChain',
      runId,
      (run) => {
        if (run.kind === 'handoff') write<'handoff'>(run, handoffFacts(output));
        else write<'tool'>(run, { result: at(output, 'content') ?? output });
      },
      failed,
    );
  }

  handleToolError(error: unknown, runId: string): void {
    fail('a tool of LangChain', runId, error);
  }

  handleRetrieverStart(
    retriever: unknown,
    query: string,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    _metadata?: Record<string, unknown>,
    runName?: string,
  ): void {
    safely('a retriever of LangChain', () => {
      const name = runName ?? String(listAt(retriever, 'id').at(-1) ?? 'retriever');
      const spec = { kind: 'retrieval', name, source: name, query } as const;
      open({ runId, parentRunId, spec, type: 'retriever' });
    });
  }

  handleRetrieverEnd(documents: readonly unknown[], runId: string): void {
    close('a retriever of LangChain', runId, (run) => {
      write<'retrieval'>(run, { documents: documents.map(toDocument) });
    });
  }

  handleRetrieverError(error: unknown, runId: string): void {
    fail('a retriever of LangChain', runId, error);
  }

  /** Called for the outermost graph, before its end. */
  handleInterrupt(event: PauseEvent): void {
    safely('an interrupt of LangGraph', () => {
      const run = runOfId(event.runId);
      if (!run?.op) return;
      const isStatic = event.interrupts?.length === 0;
      const reason = isStatic ? event.status : (question(event) ?? 'interrupt');
      write<'workflow'>(run, { outcome: 'interrupted', reason });
      if (isStatic) run.op.emit({ type: 'interrupt', reason });
      run.op.emit({ type: 'checkpoint', op: 'save', id: event.checkpointId });
      pauses.add(run.threadId, event.checkpointId, {
        span: run.op.span.spanContext(),
        runId: runOf(run.op.context),
      });
    });
  }

  handleResume(event: PauseEvent): void {
    safely('a resume of LangGraph', () => {
      const run = runOfId(event.runId);
      if (!run?.op) return;
      run.op.emit({ type: 'checkpoint', op: 'load', id: event.checkpointId });
      const paused = pauses.take(run.threadId, event.checkpointId);
      if (paused) run.op.link(paused.span, 'resumes');
    });
  }

  #startChain(runId: string, parentRunId: string | undefined, start: ChainStart): void {
    if (runOfId(runId)) return;
    const type = placeOf(start);
    const threadId = textAt(start.metadata, 'thread_id');
    const found = chainSpec(start, this.#agents);
    const task = type === 'node' ? taskOf(start.metadata) : undefined;
    const before = task === undefined ? undefined : runOfId(parentRunId)?.failed?.get(task);
    const runOfPause = start.isRoot ? pauses.of(threadId, start.inputs)?.runId : undefined;
    let spec = found;
    if (before && spec) spec = again(spec, before);
    if (runOfPause !== undefined && spec?.kind === 'workflow')
      spec = { ...spec, runId: runOfPause };
    if (before) runOfId(parentRunId)?.op?.emit(retry(before));
    const attempt = (before?.attempt ?? 0) + 1;
    open({
      runId,
      parentRunId,
      spec,
      type,
      threadId,
      ...(task !== undefined && { task: { id: task, attempt } }),
    });
  }
}

/** What the user is asked: their content, with capture `full` alone. */
const question = ({ interrupts }: PauseEvent): string | undefined =>
  captureMode() === 'full' ? textAt(interrupts, 0, 'value') : undefined;

/** A task keeps its namespace through all of its tries. */
const taskOf = (metadata: unknown): string | undefined =>
  textAt(metadata, 'langgraph_checkpoint_ns') ?? textAt(metadata, 'checkpoint_ns');

const retry = ({ attempt, reason }: FailedTry): OrchEvent => ({ type: 'retry', attempt, reason });

const again = (spec: AnySpec, before: FailedTry): AnySpec => ({
  ...spec,
  ...(spec.kind === 'step' && { attempt: before.attempt + 1 }),
  links: [{ to: before.span.spanContext(), rel: 'retries' }],
});

/** LangGraph's `GraphInterruptEvent` and `GraphResumeEvent`. */
export type PauseEvent = {
  readonly runId: string | undefined;
  readonly status: string;
  readonly checkpointId: string;
  readonly interrupts?: readonly unknown[];
};
