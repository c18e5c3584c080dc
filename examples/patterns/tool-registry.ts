/**
 * A tool registry: the one place through which an agent may act.
 *
 * Models invent tools, forget arguments and call too often. The registry knows every tool, checks the arguments against
 * the tool's schema, and limits how often a tool may be called. What goes wrong is told to the model as a sentence, so
 * that it can do better.
 *
 * You will see one `execute_tool` span a call, the refused ones too: marked failed with the class of the error, and the
 * event `rejected` saying by what. Calls, errors and durations of each tool are in the metric
 * `gen_ai.execute_tool.duration`, by tool and by error.
 */
import { emit, init, run } from '@orchescope/sdk';
import { z } from 'zod';
import { createFakeModel } from './fake-model.ts';

init({ serviceName: 'tool-registry' });

type Tool = {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly callsAtMost: number;
  readonly call: (args: unknown) => Promise<unknown>;
};

class UnknownToolError extends Error {}
class InvalidArgumentsError extends Error {}
class RateLimitError extends Error {}

/** Keeps the schema's type with the function it protects. */
const tool = <T>(
  name: string,
  schema: z.ZodType<T>,
  callsAtMost: number,
  call: (args: T) => Promise<unknown>,
): Tool => ({ name, schema, callsAtMost, call: (args) => call(schema.parse(args)) });

class Registry {
  private readonly tools: ReadonlyMap<string, Tool>;
  private readonly calls = new Map<string, number>();

  constructor(tools: readonly Tool[]) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  /** Never throws: a model is told what went wrong. */
  async call(name: string, args: unknown): Promise<string> {
    const found = this.tools.get(name);
    // Names that models invent are without end: they share one name, or charts by tool would drown.
    const spec = { kind: 'tool', name: found ? name : 'unknown', args } as const;
    try {
      return await run(spec, async (op) => {
        const result = await this.admit(found, name, args).call(args);
        op.set({ result });
        return JSON.stringify(result);
      });
    } catch (error) {
      return `error: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private admit(found: Tool | undefined, name: string, args: unknown): Tool {
    if (!found) {
      emit({ type: 'rejected', by: 'unknown_tool', target: name });
      throw new UnknownToolError(`there is no ${name}, only ${[...this.tools.keys()].join(', ')}`);
    }
    const checked = found.schema.safeParse(args);
    if (!checked.success) {
      emit({ type: 'rejected', by: 'schema', target: name });
      const [issue] = checked.error.issues;
      throw new InvalidArgumentsError(`${issue?.path.join('.')}: ${issue?.message}`);
    }
    const calls = (this.calls.get(name) ?? 0) + 1;
    this.calls.set(name, calls);
    if (calls > found.callsAtMost) {
      emit({ type: 'rejected', by: 'rate_limit', target: name });
      throw new RateLimitError(`${name} was called ${found.callsAtMost} times already`);
    }
    return found;
  }
}

const registry = new Registry([
  tool('find_order', z.object({ id: z.string() }), 5, async ({ id }) => ({ id, parcel: 'P-7' })),
  tool('track_parcel', z.object({ parcel: z.string() }), 1, async () => ({ at: 'Leipzig' })),
  tool('write_mail', z.object({ text: z.string().max(80) }), 2, () =>
    Promise.reject(new Error('the mail server is away')),
  ),
]);

/** What a model would call, one after the other, whatever it is told. */
const script = [
  { tool: 'find_order', args: { id: 4711 } },
  { tool: 'find_order', args: { id: '4711' } },
  { tool: 'teleport_parcel', args: { parcel: 'P-7' } },
  { tool: 'track_parcel', args: { parcel: 'P-7' } },
  { tool: 'track_parcel', args: { parcel: 'P-7' } },
  { tool: 'write_mail', args: { text: 'It is in Leipzig.' } },
];
const ask = createFakeModel((prompt) => {
  const next = script[prompt.split('\n').length - 1];
  return next ? JSON.stringify(next) : 'Your parcel is in Leipzig.';
});

const work = async (): Promise<string> => {
  const lines = ['Where is order 4711?'];
  for (;;) {
    const said = await ask(lines.join('\n'));
    if (!said.startsWith('{')) return said;
    const { tool, args } = JSON.parse(said) as { tool: string; args: unknown };
    lines.push(`${tool}: ${await registry.call(tool, args)}`);
    console.log(lines.at(-1));
  }
};
const answer = await run({ kind: 'workflow', name: 'support' }, () =>
  run({ kind: 'agent', name: 'clerk' }, work),
);
console.log(answer);
