/** Every URL of the dashboard is built and read here, a family of pages a file. */
import { readAddress, withQuery, type Scope } from './routes/address.ts';
import { parseAlerts, toAlertUrl, type AnyAlertRoute } from './routes/alerts.ts';
import { parseCost, toCostUrl, type CostRoute } from './routes/cost.ts';
import { parseFindings, toFindingsUrl, type FindingsRoute } from './routes/findings.ts';
import { parseIngest, toIngestUrl, type IngestRoute } from './routes/ingest.ts';
import { parseList, toListUrl, type RunsRoute, type TracesRoute } from './routes/lists.ts';
import { parseOverview, toOverviewUrl, type OverviewRoute } from './routes/overview.ts';
import { parseTrace, toTraceUrl, type TraceRoute } from './routes/trace.ts';

export { defaultScope, type Scope } from './routes/address.ts';
export {
  alertRuleRoute,
  alertRulesRoute,
  alertsRoute,
  channelsRoute,
  incidentRoute,
  ruleStateFilters,
  silencesRoute,
  type AlertRuleRoute,
  type AlertRulesRoute,
  type AlertsRoute,
  type ChannelsRoute,
  type IncidentRoute,
  type RuleStateFilter,
  type SilencesRoute,
  type SilenceStart,
} from './routes/alerts.ts';
export {
  costRoute,
  costSteps,
  type CostRoute,
  type CostSort,
  type CostStep,
} from './routes/cost.ts';
export { findingsRoute, type FindingSort, type FindingsRoute } from './routes/findings.ts';
export { ingestRoute, type IngestRoute } from './routes/ingest.ts';
export {
  runsRoute,
  tracesRoute,
  type RunsRoute,
  type SortOrder,
  type TracesRoute,
} from './routes/lists.ts';
export { overviewRoute, type OverviewRoute } from './routes/overview.ts';
export { spanTabs, traceRoute, type SpanTab, type TraceRoute } from './routes/trace.ts';

export type NotFoundRoute = Scope & { readonly page: 'not-found'; readonly path: string };
export type Route =
  | OverviewRoute
  | RunsRoute
  | TracesRoute
  | TraceRoute
  | FindingsRoute
  | CostRoute
  | IngestRoute
  | AnyAlertRoute
  | NotFoundRoute;

export function toUrl(route: Route): string {
  switch (route.page) {
    case 'overview':
      return toOverviewUrl(route);
    case 'runs':
    case 'traces':
      return toListUrl(route);
    case 'trace':
      return toTraceUrl(route);
    case 'findings':
      return toFindingsUrl(route);
    case 'cost':
      return toCostUrl(route);
    case 'ingest':
      return toIngestUrl(route);
    case 'not-found':
      return withQuery(route.path, route, {});
    default:
      return toAlertUrl(route);
  }
}

/** Never throws: an unknown path is a page of its own, an unknown value is its default. */
export function parseUrl(url: URL): Route {
  const address = readAddress(url);
  return (
    parseOverview(address) ??
    parseList(address) ??
    parseTrace(address) ??
    parseFindings(address) ??
    parseCost(address) ??
    parseIngest(address) ??
    parseAlerts(address) ?? { page: 'not-found', ...address.scope, path: url.pathname }
  );
}
