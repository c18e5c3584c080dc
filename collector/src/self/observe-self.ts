/** The server looks at itself: what `/metrics` and `/api/ingest` answer, from one set of facts. */
import type { AlertsStatus } from '../alerts/start-alerts.ts';
import type { AnalysisStatus } from '../analysis/worker/start-analysis.ts';
import type { IngestHealth } from '../contract.ts';
import type { ExportsStatus } from '../exports/schedule/start-exports.ts';
import type { BodyBudget } from '../ingest/body-budget.ts';
import type { IngestLimits } from '../ingest/limits.ts';
import type { IngestWatcher } from '../ingest/watcher.ts';
import type { Store } from '../store/start-store.ts';
import { startEventLoopLag } from './event-loop-lag.ts';
import { createIngestTally } from './ingest-tally.ts';
import { createPlatformFacts, type PlatformFacts } from './platform-facts.ts';
import { readProcessFacts } from './process-facts.ts';
import { toPrometheusText } from './prometheus-text.ts';
import { createStoreWatch } from './store-facts.ts';
import { toFamilies } from './to-families.ts';
import { toHealth } from './to-health.ts';
import type { WalStatus } from './wal-status.ts';

export type SelfOptions = {
  readonly version: string;
  readonly store: Pick<Store, 'client' | 'engine' | 'enginePid'>;
  readonly budget: BodyBudget;
  readonly limits: Pick<IngestLimits, 'requests' | 'heldBytes'>;
  /** Null on a server that writes straight into the store. */
  readonly wal: (() => WalStatus) | null;
  readonly analysis: () => AnalysisStatus;
  readonly liveReaders: () => number;
  /** Null when this server does not evaluate rules. */
  readonly alerts: () => AlertsStatus | null;
  /** Null when no files are written every day. */
  readonly exports: () => ExportsStatus | null;
  readonly dataDir: string;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

export type Self = {
  /** Given to ingest. */
  readonly watcher: IngestWatcher;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly health: () => Promise<IngestHealth>;
  /** For alert rules. */
  readonly platform: PlatformFacts;
  readonly close: () => void;
};

export function observeSelf(options: SelfOptions): Self {
  const { version, store, budget, limits, liveReaders } = options;
  const startedAtMs = Date.now();
  const tally = createIngestTally();
  const eventLoop = startEventLoopLag();
  const storeWatch = createStoreWatch(store, (error) =>
    options.log('the store did not tell of itself', { error }),
  );
  let lastTakenAtMs: number | null = null;

  const watcher: IngestWatcher = {
    taken: (request) => {
      if (request.accepted > 0) lastTakenAtMs = Date.now();
      tally.watcher.taken(request);
    },
    refused: tally.watcher.refused,
  };

  async function metrics(): Promise<string> {
    const [facts, usage] = await Promise.all([
      storeWatch.facts(),
      readProcessFacts(store.enginePid()),
    ]);
    const families = toFamilies({
      version,
      engine: store.engine,
      nodeVersion: process.versions.node,
      startedAtMs,
      counters: tally.counters,
      heldBytes: budget.heldBytes(),
      requestsUnderWay: budget.requests(),
      liveReaders: liveReaders(),
      wal: options.wal?.() ?? null,
      analysis: options.analysis(),
      alerts: options.alerts(),
      exports: options.exports(),
      store: facts,
      process: usage,
      eventLoop: eventLoop.read(),
    });
    return toPrometheusText(families);
  }

  async function health(): Promise<IngestHealth> {
    const [facts, senders, usage] = await Promise.all([
      storeWatch.facts(),
      storeWatch.senders(),
      readProcessFacts(store.enginePid()),
    ]);
    return toHealth({
      startedAtMs,
      lastTakenAtMs,
      tally,
      underWay: {
        requests: budget.requests(),
        maxRequests: limits.requests,
        bytes: budget.heldBytes(),
        maxBytes: limits.heldBytes,
      },
      wal: options.wal?.() ?? null,
      store: facts,
      senders,
      process: usage,
      eventLoop: eventLoop.read(),
      liveReaders: liveReaders(),
    });
  }

  const platform = createPlatformFacts({ tally, wal: options.wal, dataDir: options.dataDir });
  return { watcher, metrics, health, platform, close: eventLoop.close };
}
