/** The whole HTTP surface, composed: who may enter, what takes spans in, what answers, what paints. */
import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';
import { createAlertRoutes } from './alerts/api/routes.ts';
import type { AlertRouteParts } from './alerts/api/parts.ts';
import { answerAlertHealth } from './alerts/alert-health.ts';
import type { AlertsStatus } from './alerts/start-alerts.ts';
import { requireAccessKey } from './access/access-key.ts';
import type { Analysis } from './analysis/worker/start-analysis.ts';
import { guardHost } from './access/host-guard.ts';
import { refuse } from './access/refusal.ts';
import { securityHeaders } from './access/security-headers.ts';
import type { BudgetStore } from './budgets/budget-store.ts';
import { createBudgetRoutes } from './budgets/routes.ts';
import type { Config } from './config.ts';
import { createExportRoutes } from './exports/routes.ts';
import { createDashboardRoutes } from './dashboard-files.ts';
import type { BodyBudget } from './ingest/body-budget.ts';
import { createListPrices } from './ingest/pricing/list-prices.ts';
import type { Pricer } from './ingest/pricing/pricer.ts';
import { createProjectLimits } from './ingest/project-limits.ts';
import { createIngestRoutes } from './ingest/routes.ts';
import type { SpanNews } from './ingest/take-spans.ts';
import type { IngestWatcher } from './ingest/watcher.ts';
import type { Log } from './log.ts';
import { projectOf } from './project.ts';
import { createInputPrices } from './prices/input-prices.ts';
import type { ProjectPrices } from './prices/project-prices.ts';
import { createPriceRoutes } from './prices/routes.ts';
import type { ProjectsFile } from './projects-file.ts';
import type { LiveFeed } from './query/live-feed.ts';
import { createQueryRoutes } from './query/routes.ts';
import { createRefusalLog } from './refusal-log.ts';
import { createAnalyzeRoute } from './reanalyze/route.ts';
import { createHistoryLock } from './remap/history-lock.ts';
import { createRemapRoute } from './remap/route.ts';
import { createRepricingLog } from './reprice/repricing-log.ts';
import { createRepriceRoutes } from './reprice/routes.ts';
import { prometheusContentType } from './self/prometheus-text.ts';
import type { Self } from './self/observe-self.ts';
import type { Store } from './store/start-store.ts';
import type { BatchWriter } from './store/store.ts';
import { version } from './version.ts';

export type AppParts = {
  readonly config: Pick<Config, 'accessKey' | 'allowedHosts' | 'corsOrigins' | 'limits'>;
  readonly projects: Pick<ProjectsFile, 'settingsOf' | 'retentionOf'>;
  readonly store: Store;
  readonly writer: BatchWriter;
  /** What a model call costs, where a project has set nothing else. */
  readonly price: Pricer;
  readonly prices: ProjectPrices;
  /** The thread that makes runs of spans. */
  readonly analysis: Pick<Analysis, 'wake' | 'status'>;
  readonly live: LiveFeed;
  /** Aborted when the server is to stop: work that takes long ends early. */
  readonly stopping: AbortSignal;
  /** Shared by what ingest holds and what is told of it. */
  readonly budget: BodyBudget;
  readonly self: Self;
  readonly budgets: BudgetStore;
  readonly alerts: Omit<AlertRouteParts, 'store' | 'log'> & {
    /** Null when this server does not evaluate. */
    readonly status: () => AlertsStatus | null;
  };
  /** Folder of the built dashboard; null = not built. */
  readonly dashboard: string | null;
  readonly log: Log;
};

export function createApp(parts: AppParts): Hono {
  const { config, store, live, log } = parts;
  const app = new Hono();
  app.onError((error, c) => {
    log.error(`${c.req.method} ${c.req.path} failed`, { error });
    return refuse(c, 500, 'internal', 'Something went wrong inside the server; its log says what.');
  });
  app.use(securityHeaders);
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', (c) => answerReadiness(c.text.bind(c), store, log));

  app.get('/health/alerts', (c) => answerAlertHealth(c, parts.alerts.status()));
  app.use(guardHost({ allowedHosts: config.allowedHosts, hasAccessKey: config.accessKey !== '' }));
  // Preflights carry no key, so they are answered before it is asked for.
  if (config.corsOrigins.length > 0) {
    app.use(
      '/v1/*',
      cors({ origin: [...config.corsOrigins], allowMethods: ['POST'], maxAge: 3600 }),
    );
  }
  app.use(requireAccessKey(config.accessKey));

  app.route(
    '/',
    createIngestRoutes({
      writer: parts.writer,
      priceFor: parts.prices.priceFor,
      retentionOf: parts.projects.retentionOf,
      news: toSpanNews(live),
      limits: config.limits,
      budget: parts.budget,
      projectLimits: createProjectLimits(parts.projects.settingsOf),
      projectOf,
      watcher: logRefusals(parts.self.watcher, log),
    }),
  );
  for (const routes of createApiRoutes(parts)) app.route('/api', routes);
  app.get('/metrics', async (c) =>
    c.body(await parts.self.metrics(), 200, { 'content-type': prometheusContentType }),
  );
  // Without it a sender with a wrong path would be answered with the dashboard's page, and 200.
  app.all('/v1/*', refusePath);
  app.route('/', createDashboardRoutes(parts.dashboard));
  app.notFound(refusePath);
  return app;
}

/** What each room answers. The queries come last: they answer whatever they do not know with 404. */
function createApiRoutes(parts: AppParts): readonly Hono[] {
  const { config, store, live, log } = parts;
  const logFailure = (message: string, error: unknown): void => log.error(message, { error });
  const history = createHistoryLock({
    store,
    warn: (message, error) => log.warn(message, { error }),
  });
  return [
    createRemapRoute({
      store,
      history,
      writer: parts.writer,
      priceFor: parts.prices.priceFor,
      retentionOf: parts.projects.retentionOf,
      stopping: parts.stopping,
      log: logFailure,
    }),
    createAnalyzeRoute({
      store,
      wake: parts.analysis.wake,
      status: parts.analysis.status,
      stopping: parts.stopping,
      log: logFailure,
    }),
    createAlertRoutes({ ...parts.alerts, store, log: logFailure }),
    createBudgetRoutes({
      budgets: parts.budgets,
      changed: (projectId) => {
        parts.alerts.settings.invalidate(projectId);
        parts.alerts.wake();
      },
      log: logFailure,
    }),
    createPriceRoutes({ store, prices: parts.prices, log: logFailure }),
    createRepriceRoutes({
      store,
      history,
      priceFor: parts.prices.priceFor,
      repricings: createRepricingLog(store),
      wake: parts.analysis.wake,
      status: parts.analysis.status,
      stopping: parts.stopping,
      log: logFailure,
    }),
    createExportRoutes({
      store,
      inputPrices: createInputPrices(parts.prices),
      findListPrices: createListPrices(parts.price),
      log: logFailure,
    }),
    createQueryRoutes({
      store,
      live,
      info: { version, engine: store.engine, authentication: config.accessKey !== '' },
      readIngestHealth: parts.self.health,
      inputPrices: createInputPrices(parts.prices),
      log: logFailure,
    }),
  ];
}

function logRefusals(watcher: IngestWatcher, log: Log): IngestWatcher {
  const logRefusal = createRefusalLog(log);
  return {
    taken: (request) => {
      watcher.taken(request);
      if (request.rejected > 0) logRefusal(request.rejectedReason, request.rejected);
    },
    refused: (request) => {
      watcher.refused(request);
      logRefusal(request.reason, request.count, request.cause);
    },
  };
}

function refusePath(c: Context): Response {
  const message =
    'There is nothing at this path. Send OTLP with POST to /v1/traces, /v1/logs or /v1/metrics.';
  return refuse(c, 404, 'not_found', message);
}

async function answerReadiness(
  text: (body: string, status: 200 | 503) => Response,
  store: Store,
  log: Log,
): Promise<Response> {
  try {
    await store.check();
    return text('ready\n', 200);
  } catch (error) {
    log.warn('not ready', { error });
    // Asked without a key: addresses and versions are for the log.
    return text('not ready: the store does not answer; the log says why\n', 503);
  }
}

/** The live feed hears of spans only once queries can see them. */
function toSpanNews(live: LiveFeed): SpanNews {
  return {
    isWanted: () => live.subscriberCount() > 0,
    tell: (projectId, spansByTrace) => {
      live.publish(
        Array.from(spansByTrace, ([traceId, spanCount]) => ({ projectId, traceId, spanCount })),
      );
    },
  };
}
