/** Stands between the server and its store, and can be what networks are. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export type StoreProxy = {
  readonly port: number;
  /** Nobody listens, and whoever was connected is cut off. */
  readonly refuse: () => void;
  /** Connections are taken, and nothing is ever answered; those that are open fall silent. */
  readonly silence: () => void;
  /** Connections are reset as soon as they have said something. */
  readonly reset: () => void;
  /** As it should be. Whoever hangs is cut off. */
  readonly restore: () => Promise<void>;
  readonly close: () => void;
};

type Mode = 'open' | 'silent' | 'resetting';

export async function startStoreProxy(storePort: number): Promise<StoreProxy> {
  const sockets = new Set<Socket>();
  let mode: Mode = 'open';
  let server: Server | null = null;

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // A broken connection is what this is for; both ends hear of it by its closing.
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    return socket;
  };

  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  function onConnection(client: Socket): void {
    keep(client);
    if (mode === 'silent') return;
    if (mode === 'resetting') {
      client.once('data', () => client.resetAndDestroy());
      return;
    }
    const store = keep(connect(storePort, '127.0.0.1'));
    client.on('data', (chunk) => {
      if (mode === 'open') store.write(chunk);
    });
    store.on('data', (chunk) => {
      if (mode === 'open') client.write(chunk);
    });
    client.once('close', () => store.destroy());
    store.once('close', () => client.destroy());
  }

  async function listen(port: number): Promise<number> {
    server = createServer(onConnection).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const stopListening = (): void => {
    server?.close();
    server = null;
  };

  const port = await listen(0);
  return {
    port,
    refuse: () => {
      stopListening();
      cut();
    },
    silence: () => {
      mode = 'silent';
    },
    reset: () => {
      mode = 'resetting';
      cut();
    },
    restore: async () => {
      mode = 'open';
      cut();
      if (server === null) await listen(port);
    },
    close: () => {
      stopListening();
      cut();
    },
  };
}
