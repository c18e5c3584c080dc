/// <reference lib="esnext.disposable" preserve="true" />
import { rememberContext } from './ambient.ts';
import type { Kind } from './facts.ts';
import { open, type LooseSpec, type Origin } from './operation.ts';
import type { Op, Spec } from './spec.ts';

/**
 * How integrations start a span for something a framework told them of. Like `start`, but under the integration's
 * own scope, with the framework's word and id for it, and known to the ambient context.
 *
 * @example
 * const op = startForeign(
 *   { kind: 'tool', name: call.name, parent: ops.get(call.parentId)?.context, startTime: call.startedAt },
 *   { integration: 'openai-agents', source: { type: 'function', id: call.id } },
 * );
 */
export const startForeign = <K extends Kind>(spec: Spec<K>, origin: Origin): Op<K> & Disposable => {
  const operation = open(spec as unknown as LooseSpec, undefined, origin);
  rememberContext(operation.span, operation.context);
  return operation as Op<Kind> as unknown as Op<K> & Disposable;
};
