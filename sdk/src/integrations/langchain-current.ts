import { at } from './json.ts';

// LangChain and LangGraph keep what runs now in one AsyncLocalStorage for the process, under well-known symbols.
const storageKey = Symbol.for('ls:tracing_async_local_storage');
const configKey = Symbol.for('lc:child_config');

type Storage = {
  readonly getStore?: () => { readonly extra?: Record<symbol, unknown> } | undefined;
};
type Manager = { readonly getParentRunId?: () => unknown };

/** Id of the LangChain run this code runs in; undefined outside of any. */
export const currentRunId = (): string | undefined => {
  const storage = (globalThis as Record<symbol, unknown>)[storageKey] as Storage | undefined;
  const config = storage?.getStore?.()?.extra?.[configKey];
  const id = (at(config, 'callbacks') as Manager | undefined)?.getParentRunId?.();
  return typeof id === 'string' ? id : undefined;
};

const modelsKey: unique symbol = Symbol.for('orchescope.sdk.langchain.models') as never;

/** Model calls under way, by the run they were made in; one for the process, shared by the ESM and CommonJS copy. */
const models = (): Map<string, number> =>
  ((globalThis as { [modelsKey]?: Map<string, number> })[modelsKey] ??= new Map());

const nowhere = '';

export const modelStarted = (parentRunId: string = nowhere): void => {
  models().set(parentRunId, (models().get(parentRunId) ?? 0) + 1);
};

export const modelEnded = (parentRunId: string = nowhere): void => {
  const left = (models().get(parentRunId) ?? 0) - 1;
  if (left > 0) models().set(parentRunId, left);
  else models().delete(parentRunId);
};

/**
 * Whether the handler has a span for the model call this request belongs to. A callback cannot make its span the
 * active one, so a request is known by the run it is made in, and outside of any by what its client calls itself.
 */
export const isTracedByLangchain = (headers: Headers): boolean => {
  if (models().size === 0) return false;
  const runId = currentRunId();
  if (runId !== undefined) return models().has(runId);
  return models().has(nowhere) && /langchainjs/i.test(headers.get('user-agent') ?? '');
};
