import { AsyncLocalStorage } from 'node:async_hooks';
import { safely } from '../safely.ts';
import { at } from './json.ts';

/** LangChain keeps its context variables, hooks among them, in this one storage of the process, and takes one that is there. */
const storageKey: unique symbol = Symbol.for('ls:tracing_async_local_storage') as never;

/** `@langchain/core/context`, of one of its copies. */
type LangchainContext = {
  readonly registerConfigureHook: (hook: object) => void;
  readonly setContextVariable: (name: string, value: unknown) => void;
};

type Handler = { readonly name: string };

/** Where a store of it holds the variables. Stores below hold the very same object. */
const variablesKey: unique symbol = Symbol.for('lc:context_variables') as never;

type Store = { readonly [variablesKey]?: object };

/**
 * Gives every callback manager of LangChain a handler, unless it has one of that name already. The hook is LangChain's
 * own, `registerConfigureHook`, but what it sets holds for the asynchronous context it is called in: called by a
 * preload, the program would never see it. So what it sets becomes what the storage gives where there is no store.
 * `load` is asked whenever LangChain asks the storage: it gives each copy once. When it throws, it is
 * asked no more.
 */
export const hookLangchain = (
  handler: () => Handler,
  load: () => readonly LangchainContext[],
): void => {
  const holder = globalThis as { [storageKey]?: AsyncLocalStorage<Store> };
  const storage = (holder[storageKey] ??= new AsyncLocalStorage<Store>());
  const own = storage.getStore.bind(storage);
  const variables = {};
  const root: Store = { [variablesKey]: variables };
  let isLoading = false;
  let isHooked = false;
  const extend = (): void => {
    isLoading = true;
    for (const copy of load()) {
      Object.assign(
        variables,
        storage.run({}, () => hookVariables(copy, handler(), own)),
      );
      isHooked = true;
    }
    isLoading = false;
  };
  storage.getStore = () => {
    if (!isLoading) safely('hooking LangChain', extend);
    return own() ?? (isHooked ? root : undefined);
  };
};

const hookVariables = (
  { registerConfigureHook, setContextVariable }: LangchainContext,
  handler: Handler,
  own: () => Store | undefined,
): object | undefined => {
  setContextVariable(handler.name, handler);
  registerConfigureHook({ contextVar: handler.name, inheritable: true });
  return own()?.[variablesKey];
};

/** Checked, since another version may have another `./context`. */
export const toLangchainContext = (module: unknown): LangchainContext | undefined =>
  typeof at(module, 'registerConfigureHook') === 'function' &&
  typeof at(module, 'setContextVariable') === 'function'
    ? (module as LangchainContext)
    : undefined;
