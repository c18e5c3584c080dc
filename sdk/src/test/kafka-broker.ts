import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';

type Write = {
  readonly buffer: Buffer;
  writeInt16(value: number): Write;
  writeInt32(value: number): Write;
  writeInt64(value: number | bigint): Write;
  writeString(value: string): Write;
  writeBytes(value: Buffer): Write;
  writeArray(values: readonly Write[]): Write;
  writeBuffer(value: Buffer): Write;
};
type Read = {
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readString(): string;
  readBytes(): Buffer;
  readArray<T>(read: (decoder: Read) => T): T[];
};

// The client's own codec, from the other side of the wire.
const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder.js') as new () => Write;
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => Read;
const write = (): Write => new Encoder();

/** Request -> its key and the one version of it that is spoken here. */
const spoken = {
  Produce: [0, 3],
  Fetch: [1, 4],
  ListOffsets: [2, 1],
  Metadata: [3, 0],
  OffsetCommit: [8, 2],
  OffsetFetch: [9, 1],
  FindCoordinator: [10, 0],
  JoinGroup: [11, 0],
  Heartbeat: [12, 0],
  LeaveGroup: [13, 0],
  SyncGroup: [14, 0],
  ApiVersions: [18, 0],
} as const;

const unsupportedVersion = 35;
const offsetOutOfRange = 1;
const fetchAtMostMs = 100;

export type KafkaBroker = { readonly address: string; readonly stop: () => Promise<void> };

/** As much of Kafka as topics of one partition and groups of one member need; it forgets everything. */
export const startKafkaBroker = async (): Promise<KafkaBroker> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    serve(socket, broker);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const broker = new Broker(port);
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `127.0.0.1:${port}`, stop };
};

const serve = (socket: Socket, broker: Broker): void => {
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
      const end = 4 + bytes.readInt32BE(0);
      void answer(socket, broker, new Decoder(bytes.subarray(4, end)));
      bytes = bytes.subarray(end);
    }
  });
};

const answer = async (socket: Socket, broker: Broker, request: Read): Promise<void> => {
  const [key, version, correlationId] = [
    request.readInt16(),
    request.readInt16(),
    request.readInt32(),
  ];
  request.readString();
  const body = await broker.answer(key, version, request);
  const response = write().writeInt32(correlationId).writeBuffer(body.buffer).buffer;
  socket.write(write().writeInt32(response.length).writeBuffer(response).buffer);
};

type Batch = { readonly first: number; readonly next: number; readonly bytes: Buffer };

class Broker {
  private readonly port: number;
  private readonly topics = new Map<string, Batch[]>();
  private readonly committed = new Map<string, number>();
  private readonly produced = new EventEmitter();

  constructor(port: number) {
    this.port = port;
    this.produced.setMaxListeners(0);
  }

  async answer(key: number, version: number, from: Read): Promise<Write> {
    const [request] = Object.entries(spoken).find(([, [known]]) => known === key) ?? [];
    if (request === 'ApiVersions') return this.apiVersions(version);
    if (request === 'Metadata') return this.metadata(from);
    if (request === 'Produce') return this.produce(from);
    if (request === 'Fetch') return this.fetch(from);
    if (request === 'ListOffsets') return this.listOffsets(from);
    if (request === 'FindCoordinator')
      return write().writeInt16(0).writeInt32(0).writeString('127.0.0.1').writeInt32(this.port);
    if (request === 'JoinGroup') return joinGroup(from);
    if (request === 'SyncGroup') return syncGroup(from);
    if (request === 'OffsetCommit') return this.commitOffsets(from);
    if (request === 'OffsetFetch') return this.fetchOffsets(from);
    return write().writeInt16(0);
  }

  private apiVersions(version: number): Write {
    const error = version === 0 ? 0 : unsupportedVersion;
    const versions = Object.values(spoken).map(([key, only]) =>
      write().writeInt16(key).writeInt16(only).writeInt16(only),
    );
    return write().writeInt16(error).writeArray(versions);
  }

  private metadata(from: Read): Write {
    const asked = from.readArray((each) => each.readString());
    for (const topic of asked) this.batches(topic);
    const node = write().writeInt32(0).writeString('127.0.0.1').writeInt32(this.port);
    const partition = () =>
      write()
        .writeInt16(0)
        .writeInt32(0)
        .writeInt32(0)
        .writeArray([write().writeInt32(0)])
        .writeArray([write().writeInt32(0)]);
    const topics = [...this.topics.keys()].map((topic) =>
      write().writeInt16(0).writeString(topic).writeArray([partition()]),
    );
    return write().writeArray([node]).writeArray(topics);
  }

  private produce(from: Read): Write {
    from.readString();
    from.readInt16();
    from.readInt32();
    const topics = from.readArray((each) => {
      const topic = each.readString();
      const partitions = each.readArray((one) => {
        const partition = one.readInt32();
        const base = this.append(topic, Buffer.from(one.readBytes()));
        return write().writeInt32(partition).writeInt16(0).writeInt64(base).writeInt64(-1);
      });
      return write().writeString(topic).writeArray(partitions);
    });
    return write().writeArray(topics).writeInt32(0);
  }

  /** A batch keeps its bytes; its offset stands before what its checksum covers. */
  private append(topic: string, bytes: Buffer): number {
    const batches = this.batches(topic);
    const first = batches.at(-1)?.next ?? 0;
    const lastOffsetDelta = bytes.readInt32BE(23);
    bytes.writeBigInt64BE(BigInt(first), 0);
    batches.push({ first, next: first + lastOffsetDelta + 1, bytes });
    this.produced.emit('batch');
    return first;
  }

  private async fetch(from: Read): Promise<Write> {
    from.readInt32();
    const waitMs = Math.min(from.readInt32(), fetchAtMostMs);
    from.readInt32();
    from.readInt32();
    from.readInt8();
    const asked = from.readArray((each) => ({
      topic: each.readString(),
      partitions: each.readArray((one) => {
        const partition = one.readInt32();
        const offset = Number(one.readInt64().toString());
        one.readInt32();
        return { partition, offset };
      }),
    }));
    const ready = asked.some(({ topic, partitions }) =>
      partitions.some(({ offset }) => this.end(topic) > offset),
    );
    if (!ready) await this.batchOr(waitMs);
    const topics = asked.map(({ topic, partitions }) => {
      const found = partitions.map(({ partition, offset }) => this.read(topic, partition, offset));
      return write().writeString(topic).writeArray(found);
    });
    return write().writeInt32(0).writeArray(topics);
  }

  private read(topic: string, partition: number, offset: number): Write {
    const end = this.end(topic);
    const found = this.batches(topic).filter(({ next }) => next > offset);
    return write()
      .writeInt32(partition)
      .writeInt16(offset > end ? offsetOutOfRange : 0)
      .writeInt64(end)
      .writeInt64(end)
      .writeArray([])
      .writeBytes(Buffer.concat(found.map(({ bytes }) => bytes)));
  }

  private batchOr(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.produced.once('batch', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private listOffsets(from: Read): Write {
    from.readInt32();
    const topics = from.readArray((each) => {
      const topic = each.readString();
      const partitions = each.readArray((one) => {
        const partition = one.readInt32();
        const earliest = one.readInt64().toString() === '-2';
        const offset = earliest ? 0 : this.end(topic);
        return write().writeInt32(partition).writeInt16(0).writeInt64(-1).writeInt64(offset);
      });
      return write().writeString(topic).writeArray(partitions);
    });
    return write().writeArray(topics);
  }

  private commitOffsets(from: Read): Write {
    const group = from.readString();
    from.readInt32();
    from.readString();
    from.readInt64();
    const topics = from.readArray((each) => {
      const topic = each.readString();
      const partitions = each.readArray((one) => {
        const partition = one.readInt32();
        this.committed.set(`${group} ${topic}`, Number(one.readInt64().toString()));
        one.readString();
        return write().writeInt32(partition).writeInt16(0);
      });
      return write().writeString(topic).writeArray(partitions);
    });
    return write().writeArray(topics);
  }

  private fetchOffsets(from: Read): Write {
    const group = from.readString();
    const topics = from.readArray((each) => {
      const topic = each.readString();
      const offset = this.committed.get(`${group} ${topic}`) ?? -1;
      const partitions = each.readArray((one) =>
        write().writeInt32(one.readInt32()).writeInt64(offset).writeString('').writeInt16(0),
      );
      return write().writeString(topic).writeArray(partitions);
    });
    return write().writeArray(topics);
  }

  private batches(topic: string): Batch[] {
    const known = this.topics.get(topic) ?? [];
    this.topics.set(topic, known);
    return known;
  }

  private end(topic: string): number {
    return this.batches(topic).at(-1)?.next ?? 0;
  }
}

/** Whoever joins is alone, and leads. */
const joinGroup = (from: Read): Write => {
  const group = from.readString();
  from.readInt32();
  const member = from.readString() || `${group}-member`;
  from.readString();
  const [protocol] = from.readArray((each) => ({
    name: each.readString(),
    metadata: each.readBytes(),
  }));
  const members = [
    write()
      .writeString(member)
      .writeBytes(protocol?.metadata ?? Buffer.alloc(0)),
  ];
  return write()
    .writeInt16(0)
    .writeInt32(1)
    .writeString(protocol?.name ?? '')
    .writeString(member)
    .writeString(member)
    .writeArray(members);
};

const syncGroup = (from: Read): Write => {
  from.readString();
  from.readInt32();
  const member = from.readString();
  const assignments = from.readArray((each) => ({
    member: each.readString(),
    assignment: each.readBytes(),
  }));
  const own = assignments.find((each) => each.member === member);
  return write()
    .writeInt16(0)
    .writeBytes(own?.assignment ?? Buffer.alloc(0));
};
