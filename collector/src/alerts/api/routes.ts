/** Everything under `/api/alerts`: rules and what became of them, and who is told. The shapes are in contract/alerts.ts. */
import { Hono } from 'hono';
import { answerFailure } from '../../query/api-failure.ts';
import { refuseOtherMethods } from '../../query/refuse-other-methods.ts';
import { addChannelRoutes } from './channel-routes.ts';
import { addIncidentRoutes } from './incident-routes.ts';
import { addMuteTimingRoutes } from './mute-timing-routes.ts';
import type { AlertRouteParts } from './parts.ts';
import { addPreviewRoute } from './preview-route.ts';
import { addRuleRoutes } from './rule-routes.ts';
import { addSilenceRoutes } from './silence-routes.ts';

/** Mounted before the queries, which answer whatever they do not know with 404. */
export function createAlertRoutes(parts: AlertRouteParts): Hono {
  const app = new Hono();
  app.onError((error, c) => answerFailure(c, error, parts.log));
  addRuleRoutes(app, parts);
  addPreviewRoute(app, parts);
  addIncidentRoutes(app, parts);
  addChannelRoutes(app, parts);
  addSilenceRoutes(app, parts);
  addMuteTimingRoutes(app, parts);
  refuseOtherMethods(app);
  return app;
}
