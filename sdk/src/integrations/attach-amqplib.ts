import { attachWhenLoaded } from './attach-loaded.ts';
import { traced, type Amqp } from './amqplib.ts';

type Connect = (...args: unknown[]) => unknown;
type Api = { connect: Connect; readonly IllegalOperationError?: unknown };
type Setup = (...args: unknown[]) => unknown;

const attachedKey: unique symbol = Symbol.for('orchescope.sdk.amqplib.connect') as never;

/** Every connection is traced as soon as it is made, of either API of amqplib. */
export const attachAmqplib = (): boolean =>
  attachWhenLoaded('amqplib', (exports) => {
    const api = exports as Api;
    // An inner file has a `connect` as well, and what that gives is no connection yet.
    if (typeof api.connect !== 'function' || !('IllegalOperationError' in api)) return;
    if (!(attachedKey in api.connect))
      api.connect = Object.assign(tracing(api.connect), { [attachedKey]: true });
  });

const tracing =
  (connect: Connect): Connect =>
  (...args) => {
    const made = connect(...args.map((each) => tracingArgument(each)));
    return made instanceof Promise ? made.then(tracedConnection) : made;
  };

/** A callback gets its connection traced; so does the `setup` of connections that recover. */
const tracingArgument = (argument: unknown): unknown => {
  if (typeof argument === 'function')
    return (error: unknown, connection: unknown) => argument(error, tracedConnection(connection));
  const { recovery } = Object(argument) as { recovery?: { setup?: unknown } };
  const setup = recovery?.setup;
  if (typeof setup !== 'function') return argument;
  return {
    ...(argument as object),
    recovery: { ...recovery, setup: tracingSetup(setup as Setup) },
  };
};

/** amqplib looks at the number of its parameters. */
const tracingSetup = (setup: Setup): Setup =>
  setup.length >= 2
    ? (model, done) => setup(tracedConnection(model), done)
    : (model) => setup(tracedConnection(model));

const tracedConnection = (connection: unknown): unknown =>
  typeof connection === 'object' && connection !== null ? traced(connection as Amqp) : connection;
