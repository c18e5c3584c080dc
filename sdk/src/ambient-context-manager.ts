import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { meant, withAmbient } from './ambient.ts';

/** Makes a framework's span the active one for everybody in the process, other libraries' spans included. */
export class AmbientContextManager extends AsyncLocalStorageContextManager {
  override active(): Context {
    return withAmbient(super.active());
  }

  override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return super.with(meant(context), fn, thisArg, ...args);
  }
}
