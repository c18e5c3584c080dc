/** What the store tells of itself, asked seldom however often somebody looks. */
import { readDetachedParts } from '../store/engine/detached-parts.ts';
import { readCopies, type Copies } from '../store/read-copies.ts';
import { readParts, type TableParts } from '../store/read-parts.ts';
import type { Reader } from '../store/read-rows.ts';
import { readSenders, type Sender } from '../store/read-senders.ts';
import { createCached } from './cached.ts';

export type StoreFacts = {
  readonly tables: readonly TableParts[];
  readonly detachedParts: number;
  readonly copies: Copies;
};

const partsForMs = 10_000;
const copiesForMs = 60_000;
const sendersForMs = 10_000;
/** A store that hangs must not hang whoever looks after it. */
const patienceMs = 5_000;

export type StoreWatch = {
  /** Null when the store does not answer in time. */
  readonly facts: () => Promise<StoreFacts | null>;
  readonly senders: () => Promise<readonly Sender[] | null>;
};

export function createStoreWatch(reader: Reader, onFailure: (error: unknown) => void): StoreWatch {
  const parts = createCached(() => readParts(reader), partsForMs);
  const detached = createCached(() => readDetachedParts(reader.client), partsForMs);
  const copies = createCached(() => readCopies(reader), copiesForMs);
  const senders = createCached(() => readSenders(reader), sendersForMs);
  const readFacts = async (): Promise<StoreFacts> => {
    const [tables, detachedParts, copied] = await Promise.all([parts(), detached(), copies()]);
    return { tables, detachedParts: detachedParts.length, copies: copied };
  };
  return {
    facts: () => withinPatience(readFacts(), onFailure),
    senders: () => withinPatience(senders(), onFailure),
  };
}

function withinPatience<T>(
  asked: Promise<T>,
  onFailure: (error: unknown) => void,
): Promise<T | null> {
  return new Promise((resolve) => {
    const fail = (error: unknown): void => {
      onFailure(error);
      resolve(null);
    };
    const timer = setTimeout(() => fail(new Error(`no answer in ${patienceMs} ms`)), patienceMs);
    asked.then(resolve, fail).finally(() => clearTimeout(timer));
  });
}
