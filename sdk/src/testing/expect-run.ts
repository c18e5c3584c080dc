import { genAi, orchescope } from '../attributes.ts';
import { printTree } from './print-tree.ts';
import type { RecordedEvent, RecordedSpan } from './recorded.ts';

/** What a run may use at most. What is left out is not limited. */
export type Limits = {
  /** Input and output tokens of all model calls. */
  readonly tokens?: number;
  readonly usd?: number;
  /** The longest root span. */
  readonly ms?: number;
  readonly modelCalls?: number;
  readonly toolCalls?: number;
};

/** Each throws an error that shows the tree when it does not hold, and else returns this, so that they chain. */
export interface RunExpectation {
  toHaveHandedOff(from: string, to: string): this;
  /** Without `times`: at least once. */
  toHaveCalledTool(name: string, times?: number): this;
  /** Agents in the order in which they first started. */
  toHaveRunAgents(...names: readonly string[]): this;
  /** Without `times`: at least once. */
  toHaveRetried(times?: number): this;
  toHaveFallenBack(from: string, to: string): this;
  /** An event of this type whose fields include these, by their names in `emit`, in snake case. */
  toHaveEmitted(type: string, fields?: Readonly<Record<string, unknown>>): this;
  /** Every workflow ended in this way: completed, partial, suspended, failed, cancelled, terminated. */
  toHaveEnded(outcome: string): this;
  toHaveNoErrors(): this;
  toHaveNoLoops(): this;
  toStayWithin(limits: Limits): this;
  /** The names of all spans, indented; indentation common to all lines does not count. */
  toMatchTree(tree: string): this;
}

/**
 * Says what a run must have done. Works in any test runner: it throws a plain `AssertionError` with the tree.
 *
 * @example expectRun(recording).toHaveHandedOff('triage', 'billing').toStayWithin({ modelCalls: 5 });
 */
export const expectRun = (
  run: readonly RecordedSpan[] | { spans(): readonly RecordedSpan[] },
): RunExpectation => new Expectation('spans' in run ? run.spans() : run);

class RunAssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(message: string, actual: unknown, expected: unknown) {
    super(message);
    this.actual = actual;
    this.expected = expected;
  }
}

class Expectation implements RunExpectation {
  private readonly spans: readonly RecordedSpan[];

  constructor(spans: readonly RecordedSpan[]) {
    this.spans = spans;
  }

  toHaveHandedOff(from: string, to: string): this {
    const made = this.ofKind('handoff').map(
      ({ attributes }) =>
        `${text(attributes[orchescope.handoffFrom])} -> ${text(attributes[orchescope.handoffTo])}`,
    );
    return this.includes(made, `${from} -> ${to}`, 'a handoff');
  }

  toHaveCalledTool(name: string, times?: number): this {
    const calls = this.ofKind('tool').map(({ attributes }) => text(attributes[genAi.toolName]));
    if (times === undefined) return this.includes(calls, name, 'a call of the tool');
    const made = calls.filter((call) => call === name).length;
    return this.equals(made, times, `calls of the tool ${name}`);
  }

  toHaveRunAgents(...names: readonly string[]): this {
    const ran = this.ofKind('agent').map(({ attributes }) => text(attributes[genAi.agentName]));
    return this.equals([...new Set(ran)].join(', '), names.join(', '), 'the agents');
  }

  toHaveRetried(times?: number): this {
    const made = this.events('retry').length;
    if (times !== undefined) return this.equals(made, times, 'retries');
    return made > 0 ? this : this.fail('a retry', 'none', 'at least one');
  }

  toHaveFallenBack(from: string, to: string): this {
    const made = this.events('fallback').map(
      ({ attributes }) =>
        `${text(attributes['orchescope.fallback.from'])} -> ${text(attributes['orchescope.fallback.to'])}`,
    );
    return this.includes(made, `${from} -> ${to}`, 'a fallback');
  }

  toHaveEmitted(type: string, fields: Readonly<Record<string, unknown>> = {}): this {
    const events = this.events(type);
    const found = events.some((event) =>
      Object.entries(fields).every(([field, value]) => fieldOf(event, type, field) === value),
    );
    if (found) return this;
    const seen = events.map(({ attributes }) => JSON.stringify(attributes)).join('; ');
    return this.fail(`an event ${type}`, seen || 'none', JSON.stringify(fields));
  }

  toHaveEnded(outcome: string): this {
    const outcomes = this.ofKind('workflow').map(({ attributes }) =>
      text(attributes[orchescope.runOutcome]),
    );
    return this.equals([...new Set(outcomes)].join(', '), outcome, 'the outcome of the workflow');
  }

  toHaveNoErrors(): this {
    const failed = this.spans.filter(({ status }) => status === 'error').map(({ name }) => name);
    return this.equals(failed.join(', '), '', 'the spans that failed');
  }

  toHaveNoLoops(): this {
    const loops = this.events('loop').map(({ attributes }) => JSON.stringify(attributes));
    return this.equals(loops.join('; '), '', 'the loops');
  }

  toStayWithin(limits: Limits): this {
    const used = usageOf(this.spans);
    for (const [what, limit] of Object.entries(limits) as [keyof Limits, number][])
      if (used[what] > limit) this.fail(what, used[what], `at most ${limit}`);
    return this;
  }

  toMatchTree(tree: string): this {
    return this.equals(printTree(this.spans, { errors: false }), dedent(tree), 'the tree');
  }

  private ofKind(kind: string): readonly RecordedSpan[] {
    const operation = operations[kind];
    return this.spans.filter(
      (span) =>
        span.kind === kind ||
        (operation !== undefined && span.attributes[genAi.operationName] === operation),
    );
  }

  private events(type: string): readonly RecordedEvent[] {
    const name = orchescope.eventPrefix + type;
    return this.spans.flatMap((span) => span.events.filter((event) => event.name === name));
  }

  private includes(seen: readonly string[], wanted: string, what: string): this {
    if (seen.includes(wanted)) return this;
    return this.fail(what, seen.join(', ') || 'none', wanted);
  }

  private equals(seen: unknown, wanted: unknown, what: string): this {
    return seen === wanted ? this : this.fail(what, seen, wanted);
  }

  private fail(what: string, actual: unknown, expected: unknown): never {
    const tree = printTree(this.spans, { events: true, links: true }) || '(no spans)';
    throw new RunAssertionError(
      `${what}: expected ${shown(expected)}, got ${shown(actual)}\n\n${tree}\n`,
      actual,
      expected,
    );
  }
}

/** How libraries that do not speak our kinds name the same work. */
const operations: { readonly [kind: string]: string | undefined } = {
  tool: 'execute_tool',
  agent: 'invoke_agent',
  workflow: 'invoke_workflow',
};

const fieldOf = ({ attributes }: RecordedEvent, type: string, field: string): unknown =>
  attributes[`${orchescope.eventPrefix}${type}.${field}`] ??
  Object.entries(attributes).find(([name]) => name.endsWith(`.${field}`))?.[1];

const usageOf = (spans: readonly RecordedSpan[]): Required<Limits> => {
  const calls = spans.filter((span) => span.kind === 'llm' || span.kind === 'embedding');
  const sum = (name: string): number =>
    calls.reduce((total, { attributes }) => total + (Number(attributes[name]) || 0), 0);
  const ids = new Set(spans.map((span) => span.spanId));
  const roots = spans.filter((span) => !ids.has(span.parentSpanId ?? ''));
  return {
    tokens: sum(genAi.usageInputTokens) + sum(genAi.usageOutputTokens),
    usd: sum(orchescope.costUsd),
    ms: Math.max(0, ...roots.map((span) => span.durationMs)),
    modelCalls: calls.length,
    toolCalls: spans.filter((span) => span.kind === 'tool').length,
  };
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '?');

const shown = (value: unknown): string => {
  const told = String(value);
  return told.includes('\n') ? `\n${told}\n` : told;
};

/** Takes away the empty lines around and the indentation that all lines share, as a template literal has them. */
const dedent = (tree: string): string => {
  const lines = tree.split('\n').filter((line) => line.trim() !== '');
  const indents = lines.map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(common).trimEnd()).join('\n');
};
