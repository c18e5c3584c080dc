import { createContextKey } from '@opentelemetry/api';

// createContextKey is Symbol.for underneath, so the ESM and the CommonJS copy share these.

/** What `within` said: attributes of every span below. */
export const metaKey: symbol = createContextKey('orchescope.meta');
/** The id of the run. */
export const runKey: symbol = createContextKey('orchescope.run');
/** The name of the innermost agent. */
export const agentKey: symbol = createContextKey('orchescope.agent');
/** What watches the run for loops. */
export const loopKey: symbol = createContextKey('orchescope.loops');
