import { report } from './safely.ts';
import { settle, type Settings } from './settings.ts';

/**
 * What `init` may be told. Everything has a default; see the README for the environment variables behind them.
 *
 * @example init({ serviceName: 'support-bot', endpoint: 'http://orchescope:4318', capture: 'full' });
 */
export interface InitOptions extends Settings {
  /** Default: OTEL_SERVICE_NAME, else the name in the package.json of the working directory. */
  readonly serviceName?: string;
  /** Base URL of an OTLP/HTTP receiver. Default: OTEL_EXPORTER_OTLP_ENDPOINT, ORCHESCOPE_ENDPOINT, http://127.0.0.1:4318. */
  readonly endpoint?: string;
}

/**
 * What was started. None of its methods rejects or throws.
 *
 * @example
 * const telemetry: Handle = init();
 * await telemetry.flush(); // before process.exit()
 */
export interface Handle {
  /** Sends what is waiting; gives up after `timeoutMs`, 10 s by default. */
  flush(timeoutMs?: number): Promise<void>;
  /** Sends what is waiting and stops. Spans made later are not recorded. */
  shutdown(): Promise<void>;
  /** Spans that ended but could not be delivered so far: the receiver was away too long, or too many came at once. */
  dropped(): number;
}

type NodeModule = { readonly startNode: (options: InitOptions) => Handle };

/**
 * Starts tracing in a Node program: what `--import @orchescope/sdk/register` does, from code. Call it before
 * the first span. With another OpenTelemetry SDK registered it starts no second one.
 *
 * @example const telemetry = init({ serviceName: 'support-bot' });
 */
export const init = (options: InitOptions = {}): Handle => {
  settle(options);
  try {
    return loadNode().startNode(options);
  } catch (error) {
    report('init (is @orchescope/sdk bundled? mark it external)', error);
    return { flush: () => Promise.resolve(), shutdown: () => Promise.resolve(), dropped: () => 0 };
  }
};

/**
 * The OpenTelemetry SDK takes most of a second to load, so it is loaded here and not by importing us, and
 * synchronously, or the spans right after `init` would be lost.
 */
const loadNode = (): NodeModule => {
  const here = ownFile();
  const { createRequire } = process.getBuiltinModule('node:module');
  const extension = here.endsWith('.ts') ? 'ts' : 'js';
  return createRequire(here)(`./node.${extension}`) as NodeModule;
};

/** Our own path. `import.meta.url` has no CommonJS twin and `__filename` no ESM one; the call stack has both. */
const ownFile = (): string => {
  const prepare = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_, sites) => sites[0]?.getFileName();
    return String(new Error('here').stack);
  } finally {
    Error.prepareStackTrace = prepare;
  }
};
