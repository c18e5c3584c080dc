import { report } from '../safely.ts';

/** What the library asks of a processor; structurally its `TracingProcessor`. */
export type Processor = {
  onTraceStart(trace: unknown): Promise<void>;
  onTraceEnd(trace: unknown): Promise<void>;
  onSpanStart(span: unknown): Promise<void>;
  onSpanEnd(span: unknown): Promise<void>;
  shutdown(timeout?: number): Promise<void>;
  forceFlush(): Promise<void>;
};

type Provider = {
  registerProcessor: (processor: Processor) => void;
  setProcessors: (processors: Processor[]) => void;
};

/** Where the library, every copy of it, looks for the one provider of the process. */
const providerKey = Symbol.for('openai.agents.core.traceProvider');

const pinned = new WeakSet<object>();

/**
 * Keeps a processor with the library's provider, whichever is loaded first. Importing `@openai/agents`, and its other
 * copy once more, sets the processors anew: what was added before is gone, so its `setProcessors` keeps ours. Ours
 * comes first, since only the first is called before the work of a span begins.
 */
export const pin = (processor: Processor): void => {
  const there = Reflect.get(globalThis, providerKey) as Provider | undefined;
  if (there) hold(there, processor);
  else awaitProvider(processor);
};

/** The provider is made when the library is loaded or first used; until then an accessor stands in its place. */
const awaitProvider = (processor: Processor): void => {
  const own = Object.getOwnPropertyDescriptor(globalThis, providerKey);
  if (own?.configurable === false || own?.set) return;
  Object.defineProperty(globalThis, providerKey, {
    configurable: true,
    get: () => undefined,
    set: (provider: Provider | undefined) => {
      const value = { value: provider, writable: true, configurable: true };
      Object.defineProperty(globalThis, providerKey, value);
      // Inside the import of the library: an error of ours would fail it.
      try {
        if (provider) hold(provider, processor);
      } catch (error) {
        report('attaching to OpenAI Agents', error);
      }
    },
  });
};

const hold = (provider: Provider, processor: Processor): void => {
  if (pinned.has(provider)) return;
  pinned.add(provider);
  const { registerProcessor, setProcessors } = provider;
  const others = (given: readonly Processor[]): Processor[] =>
    given.filter((one) => one !== processor);
  provider.registerProcessor = (one) => {
    if (one !== processor) registerProcessor.call(provider, one);
  };
  provider.setProcessors = (given) => setProcessors.call(provider, [processor, ...others(given)]);
  registerProcessor.call(provider, processor);
};
