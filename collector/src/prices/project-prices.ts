/**
 * Prices that people set for projects, held in memory: ingest asks for them with every body, and must not wait. A project
 * without any has the one pricer of all.
 */
import { priceOverride, type PriceOverride } from '../contract.ts';
import type { Price } from '../ingest/pricing/find-own-price.ts';
import type { Pricer } from '../ingest/pricing/pricer.ts';
import type { Reader } from '../store/read-rows.ts';
import { readOfAllProjects, readVersion, writeSetting } from '../store/settings-log.ts';
import { createProjectPricer } from './project-pricer.ts';
import { toOwnPrices } from './to-own-prices.ts';

export const priceArea = 'prices';

export type ProjectPrices = {
  readonly priceFor: (projectId: string) => Pricer;
  /** The price that holds at a time; null = none is known. */
  readonly findPriceAt: (
    projectId: string,
    model: { readonly provider: string; readonly model: string },
    atMs: number,
  ) => Price | null;
  /** Midnights in UTC at which a price that it may meet begins, in milliseconds. */
  readonly changesOf: (projectId: string) => readonly number[];
  readonly overridesOf: (projectId: string) => readonly PriceOverride[];
  /** What a project would be priced by that had set these. */
  readonly priceWith: (overrides: readonly PriceOverride[]) => Pricer;
  /** Takes the place of all that were set. Resolves when it is on disk and in force. */
  readonly write: (
    projectId: string,
    overrides: readonly PriceOverride[],
    by: string,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type ProjectPricesOptions = {
  readonly store: Pick<Reader, 'client'>;
  /** The operator's prices, and the bundled list. */
  readonly base: Pricer;
  /** How often other servers are asked what was set there; 0 = there are none. */
  readonly pollMs: number;
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
};

type Held = {
  readonly version: string;
  readonly overrides: readonly PriceOverride[];
  readonly pricer: Pricer;
};

const overrideList = priceOverride.array();

/** @throws when the store does not answer: pricing without what was set would be wrong in silence */
export async function openProjectPrices(options: ProjectPricesOptions): Promise<ProjectPrices> {
  const { store, base, pollMs, warn } = options;
  let held: ReadonlyMap<string, Held> = new Map();

  async function refresh(): Promise<void> {
    const settings = await readOfAllProjects(store, priceArea);
    const next = new Map<string, Held>();
    for (const { projectId, value } of settings) {
      const parsed = overrideList.safeParse(value);
      if (!parsed.success) warn('prices of a project cannot be read', { projectId });
      else if (parsed.data.length > 0) next.set(projectId, hold(projectId, parsed.data));
    }
    held = next;
  }

  /** The same pricer as before where nothing changed: it remembers what it found. */
  function hold(projectId: string, overrides: readonly PriceOverride[]): Held {
    const own = toOwnPrices(overrides);
    const known = held.get(projectId);
    if (known?.version === own.version) return known;
    return { version: own.version, overrides, pricer: createProjectPricer(own, base) };
  }

  // One after the other, so that what is read late is never older than what is held.
  let tail: Promise<void> = refresh();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = tail.then(work);
    tail = done.catch(() => undefined);
    return done;
  };
  await tail;
  const poll = (): void => {
    inTurn(refresh).catch((error: unknown) =>
      warn('prices of projects were not read, what is held stays', { error }),
    );
  };
  const timer = pollMs > 0 ? setInterval(poll, pollMs).unref() : undefined;

  return {
    priceFor: (projectId) => held.get(projectId)?.pricer ?? base,
    findPriceAt: (projectId, { provider, model }, atMs) => {
      const price = (held.get(projectId)?.pricer ?? base).findPrice(provider, model, '', '');
      // What a project has set may begin later.
      return (price?.ratesAt(atMs) ?? null) === null
        ? base.findPrice(provider, model, '', '')
        : price;
    },
    changesOf: (projectId) => (held.get(projectId)?.pricer ?? base).changes,
    overridesOf: (projectId) => held.get(projectId)?.overrides ?? [],
    priceWith: (overrides) => createProjectPricer(toOwnPrices(overrides), base),
    write: (projectId, overrides, by) =>
      inTurn(async () => {
        const value = overrides.length === 0 ? undefined : overrides;
        const change = { projectId, area: priceArea, key: '', value, changedBy: by };
        const last = await readVersion(store, change);
        await writeSetting(store.client, change, Math.max(Date.now(), last + 1));
        await refresh();
      }),
    close: async () => {
      clearInterval(timer);
      await tail;
    },
  };
}
