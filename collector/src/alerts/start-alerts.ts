/** Alerting, running: a loop that evaluates what is due, and a sender that delivers what was decided. */
import type { ClickHouseClient } from '@clickhouse/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { toDeliveryLog, type AttemptOutcome, type DeliveryLog } from '../store/delivery-log.ts';
import { createEvaluatorLease, defaultLeaseTimes } from '../store/evaluator-lease.ts';
import { readWindows } from '../store/read-window.ts';
import { createTurns } from '../store/turns.ts';
import type { KnownChannel } from './alert-settings.ts';
import type { Attempt } from './delivery.ts';
import { startSender, type Sender, type SenderStatus } from './deliver/sender.ts';
import type { Send } from './deliver/attempt-once.ts';
import { createBaselines } from './evaluate/baselines.ts';
import { createEvaluator, type Report } from './evaluate/evaluator.ts';
import { createExemplars } from './evaluate/exemplars.ts';
import type { Heartbeat } from './evaluate/heartbeat.ts';
import { judgeAll } from './evaluate/judge-all.ts';
import { createLateData } from './evaluate/late-data.ts';
import { createProjectDelay } from './evaluate/project-delay.ts';
import {
  readPlatformMetric,
  type ProcessFacts,
  type ReadBudget,
} from './evaluate/read-platform-metric.ts';
import type { AlertSettingsStore } from './settings/alert-settings-store.ts';
import type { Delivery } from './delivery.ts';

export type AlertsOptions = {
  /** Of its own: queries of rules take one thread of the store, and wait for no other. */
  readonly client: ClickHouseClient;
  /** Alone with its store. */
  readonly exclusive: boolean;
  /** Of this process and no other. */
  readonly holder: string;
  readonly settings: AlertSettingsStore;
  readonly facts: ProcessFacts;
  /** Of what was acknowledged so long ago runs were made; see `evaluate/backlog.ts`. */
  readonly hiddenMs: () => number;
  readonly readBudget: ReadBudget;
  readonly send: (
    channel: KnownChannel,
    delivery: Delivery,
    signal: AbortSignal,
  ) => Promise<Attempt>;
  readonly heartbeat: Heartbeat;
  readonly info: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly lease?: { readonly ttlMs: number; readonly renewMs: number };
};

export type AlertsStatus = {
  /** Of the term this server evaluates with; null while another does. */
  readonly term: number | null;
  readonly rounds: number;
  readonly evaluations: number;
  readonly failedRules: number;
  readonly failures: number;
  readonly seconds: number;
  /** Since a round went well, here; since the start when none did. */
  readonly ageMs: number;
  readonly openIncidents: number;
  readonly attempts: Readonly<Record<AttemptOutcome, number>>;
  readonly sender: SenderStatus | null;
};

export type Alerts = {
  /** Settings were changed: look at once. */
  readonly wake: () => void;
  readonly status: () => AlertsStatus;
  /** Resolves after a whole round that began after the call, once what it decided was sent or has to wait. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A lease has to be renewed, and settings of other servers have to be heard of. */
const longestSleepMs = 5_000;
const shortestSleepMs = 20;
const failedSleepMs = 1_000;
const standbySleepMs = 2_000;

export function startAlerts(options: AlertsOptions): Alerts {
  const { client, settings, warn } = options;
  const stopping = new AbortController();
  const status = newStatus();
  const reader = { client };
  const turns = createTurns();
  const lease = createEvaluatorLease({
    client,
    holder: options.holder,
    exclusive: options.exclusive,
    ...options.lease,
  });
  const channels = new Map<string, readonly KnownChannel[]>();
  let sender: Sender | null = null;
  let waking = new AbortController();
  let waiters: (() => void)[] = [];
  let lastGoodMs = performance.now();

  const readSettings: AlertSettingsStore['read'] = async (projectId) => {
    const read = await settings.read(projectId);
    channels.set(projectId, read.channels);
    return read;
  };

  const send: Send = async (name, delivery, signal) => {
    const { channels: known } = await readSettings(delivery.projectId);
    const channel = known.find((one) => one.channel.name === name);
    if (channel !== undefined) return options.send(channel, delivery, signal);
    const message = `There is no channel ${JSON.stringify(name)} any more.`;
    return { outcome: 'refused', status: null, message };
  };

  const readBaselines = createBaselines(reader);
  const exemplarsOf = createExemplars(reader, warn);
  const lateEvents = createLateData(reader, warn);
  const evaluator = createEvaluator({
    reader,
    lease,
    readSettings,
    readDelayMs: createProjectDelay(reader, warn),
    hiddenMs: options.hiddenMs,
    offer: (deliveries) => sender?.offer(deliveries),
    warn,
    round: (lastRoundMs) => ({
      turns,
      judgeAll: (looks) =>
        judgeAll(
          {
            signal: stopping.signal,
            readWindows: (projectId, asks, signal) =>
              readWindows({ client, signal }, projectId, asks),
            readPlatform: (metric, { projectId, window, atMs, known }) =>
              readPlatformMetric(reader, options.facts, options.readBudget, {
                metric,
                labels: known.rule.labels,
                projectId,
                window,
                atMs,
                lastRoundMs,
              }),
            readBaselines,
          },
          looks,
        ),
      exemplarsOf,
      lateEvents,
    }),
  });

  /** Whoever evaluates sends: two would each send everything. */
  async function follow(report: Report): Promise<void> {
    const isOurs = report.type === 'done';
    if (isOurs && sender === null) {
      sender = startSender({
        log: countAttempts(toDeliveryLog(client), status.attempts),
        send,
        channelsOf: (projectId) => channels.get(projectId) ?? [],
        now: Date.now,
        warn,
      });
    }
    if (!isOurs && sender !== null) {
      const old = sender;
      sender = null;
      await old.close();
    }
  }

  async function takeTurn(): Promise<number> {
    const startedMs = performance.now();
    const report = await evaluator.evaluateDue();
    await follow(report);
    status.rounds += 1;
    status.seconds += (performance.now() - startedMs) / 1000;
    if (report.type === 'standby') {
      status.term = null;
      // Another evaluates, and says himself how it goes.
      lastGoodMs = performance.now();
      return standbySleepMs;
    }
    note(status, report);
    if (report.failedProjects > 0) return failedSleepMs;
    lastGoodMs = performance.now();
    void options.heartbeat.beat();
    const passedMs = performance.now() - startedMs;
    return Math.max(report.nextMs - report.nowMs - passedMs, shortestSleepMs);
  }

  // A round may last longer than a term.
  const { renewMs } = { ...defaultLeaseTimes, ...options.lease };
  const renewal = setInterval(() => {
    lease.renew().catch((error: unknown) => warn('the lease was not renewed', { error }));
  }, renewMs).unref();

  async function run(): Promise<void> {
    let isAway = false;
    while (!stopping.signal.aborted) {
      const asked = waiters;
      waiters = [];
      let sleepMs = failedSleepMs;
      try {
        sleepMs = await takeTurn();
        if (isAway) options.info('rules are evaluated again', {});
        isAway = false;
      } catch (error) {
        status.failures += 1;
        if (!isAway) warn('rules were not evaluated, it is tried again', { error });
        isAway = true;
      }
      for (const resolve of asked) resolve();
      if (waiters.length > 0) continue;
      await sleep(Math.min(sleepMs, longestSleepMs), undefined, {
        signal: AbortSignal.any([stopping.signal, waking.signal]),
      }).catch(() => undefined);
      if (waking.signal.aborted) waking = new AbortController();
    }
  }
  const running = run();

  const wake = (): void => {
    evaluator.forget();
    waking.abort();
  };

  return {
    wake,
    status: () => ({
      ...status,
      ageMs: performance.now() - lastGoodMs,
      sender: sender?.status() ?? null,
    }),
    settled: async () => {
      if (stopping.signal.aborted) return;
      const round = new Promise<void>((resolve) => waiters.push(resolve));
      wake();
      await round;
      await sender?.settled();
    },
    close: async () => {
      stopping.abort();
      await running;
      clearInterval(renewal);
      for (const resolve of waiters) resolve();
      options.heartbeat.close();
      await sender?.close();
      await lease
        .release()
        .catch((error: unknown) => warn('the lease was not given back', { error }));
    },
  };
}

type MutableStatus = {
  -readonly [K in keyof Omit<AlertsStatus, 'ageMs' | 'sender' | 'attempts'>]: AlertsStatus[K];
} & { readonly attempts: Record<AttemptOutcome, number> };

function newStatus(): MutableStatus {
  return {
    term: null,
    rounds: 0,
    evaluations: 0,
    failedRules: 0,
    failures: 0,
    seconds: 0,
    openIncidents: 0,
    attempts: { delivered: 0, dead: 0, superseded: 0, failed: 0 },
  };
}

function note(status: MutableStatus, report: Extract<Report, { type: 'done' }>): void {
  status.term = report.term;
  status.evaluations += report.evaluations;
  status.failedRules += report.failedRules;
  status.failures += report.failedProjects;
  status.openIncidents = report.openIncidents;
}

function countAttempts(log: DeliveryLog, counts: Record<AttemptOutcome, number>): DeliveryLog {
  return {
    ...log,
    write: async (rows) => {
      await log.write(rows);
      for (const { outcome } of rows) counts[outcome] += 1;
    },
  };
}
