import type { Context } from '@opentelemetry/api';
import type { Facts, Kind } from './facts.ts';
import type { LooseSpec, Operation } from './operation.ts';
import { safely } from './safely.ts';

const chunksAtMost = 10_000;

/** Ends operations whose stream was garbage-collected before its end. Made at the first stream, not at import. */
let forgotten: FinalizationRegistry<Operation> | undefined;

/** How one operation ends, whatever its result turns out to be. */
export class Ending {
  private readonly operation: Operation;
  private readonly mappers: Mappers;
  private readonly chunks: unknown[] = [];

  constructor(operation: Operation, spec: LooseSpec) {
    this.operation = operation;
    this.mappers = safely('reading a spec', () => mappersOf(spec), {});
  }

  get context(): Context {
    return this.operation.context;
  }

  /** A plain result: its facts, then the end. */
  value<T>(result: T): T {
    const { out, ok } = this.mappers;
    this.tell('the out mapper', () => out?.(result));
    this.operation.returned(result);
    this.operation.succeed(safely('the ok mapper', () => ok?.(result)) !== false);
    return result;
  }

  streaming(): this {
    this.operation.streaming();
    return this;
  }

  chunk(chunk: unknown): void {
    this.operation.chunk();
    if (!this.mappers.chunks) return;
    this.chunks.push(chunk);
    // Usage comes last and the role first: a very long stream loses its middle.
    if (this.chunks.length > chunksAtMost) this.chunks.splice(chunksAtMost / 2, chunksAtMost / 4);
  }

  done(): void {
    this.summarise();
    this.operation.succeed(true);
  }

  fail(error: unknown): void {
    this.summarise();
    this.operation.fail(error);
  }

  watch(stream: object): void {
    forgotten ??= new FinalizationRegistry((operation) => operation.abandon());
    forgotten.register(stream, this.operation);
  }

  private summarise(): void {
    if (this.chunks.length === 0) return;
    const { chunks } = this.mappers;
    const taken = this.chunks.splice(0);
    this.tell('the chunks mapper', () => chunks?.(taken as never));
  }

  private tell(what: string, mapper: () => unknown): void {
    const facts = safely(what, mapper);
    if (typeof facts === 'object' && facts !== null)
      this.operation.set(facts as Partial<Facts[Kind]>);
  }
}

type Mappers = {
  readonly out?: (result: unknown) => unknown;
  readonly ok?: (result: unknown) => boolean;
  readonly chunks?: (chunks: never) => unknown;
};

/** Read once: a spec that throws when read must not throw between two chunks. */
const mappersOf = ({ out, ok, chunks }: LooseSpec): Mappers => ({
  ...(out && { out }),
  ...(ok && { ok }),
  ...(chunks && { chunks }),
});
