import { context, SpanKind, trace } from '@opentelemetry/api';
import { activeContext } from '../ambient.ts';
import { loopKey } from '../context-keys.ts';
import { parentContext } from '../context.ts';
import { open, type LooseSpec, type Operation } from '../operation.ts';
import { safely } from '../safely.ts';
import {
  cancelledBy,
  carrierIn,
  failure,
  idOf,
  isAnswer,
  isWork,
  settle,
  takeBack,
  titleOf,
  toSpec,
  withCarrier,
  type Message,
} from './mcp-message.ts';

/** What every transport of the Model Context Protocol has. */
export type McpTransport = {
  start: () => Promise<void>;
  send: (...args: never[]) => Promise<unknown>;
  close: () => Promise<void>;
};

/** On a traced transport, so that it is not traced again; the ESM and the CommonJS copy know each other's. */
const tracedKey: unique symbol = Symbol.for('orchescope.sdk.mcp') as never;

/**
 * The same transport, with a span for every request that goes through it, in either direction. The trace travels in
 * the `_meta` of the request, so that what a server does stands below the client's call.
 *
 * @example
 * await client.connect(traced(new StdioClientTransport({ command: 'weather-server' })));
 * await server.connect(traced(new StdioServerTransport()));
 */
export const traced = <T extends McpTransport>(transport: T): T =>
  safely('tracing a transport', () => wrap(transport), transport);

type Send = (message: Message, ...rest: unknown[]) => Promise<unknown>;
type Receive = (message: Message, ...rest: unknown[]) => unknown;

/**
 * A proxy and no subclass: whatever else the transport has is there as well. Its methods run on the transport
 * itself, which may have private members; callbacks given to the proxy come back as they were given.
 */
const wrap = <T extends McpTransport>(transport: T): T => {
  if (Reflect.get(transport, tracedKey) === true) return transport;
  const conversation = new Conversation(transport);
  const given = new Map<PropertyKey, unknown>();
  const methods = new Map<unknown, unknown>();
  const bound = (method: (...args: unknown[]) => unknown): unknown => {
    if (!methods.has(method)) methods.set(method, method.bind(transport));
    return methods.get(method);
  };
  const send: Send = (message, ...rest) => conversation.send(message, rest);
  return new Proxy(transport, {
    get: (target, key) => {
      if (key === tracedKey) return true;
      if (key === 'send') return send;
      if (given.has(key)) return given.get(key);
      const value: unknown = Reflect.get(target, key, target);
      const isMethod = typeof value === 'function' && !String(key).startsWith('on');
      return isMethod ? bound(value as () => unknown) : value;
    },
    set: (target, key, value: unknown) => {
      if (typeof value !== 'function' || (key !== 'onmessage' && key !== 'onclose')) {
        given.delete(key);
        return Reflect.set(target, key, value, target);
      }
      given.set(key, value);
      const hear = value as Receive;
      const heard: Receive =
        key === 'onmessage'
          ? (message, ...rest) => conversation.receive(message, () => hear(message, ...rest))
          : (...args) => {
              conversation.close();
              return hear(...args);
            };
      return Reflect.set(target, key, heard, target);
    },
  });
};

/** The requests under way on one transport. Both sides may ask, and each counts its own ids. */
class Conversation {
  private readonly transport: McpTransport;
  private readonly asked = new Map<string, Operation>();
  private readonly serving = new Map<string, Operation>();

  constructor(transport: McpTransport) {
    this.transport = transport;
  }

  send(message: Message, rest: readonly unknown[]): Promise<unknown> {
    const operation = safely('an MCP message', () => {
      if (isWork(message)) return this.ask(message);
      return this.finish(message, this.serving, this.asked);
    });
    if (operation === undefined) return this.pass(message, rest);
    const sent = safely('an MCP request', () => withCarrier(message, operation.carrier()), message);
    return this.deliver(operation, sent, rest);
  }

  receive(message: Message, hear: () => unknown): unknown {
    const operation = safely('an MCP message', () => {
      if (isWork(message)) return this.serve(message);
      return this.finish(message, this.asked, this.serving);
    });
    return operation === undefined ? hear() : context.with(operation.context, hear);
  }

  close(): void {
    for (const pending of [this.asked, this.serving]) {
      for (const operation of pending.values())
        operation.fail(failure('connection_closed', 'the connection was closed'));
      pending.clear();
    }
  }

  private pass(message: Message, rest: readonly unknown[]): Promise<unknown> {
    return (this.transport.send as unknown as Send)(message, ...rest);
  }

  /** Whatever the transport sends to carry the request stands below its span. */
  private async deliver(
    operation: Operation,
    message: Message,
    rest: readonly unknown[],
  ): Promise<unknown> {
    try {
      return await context.with(operation.context, () => this.pass(message, rest));
    } catch (error) {
      this.asked.delete(idOf(message) ?? '');
      operation.fail(error);
      throw error;
    }
  }

  private ask(message: Message): Operation {
    const operation = this.open(message, SpanKind.CLIENT, {});
    this.asked.set(idOf(message) ?? '', operation);
    return operation;
  }

  /** Below the caller's span; what the transport was doing, an HTTP request say, is linked when it is another trace. */
  private serve(message: Message): Operation {
    const active = activeContext();
    // The caller watches for loops; here the same call would be found a second time.
    const parent = parentContext(active.deleteValue(loopKey), carrierIn(message));
    const operation = this.open(message, SpanKind.SERVER, { parent });
    const around = trace.getSpanContext(active);
    if (around && around.traceId !== operation.span.spanContext().traceId)
      operation.span.addLink({ context: around });
    this.serving.set(idOf(message) ?? '', operation);
    return operation;
  }

  private open(message: Message, spanKind: SpanKind, where: Pick<LooseSpec, 'parent'>): Operation {
    const { sessionId } = this.transport as { sessionId?: unknown };
    const spec = { ...toSpec(message, sessionId), ...where };
    const operation = open(spec, undefined, {
      integration: 'mcp',
      canonicalKind: 'mcp',
      spanKind,
      ...(spanKind === SpanKind.SERVER && { serves: String(message['method']) }),
    });
    operation.span.updateName(titleOf(message));
    return operation;
  }

  /** An answer ends the request of the other side, a cancellation one of the same side. */
  private finish(
    message: Message,
    answered: Map<string, Operation>,
    takenBack: Map<string, Operation>,
  ): undefined {
    const cancelled = cancelledBy(message);
    if (cancelled) {
      const operation = take(takenBack, cancelled.id);
      if (operation) takeBack(operation, cancelled.reason);
    } else if (isAnswer(message)) {
      const operation = take(answered, idOf(message) ?? '');
      if (operation) settle(operation, message);
    }
  }
}

const take = (pending: Map<string, Operation>, id: string): Operation | undefined => {
  const operation = pending.get(id);
  pending.delete(id);
  return operation;
};
