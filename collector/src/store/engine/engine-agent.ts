/** The way to the engine for an ordinary HTTP client: always the same address, and patience while the engine restarts. */
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Engine } from './supervisor.ts';

/** A restart takes about half a second. */
const patienceMs = 5_000;

export class EngineAgent extends http.Agent {
  readonly #engine: Engine;

  constructor(engine: Engine, maxSockets: number) {
    super({ keepAlive: true, maxSockets });
    this.#engine = engine;
  }

  /** Fails with StoreUnavailableError when the engine stays away. */
  override createConnection(
    _options: http.ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#engine.whenUp(patienceMs).then(
      () => this.#connect((error, socket) => callback?.(error, socket)),
      (error: Error) => callback?.(error, new net.Socket()),
    );
  }

  #connect(callback: (error: Error | null, socket: net.Socket) => void): void {
    const { address } = this.#engine;
    const socket = net.connect('socketPath' in address ? { path: address.socketPath } : address);
    const onError = (error: Error): void => callback(error, socket);
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.off('error', onError);
      callback(null, socket);
    });
  }
}
