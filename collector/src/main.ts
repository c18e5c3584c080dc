/** The server process: wire the parts, listen, and stop without losing what was acknowledged. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openAlertFiles, type AlertFiles } from './alerts/alert-files.ts';
import { createChannels } from './alerts/channels/channel.ts';
import { readOrCreateSecretKey } from './alerts/channels/secrets.ts';
import { createBacklog } from './alerts/evaluate/backlog.ts';
import { createHeartbeat } from './alerts/evaluate/heartbeat.ts';
import { loadAlertFiles } from './alerts/files/load-alert-files.ts';
import { createAlertSettings } from './alerts/settings/alert-settings-store.ts';
import { startAlerts, type Alerts } from './alerts/start-alerts.ts';
import { startAnalysis } from './analysis/worker/start-analysis.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { findDashboard } from './dashboard-files.ts';
import { createTarget } from './exports/schedule/create-target.ts';
import { startExports, type Exports } from './exports/schedule/start-exports.ts';
import { createListPrices } from './ingest/pricing/list-prices.ts';
import { noOwnPrices, readPriceFile } from './ingest/pricing/price-file.ts';
import { createPricer } from './ingest/pricing/pricer.ts';
import { createBodyBudget } from './ingest/body-budget.ts';
import { listen } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { createInputPrices } from './prices/input-prices.ts';
import { openProjectPrices } from './prices/project-prices.ts';
import { openProjectsFile, type ProjectsFile } from './projects-file.ts';
import { createLiveFeed } from './query/live-feed.ts';
import { observeSelf } from './self/observe-self.ts';
import { connectToStore } from './store/connect.ts';
import { startStore } from './store/start-store.ts';
import { createBudgetStore } from './budgets/budget-store.ts';
import { createBatchWriter } from './store/batch-writer.ts';
import { openWal } from './store/wal/open-wal.ts';
import { version } from './version.ts';

/** How long requests under way may take to finish once we were asked to stop. */
const drainMs = 10_000;
const sweepMs = 20;
/** Other servers hear so late of prices that were set on one. */
const pricePollMs = 10_000;
/** Rows that wait so long for their insert show that the store has no time to spare. */
const busyAgeMs = 700;

export type RunningServer = {
  readonly host: string;
  readonly port: number;
  /** Stops accepting, answers what is under way, stores what it can in time, closes the store. */
  readonly close: () => Promise<void>;
  /** Resolves when all that was acknowledged so far can be queried. */
  readonly settled: () => Promise<void>;
  /** Resolves when rules were evaluated once more, and what that decided was sent or has to wait. */
  readonly alertsSettled: () => Promise<void>;
  /** Reads the projects file and the files of alerts again; a broken one changes nothing and is told in the log. */
  readonly reload: () => void;
};

export async function startServer(
  config: Config,
  log: Log = createLog(config.log),
): Promise<RunningServer> {
  const { pricesFile } = config;
  const price = createPricer(pricesFile === '' ? noOwnPrices : readPriceFile(pricesFile));
  const projects = openProjectsFile(config.projectsFile, config.projectDefaults);
  const secretKey = readOrCreateSecretKey(config.dataDir, config.alerts.secretKey);
  const { files, env } = config.alerts;
  const alertFiles = openAlertFiles(files, (path) => loadAlertFiles(path, { secretKey, env }));
  const store = await startStore(config.store, log.info);
  let walAgeMs = (): number => 0;
  let noteInsert: (oldestMs: number) => void = () => undefined;
  const wal = await openWal({
    folder: join(config.dataDir, 'wal'),
    insertNative: async (file, signal) => {
      const oldestMs = Date.now() - walAgeMs();
      await store.insertNative(file, signal);
      if (file.table === 'spans') noteInsert(oldestMs);
    },
    maxBytes: config.walBytes,
    log: log.info,
    warn: log.warn,
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const prices = await openProjectPrices({
    store,
    base: price,
    // The data directory of an embedded store is locked: nobody else sets anything there.
    pollMs: store.engine === 'server' ? pricePollMs : 0,
    warn: log.warn,
  }).catch(async (error: unknown) => {
    await wal.close();
    await store.close();
    throw error;
  });
  const analysis = startAnalysis({
    store: store.address,
    isStoreBusy: () => wal.isBehind() || wal.status().oldestAgeMs > busyAgeMs,
    warn: log.warn,
  });
  walAgeMs = () => wal.status().oldestAgeMs;
  const backlog = createBacklog({ walAgeMs, reached: () => analysis.status().reached });
  noteInsert = (oldestMs) => {
    backlog.inserted(oldestMs);
    analysis.wake();
  };
  const writer = createBatchWriter(wal, wal.isBehind);
  const live = createLiveFeed();
  const stopping = new AbortController();
  const { limits } = config;
  const budget = createBodyBudget(limits);
  const liveReaders = live.subscriberCount;
  const self = observeSelf({
    version,
    store,
    budget,
    limits,
    wal: wal.status,
    analysis: analysis.status,
    liveReaders,
    alerts: () => alerts?.status() ?? null,
    exports: () => exports?.status() ?? null,
    dataDir: config.dataDir,
    log: log.warn,
  });
  const settings = createAlertSettings({
    store,
    files: alertFiles.read,
    exclusive: store.engine === 'embedded',
    onUnreadable: (area, key) => log.warn('a setting of alerts cannot be read', { area, key }),
  });
  const channels = createChannels({ secretKey });
  const budgets = createBudgetStore(store);
  const { allow, publicUrl } = config.alerts;
  const alertClient = connectToStore(store.address);
  const alerts: Alerts | null = !config.alerts.isOn
    ? null
    : startAlerts({
        client: alertClient,
        exclusive: store.engine === 'embedded',
        holder: randomUUID(),
        settings,
        facts: self.platform,
        hiddenMs: backlog.hiddenMs,
        readBudget: budgets.find,
        send: (channel, delivery, signal) =>
          channels.send(channel, delivery, { publicUrl, allow, signal, nowMs: Date.now() }),
        heartbeat: createHeartbeat({
          url: config.alerts.heartbeatUrl,
          everyMs: config.alerts.heartbeatSeconds * 1000,
          allow,
          warn: log.warn,
        }),
        info: log.info,
        warn: log.warn,
      });
  const exportClient = connectToStore(store.address);
  const exports: Exports | null =
    config.exports === null
      ? null
      : startExports({
          client: exportClient,
          target: createTarget(config.exports.target, allow),
          format: config.exports.format,
          afterMidnightMs: config.exports.afterMidnightMs,
          inputPrices: createInputPrices(prices),
          findListPrices: createListPrices(price),
          info: log.info,
          warn: log.warn,
        });
  const closeParts = async (): Promise<void> => {
    live.close();
    self.close();
    await exports?.close();
    await exportClient.close();
    await prices.close();
    await alerts?.close();
    await alertClient.close();
    await writer.close();
    await wal.close();
    await analysis.close();
    await store.close();
  };
  try {
    const app = createApp({
      config,
      projects,
      store,
      writer,
      stopping: stopping.signal,
      price,
      prices,
      analysis,
      live,
      budget,
      self,
      budgets,
      alerts: {
        settings,
        channels,
        secretKey,
        allow,
        publicUrl,
        wake: () => alerts?.wake(),
        status: () => alerts?.status() ?? null,
      },
      dashboard: findDashboard(),
      log,
    });
    const server = await listen(app.fetch, config);
    const port = (server.address() as AddressInfo).port;
    return {
      host: config.host,
      port,
      reload: () => {
        reload(projects, log);
        if (!reloadAlerts(alertFiles, log)) return;
        settings.invalidateAll();
        alerts?.wake();
      },
      settled: wal.settled,
      alertsSettled: async () => alerts?.settled(),
      close: async () => {
        stopping.abort();
        live.close();
        await closeServer(server);
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}

function reload(projects: ProjectsFile, log: Log): void {
  try {
    projects.reload();
    log.info('read the projects file again');
  } catch (error) {
    log.error('the projects file was not read again, what was read before stays', { error });
  }
}

/** Whether it was read. */
function reloadAlerts(files: AlertFiles, log: Log): boolean {
  if (!files.isSet) return false;
  try {
    files.reload();
    log.info('read the files of alerts again');
    return true;
  } catch (error) {
    log.error('the files of alerts were not read again, what was read before stays', { error });
    return false;
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection kept alive is idle only once its last answer is out, so one look would not find them all.
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const giveUp = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(giveUp);
}
