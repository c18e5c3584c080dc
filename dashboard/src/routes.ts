/** Every URL of the dashboard is built and read here. A key at its default is left out, so short links stay short. */
import type {
  CostDimension,
  CostMeasure,
  CostQuery,
  FindingKind,
  FindingListQuery,
  IncidentsQuery,
  RunSort,
  TraceSort,
} from 'orchescope/contract';
import { costDimensions, costMeasures } from './costs/cost-labels.ts';
import { findingLabels } from './findings/finding-labels.ts';

export type SortOrder = 'asc' | 'desc';

/** What every page keeps: whose spans, and when. */
export type Scope = { readonly project: string; readonly from: string; readonly to: string };

/** The first page of the day. */
export type OverviewRoute = Scope & { readonly page: 'overview' };
export type RunsRoute = Scope & {
  readonly page: 'runs';
  readonly q: string;
  readonly sort: RunSort;
  readonly order: SortOrder;
};
export type TracesRoute = Scope & {
  readonly page: 'traces';
  readonly q: string;
  readonly sort: TraceSort;
  readonly order: SortOrder;
};
export type TraceRoute = Scope & {
  readonly page: 'trace';
  readonly traceId: string;
  /** Span shown in the panel; empty = none. */
  readonly span: string;
  readonly tab: SpanTab;
  /** What the waterfall shows: time window, idle compression, colours. Only the waterfall reads it. */
  readonly z: string;
  /** Which run of the trace; empty = the first. */
  readonly run: string;
  /** The highlighted finding, as `findingKey` makes it; empty = none. */
  readonly finding: string;
};
export type FindingSort = FindingListQuery['sort'];
export type FindingsRoute = Scope & {
  readonly page: 'findings';
  readonly q: string;
  /** The open group; empty = none. */
  readonly kind: FindingKind | '';
  /** Of the open group: whom its findings are about; empty = anybody. */
  readonly subject: string;
  readonly sort: FindingSort;
};
export const costTabs = ['report', 'waste', 'budgets', 'prices'] as const;
export type CostTab = (typeof costTabs)[number];
export type CostSort = CostQuery['sort'];
export const costSteps = ['auto', '1h', '1d', '7d'] as const;
export type CostStep = (typeof costSteps)[number];
export type CostRoute = Scope & {
  readonly page: 'cost';
  readonly tab: CostTab;
  readonly q: string;
  /** One or two. */
  readonly by: readonly CostDimension[];
  readonly measure: CostMeasure;
  readonly sort: CostSort;
  /** Width of a bar. */
  readonly step: CostStep;
};
/** Of the whole server; the project is only carried along. */
export type IngestRoute = Scope & { readonly page: 'ingest' };
export type IncidentState = IncidentsQuery['state'];
export const ruleStateFilters = ['any', 'alerting', 'quiet', 'unknown', 'off'] as const;
export type RuleStateFilter = (typeof ruleStateFilters)[number];
/** Incidents. */
export type AlertsRoute = Scope & {
  readonly page: 'alerts';
  readonly state: IncidentState;
  /** Id of a rule; empty = any. */
  readonly rule: string;
};
export type IncidentRoute = Scope & { readonly page: 'incident'; readonly id: string };
export type AlertRulesRoute = Scope & {
  readonly page: 'alert-rules';
  /** Words of the rules that are shown. */
  readonly q: string;
  readonly state: RuleStateFilter;
};
/** `new` = one that is still to be made. */
export type AlertRuleRoute = Scope & {
  readonly page: 'alert-rule';
  readonly id: string;
  /** What a new one begins with; empty = not chosen yet. */
  readonly template: string;
};
/** What a new silence begins with; links in messages use it. */
export type SilenceStart = {
  readonly rule: string;
  readonly group: string;
  readonly severity: string;
  readonly metric: string;
};
export type SilencesRoute = Scope & SilenceStart & { readonly page: 'silences' };
export type ChannelsRoute = Scope & { readonly page: 'channels' };
export type NotFoundRoute = Scope & { readonly page: 'not-found'; readonly path: string };
export type Route =
  | OverviewRoute
  | RunsRoute
  | TracesRoute
  | TraceRoute
  | FindingsRoute
  | CostRoute
  | IngestRoute
  | AlertsRoute
  | IncidentRoute
  | AlertRulesRoute
  | AlertRuleRoute
  | SilencesRoute
  | ChannelsRoute
  | NotFoundRoute;

export const spanTabs = [
  'summary',
  'content',
  'attributes',
  'events',
  'logs',
  'links',
  'raw',
] as const;
export type SpanTab = (typeof spanTabs)[number];

export const defaultScope: Scope = { project: 'default', from: 'now-24h', to: 'now' };
const runSorts: readonly RunSort[] = [
  'start_time',
  'duration',
  'cost',
  'tokens',
  'errors',
  'findings',
];
const traceSorts: readonly TraceSort[] = [
  'start_time',
  'duration',
  'spans',
  'errors',
  'tokens',
  'cost',
];
const incidentStates: readonly IncidentState[] = ['any', 'open', 'resolved'];
const costSorts: readonly CostSort[] = ['cost', 'tokens', 'change', 'waste', 'runs'];
const findingSorts: readonly FindingSort[] = ['start_time', 'waste_usd', 'waste_ms'];

export function overviewRoute(scope: Scope): OverviewRoute {
  return { page: 'overview', ...scopeOf(scope) };
}

export function runsRoute(
  scope: Scope,
  options: Partial<Pick<RunsRoute, 'q' | 'sort' | 'order'>> = {},
): RunsRoute {
  return { page: 'runs', ...scopeOf(scope), q: '', sort: 'start_time', order: 'desc', ...options };
}

export function tracesRoute(
  scope: Scope,
  options: Partial<Pick<TracesRoute, 'q' | 'sort' | 'order'>> = {},
): TracesRoute {
  return {
    page: 'traces',
    ...scopeOf(scope),
    q: '',
    sort: 'start_time',
    order: 'desc',
    ...options,
  };
}

export function traceRoute(
  scope: Scope,
  traceId: string,
  options: Partial<Pick<TraceRoute, 'span' | 'tab' | 'z' | 'run' | 'finding'>> = {},
): TraceRoute {
  return {
    page: 'trace',
    ...scopeOf(scope),
    traceId,
    span: '',
    tab: 'summary',
    z: '',
    run: '',
    finding: '',
    ...options,
  };
}

export function findingsRoute(
  scope: Scope,
  options: Partial<Pick<FindingsRoute, 'q' | 'kind' | 'subject' | 'sort'>> = {},
): FindingsRoute {
  return {
    page: 'findings',
    ...scopeOf(scope),
    q: '',
    kind: '',
    subject: '',
    sort: 'start_time',
    ...options,
  };
}

export function costRoute(
  scope: Scope,
  options: Partial<Omit<CostRoute, 'page' | keyof Scope>> = {},
): CostRoute {
  return {
    page: 'cost',
    ...scopeOf(scope),
    tab: 'report',
    q: '',
    by: ['workflow'],
    measure: 'cost',
    sort: 'cost',
    step: 'auto',
    ...options,
  };
}

export function ingestRoute(scope: Scope): IngestRoute {
  return { page: 'ingest', ...scopeOf(scope) };
}

export function alertsRoute(
  scope: Scope,
  options: Partial<Pick<AlertsRoute, 'state' | 'rule'>> = {},
): AlertsRoute {
  return { page: 'alerts', ...scopeOf(scope), state: 'any', rule: '', ...options };
}

export function incidentRoute(scope: Scope, id: string): IncidentRoute {
  return { page: 'incident', ...scopeOf(scope), id };
}

export function alertRulesRoute(
  scope: Scope,
  options: Partial<Pick<AlertRulesRoute, 'q' | 'state'>> = {},
): AlertRulesRoute {
  return { page: 'alert-rules', ...scopeOf(scope), q: '', state: 'any', ...options };
}

export function alertRuleRoute(scope: Scope, id: string, template = ''): AlertRuleRoute {
  return { page: 'alert-rule', ...scopeOf(scope), id, template };
}

export function silencesRoute(scope: Scope, start: Partial<SilenceStart> = {}): SilencesRoute {
  const none: SilenceStart = { rule: '', group: '', severity: '', metric: '' };
  return { page: 'silences', ...scopeOf(scope), ...none, ...start };
}

export function channelsRoute(scope: Scope): ChannelsRoute {
  return { page: 'channels', ...scopeOf(scope) };
}

export function toUrl(route: Route): string {
  switch (route.page) {
    case 'overview':
      return withQuery('/', scopePairs(route));
    case 'runs':
    case 'traces':
      return withQuery(`/${route.page}`, [
        ...scopePairs(route),
        ['q', route.q, ''],
        ['sort', route.sort, 'start_time'],
        ['order', route.order, 'desc'],
      ]);
    case 'trace':
      return withQuery(`/traces/${encodeURIComponent(route.traceId)}`, [
        ...scopePairs(route),
        ['span', route.span, ''],
        ['tab', route.tab, 'summary'],
        ['run', route.run, ''],
        ['finding', route.finding, ''],
        ['z', route.z, ''],
      ]);
    case 'findings':
      return withQuery('/findings', [
        ...scopePairs(route),
        ['q', route.q, ''],
        ['kind', route.kind, ''],
        ['subject', route.subject, ''],
        ['sort', route.sort, 'start_time'],
      ]);
    case 'cost':
      return withQuery('/cost', [
        ...scopePairs(route),
        ['tab', route.tab, 'report'],
        ['q', route.q, ''],
        ['by', route.by.join(','), 'workflow'],
        ['measure', route.measure, 'cost'],
        ['sort', route.sort, 'cost'],
        ['step', route.step, 'auto'],
      ]);
    case 'ingest':
      return withQuery('/ingest', scopePairs(route));
    case 'alerts':
      return withQuery('/alerts', [
        ...scopePairs(route),
        ['state', route.state, 'any'],
        ['rule', route.rule, ''],
      ]);
    case 'incident':
      return withQuery(`/alerts/incidents/${encodeURIComponent(route.id)}`, scopePairs(route));
    case 'alert-rules':
      return withQuery('/alerts/rules', [
        ...scopePairs(route),
        ['q', route.q, ''],
        ['state', route.state, 'any'],
      ]);
    case 'alert-rule':
      return withQuery(`/alerts/rules/${encodeURIComponent(route.id)}`, [
        ...scopePairs(route),
        ['template', route.template, ''],
      ]);
    case 'silences':
      return withQuery('/alerts/silences', [
        ...scopePairs(route),
        ['rule', route.rule, ''],
        ['group', route.group, ''],
        ['severity', route.severity, ''],
        ['metric', route.metric, ''],
      ]);
    case 'channels':
      return withQuery('/alerts/channels', scopePairs(route));
    case 'not-found':
      return withQuery(route.path, scopePairs(route));
  }
}

/** Never throws: an unknown path is a page of its own, an unknown value is its default. */
export function parseUrl(url: URL): Route {
  const query = url.searchParams;
  const scope: Scope = {
    project: query.get('project') || defaultScope.project,
    from: query.get('from') || defaultScope.from,
    to: query.get('to') || defaultScope.to,
  };
  const path = url.pathname.replace(/\/+$/, '');
  const q = query.get('q') ?? '';
  const order = query.get('order') === 'asc' ? 'asc' : 'desc';
  if (path === '' || path === '/overview') return overviewRoute(scope);
  if (path === '/runs') {
    return runsRoute(scope, { q, sort: oneOf(runSorts, query.get('sort'), 'start_time'), order });
  }
  if (path === '/traces') {
    return tracesRoute(scope, {
      q,
      sort: oneOf(traceSorts, query.get('sort'), 'start_time'),
      order,
    });
  }
  if (path === '/findings') {
    return findingsRoute(scope, {
      q,
      kind: oneOf(findingKinds, query.get('kind'), ''),
      subject: query.get('subject') ?? '',
      sort: oneOf(findingSorts, query.get('sort'), 'start_time'),
    });
  }
  if (path === '/cost') {
    return costRoute(scope, {
      tab: oneOf(costTabs, query.get('tab'), 'report'),
      q,
      by: readDimensions(query.get('by')),
      measure: oneOf(measures, query.get('measure'), 'cost'),
      sort: oneOf(costSorts, query.get('sort'), 'cost'),
      step: oneOf(costSteps, query.get('step'), 'auto'),
    });
  }
  if (path === '/ingest') return ingestRoute(scope);
  const alerts = parseAlerts(path, query, scope);
  if (alerts !== null) return alerts;
  const traceId = /^\/traces\/([0-9a-f]{32})$/i.exec(path)?.[1];
  if (traceId !== undefined) {
    return traceRoute(scope, traceId.toLowerCase(), {
      span: readSpanId(query.get('span')),
      tab: oneOf(spanTabs, query.get('tab'), 'summary'),
      z: query.get('z') ?? '',
      run: query.get('run') ?? '',
      finding: query.get('finding') ?? '',
    });
  }
  return { page: 'not-found', ...scope, path: url.pathname };
}

function parseAlerts(path: string, query: URLSearchParams, scope: Scope): Route | null {
  const text = (key: string): string => query.get(key) ?? '';
  switch (path) {
    case '/alerts':
      return alertsRoute(scope, {
        state: oneOf(incidentStates, query.get('state'), 'any'),
        rule: text('rule'),
      });
    case '/alerts/rules':
      return alertRulesRoute(scope, {
        q: text('q'),
        state: oneOf(ruleStateFilters, query.get('state'), 'any'),
      });
    case '/alerts/silences':
      return silencesRoute(scope, {
        rule: text('rule'),
        group: text('group'),
        severity: text('severity'),
        metric: text('metric'),
      });
    case '/alerts/channels':
      return channelsRoute(scope);
  }
  const [, folder, coded = ''] = /^\/alerts\/(incidents|rules)\/([^/]+)$/.exec(path) ?? [];
  const id = decode(coded);
  if (id === '') return null;
  return folder === 'rules'
    ? alertRuleRoute(scope, id, id === 'new' ? text('template') : '')
    : incidentRoute(scope, id);
}

/** Empty when it is no text in the code of URLs. */
function decode(coded: string): string {
  try {
    return decodeURIComponent(coded);
  } catch {
    return '';
  }
}

function scopeOf({ project, from, to }: Scope): Scope {
  return { project, from, to };
}

function readSpanId(text: string | null): string {
  return text !== null && /^[0-9a-f]{16}$/i.test(text) ? text.toLowerCase() : '';
}

const dimensions = Object.keys(costDimensions) as CostDimension[];
const measures = Object.keys(costMeasures) as CostMeasure[];

function readDimensions(text: string | null): readonly CostDimension[] {
  const names = (text ?? '').split(',').map((name) => oneOf(dimensions, name, ''));
  const known = [...new Set(names)].filter((name) => name !== '').slice(0, 2);
  return known.length === 0 ? ['workflow'] : known;
}

const findingKinds = Object.keys(findingLabels) as FindingKind[];

function oneOf<T extends string, F extends string>(
  allowed: readonly T[],
  text: string | null,
  fallback: F,
): T | F {
  return allowed.find((value) => value === text) ?? fallback;
}

type QueryPair = readonly [key: string, value: string, whenLeftOut: string];

function scopePairs(scope: Scope): QueryPair[] {
  return [
    ['project', scope.project, defaultScope.project],
    ['from', scope.from, defaultScope.from],
    ['to', scope.to, defaultScope.to],
  ];
}

function withQuery(path: string, pairs: readonly QueryPair[]): string {
  const query = new URLSearchParams();
  for (const [key, value, whenLeftOut] of pairs) if (value !== whenLeftOut) query.set(key, value);
  // Colons and commas are legal in a query, and filters are full of them: keep links readable.
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return text === '' ? path : `${path}?${text}`;
}
