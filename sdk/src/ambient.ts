import { context, createContextKey, trace, type Context, type Span } from '@opentelemetry/api';
import { agentKey, metaKey, runKey } from './context-keys.ts';
import { safely } from './safely.ts';

/**
 * The span a framework is running right now, as the framework itself knows it. Must give the same object for the
 * same span, and may be called at any time: it runs whenever someone asks for the active context.
 */
export type AmbientResolver = () => Span | undefined;

const holderKey: unique symbol = Symbol.for('orchescope.sdk.ambient') as never;

type Ambient = {
  readonly resolvers: Set<AmbientResolver>;
  /** What else is known below a framework's span: its run, its agent, and what `within` said. */
  readonly contexts: WeakMap<Span, Context>;
  asking: boolean;
};

let known: Ambient | undefined;

/** One for the process, shared by the ESM and the CommonJS copy. */
const ambient = (): Ambient => (known ??= fromProcess());

const fromProcess = (): Ambient => {
  const holder = globalThis as { [holderKey]?: Ambient };
  return (holder[holderKey] ??= {
    resolvers: new Set(),
    contexts: new WeakMap(),
    asking: false,
  });
};

/**
 * For integrations with frameworks that only call back: they cannot make their span the active one, so they say
 * here which span it is. Spans made inside the framework's tools then stand below it. Returns how to stop.
 *
 * @example const stop = registerAmbient(() => spans.get(getCurrentSpan()?.spanId));
 */
export const registerAmbient = (resolver: AmbientResolver): (() => void) => {
  ambient().resolvers.add(resolver);
  return () => void ambient().resolvers.delete(resolver);
};

/** Remembers the context of a span that a resolver may name later. */
export const rememberContext = (span: Span, ctx: Context): void => {
  ambient().contexts.set(span, ctx);
};

/** Under this key a context names the framework span it already stands below. */
const standsBelow = createContextKey('orchescope.ambient');

/** The active context, below the framework's span where a framework is running. */
export const activeContext = (): Context => withAmbient(context.active());

/** A context that is below the framework's span already is left alone: the user's own nested spans win. */
export const withAmbient = (ctx: Context): Context => {
  const span = ambientSpan();
  if (span === undefined || ctx.getValue(standsBelow) === span) return ctx;
  return within(trace.setSpan(ctx, span).setValue(standsBelow, span), span);
};

const within = (ctx: Context, span: Span): Context => {
  const own = ambient().contexts.get(span);
  let inner = ctx;
  for (const key of [runKey, agentKey, metaKey]) {
    const value = own?.getValue(key);
    if (value !== undefined) inner = inner.setValue(key, value);
  }
  return inner;
};

/** The active context where it stands below this span of a framework: inside the user's own spans there. */
export const activeWithin = (span: Span): Context | undefined => {
  const active = context.active();
  return active.getValue(standsBelow) === span ? active : undefined;
};

/** Entered on purpose: whatever span this context holds is meant, inside the framework too. */
export const meant = (ctx: Context): Context => {
  const span = ambientSpan();
  if (span === undefined || ctx.getValue(standsBelow) === span) return ctx;
  return ctx.setValue(standsBelow, span);
};

const ambientSpan = (): Span | undefined => {
  const state = ambient();
  return state.resolvers.size === 0 || state.asking ? undefined : ask(state);
};

/** A resolver may ask for the active context itself; it must not be asked again for that. */
const ask = (state: Ambient): Span | undefined => {
  state.asking = true;
  try {
    for (const resolver of state.resolvers) {
      const span = safely('an ambient resolver', resolver);
      if (span !== undefined) return span;
    }
    return undefined;
  } finally {
    state.asking = false;
  }
};
