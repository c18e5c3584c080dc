import type { Facts } from '../facts.ts';
import type { Operation } from '../operation.ts';
import type { Traces } from './openai-agents-traces.ts';

const tracesKey: unique symbol = Symbol.for('orchescope.sdk.openai-agents') as never;
const storageKey = Symbol.for('openai.agents.core.asyncLocalStorage');

const holder = globalThis as { [tracesKey]?: Traces };

/** One for the process, shared by the ESM and the CommonJS copy. */
export const sharedTraces = (create: () => Traces): Traces => (holder[tracesKey] ??= create());

/** A model call that has a span of its own, and what the request and its answer told of it. */
export type ModelCall = {
  readonly operation: Operation;
  /** The model asked for, once a request told it. */
  model: string | undefined;
  /** What the last request was answered. */
  answer: Partial<Facts['llm']>;
  /** How it failed, if it did. */
  failure: unknown;
};

/** The model call of the OpenAI Agents SDK that this code runs in. */
export const currentModelCall = (): ModelCall | undefined => holder[tracesKey]?.modelCall();

export type Store = {
  readonly active?: boolean;
  readonly trace?: unknown;
  readonly span?: unknown;
};
type Storage = { readonly getStore?: () => Store | undefined };

/** What the library itself believes to be running here: its trace, and its span if it is in one. */
export const currentStore = (): Store | undefined => {
  const storage = Reflect.get(globalThis, storageKey) as Storage | undefined;
  const store = storage?.getStore?.();
  return store?.active === true ? store : undefined;
};
