/** Everything under `/api`: what readers may ask. The shapes are in contract.ts. */
import { Hono } from 'hono';
import type { IngestHealth, ServerInfo } from '../contract.ts';
import type { Store } from '../store/start-store.ts';
import { answerFailure, ApiFailure, type FailureLog } from './api-failure.ts';
import { addCostRoutes } from './costs/cost-routes.ts';
import { noInputPrices, type InputPrices } from './costs/list-rates.ts';
import { addDetectorRoutes } from './detector-routes.ts';
import { addFindingRoutes } from './finding-routes.ts';
import { addIngestHealthRoute } from './ingest-health-route.ts';
import type { LiveFeed } from './live-feed.ts';
import { addLiveRoute } from './live-route.ts';
import { addLogRoute } from './log-route.ts';
import { addMetricRoutes } from './metric-routes.ts';
import { addOpenApiRoute } from './openapi.ts';
import { addOverviewRoutes } from './overview/overview-routes.ts';
import { addPathRoutes } from './path-routes.ts';
import { addProjectRoutes } from './project-routes.ts';
import { refuseOtherMethods } from './refuse-other-methods.ts';
import { addRunRoutes } from './run-routes.ts';
import { addSearchRoute } from './search-route.ts';
import { addSkeletonRoute } from './skeleton-route.ts';
import { addSpanRoute } from './span-route.ts';
import { addTimelineRoutes } from './timeline-routes.ts';
import { addTraceRoutes } from './trace-routes.ts';

export type QueryOptions = {
  readonly store: Pick<Store, 'client'>;
  readonly live: LiveFeed;
  readonly info: ServerInfo;
  readonly readIngestHealth: () => Promise<IngestHealth>;
  /** Left out = no price is known. */
  readonly inputPrices?: InputPrices;
  /** Hears of what readers are not told. */
  readonly log?: FailureLog;
};

export function createQueryRoutes(options: QueryOptions): Hono {
  const { store, live, info } = options;
  const log = options.log ?? (() => undefined);
  const app = new Hono();
  app.onError((error, c) => answerFailure(c, error, log));
  addProjectRoutes(app, store, info);
  addTraceRoutes(app, store);
  addRunRoutes(app, store);
  addFindingRoutes(app, store);
  addMetricRoutes(app, store);
  addPathRoutes(app, store);
  addTimelineRoutes(app, store);
  addDetectorRoutes(app, store);
  addOverviewRoutes(app, store);
  addCostRoutes(app, store, options.inputPrices ?? noInputPrices);
  addSkeletonRoute(app, store);
  addSpanRoute(app, store);
  addLogRoute(app, store);
  addSearchRoute(app, store);
  addLiveRoute(app, live, info);
  addIngestHealthRoute(app, options.readIngestHealth);
  addOpenApiRoute(app, info);
  refuseTheRest(app);
  return app;
}

/** After the routes: what comes this far is a wrong method or a wrong path. */
function refuseTheRest(app: Hono): void {
  refuseOtherMethods(app);
  app.all('*', () => {
    throw new ApiFailure(
      'not_found',
      'There is nothing here. GET /api/openapi.json lists what is.',
    );
  });
}
