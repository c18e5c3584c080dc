/** Incidents, the rules that made them, silences and channels. */
import type { IncidentsQuery } from 'orchescope/contract';
import {
  readOneOf,
  readText,
  scopeOf,
  withQuery,
  type Address,
  type Kept,
  type Scope,
} from './address.ts';

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
export type AnyAlertRoute =
  | AlertsRoute
  | IncidentRoute
  | AlertRulesRoute
  | AlertRuleRoute
  | SilencesRoute
  | ChannelsRoute;

const incidentStates: readonly IncidentState[] = ['any', 'open', 'resolved'];
const incidentDefaults: Kept<AlertsRoute> = { state: 'any', rule: '' };
const ruleDefaults: Kept<AlertRulesRoute> = { q: '', state: 'any' };
const silenceDefaults: SilenceStart = { rule: '', group: '', severity: '', metric: '' };

export function alertsRoute(scope: Scope, options: Partial<Kept<AlertsRoute>> = {}): AlertsRoute {
  return { page: 'alerts', ...scopeOf(scope), ...incidentDefaults, ...options };
}

export function incidentRoute(scope: Scope, id: string): IncidentRoute {
  return { page: 'incident', ...scopeOf(scope), id };
}

export function alertRulesRoute(
  scope: Scope,
  options: Partial<Kept<AlertRulesRoute>> = {},
): AlertRulesRoute {
  return { page: 'alert-rules', ...scopeOf(scope), ...ruleDefaults, ...options };
}

export function alertRuleRoute(scope: Scope, id: string, template = ''): AlertRuleRoute {
  return { page: 'alert-rule', ...scopeOf(scope), id, template };
}

export function silencesRoute(scope: Scope, start: Partial<SilenceStart> = {}): SilencesRoute {
  return { page: 'silences', ...scopeOf(scope), ...silenceDefaults, ...start };
}

export function channelsRoute(scope: Scope): ChannelsRoute {
  return { page: 'channels', ...scopeOf(scope) };
}

export function toAlertUrl(route: AnyAlertRoute): string {
  switch (route.page) {
    case 'alerts':
      return withQuery('/alerts', route, incidentDefaults);
    case 'incident':
      return withQuery(`/alerts/incidents/${encodeURIComponent(route.id)}`, route, {});
    case 'alert-rules':
      return withQuery('/alerts/rules', route, ruleDefaults);
    case 'alert-rule':
      return withQuery(`/alerts/rules/${encodeURIComponent(route.id)}`, route, { template: '' });
    case 'silences':
      return withQuery('/alerts/silences', route, silenceDefaults);
    case 'channels':
      return withQuery('/alerts/channels', route, {});
  }
}

export function parseAlerts(address: Address): AnyAlertRoute | null {
  const { path, scope } = address;
  switch (path) {
    case '/alerts':
      return alertsRoute(scope, {
        state: readOneOf(address, 'state', incidentStates, incidentDefaults.state),
        rule: readText(address, 'rule'),
      });
    case '/alerts/rules':
      return alertRulesRoute(scope, {
        q: readText(address, 'q'),
        state: readOneOf(address, 'state', ruleStateFilters, ruleDefaults.state),
      });
    case '/alerts/silences':
      return silencesRoute(scope, {
        rule: readText(address, 'rule'),
        group: readText(address, 'group'),
        severity: readText(address, 'severity'),
        metric: readText(address, 'metric'),
      });
    case '/alerts/channels':
      return channelsRoute(scope);
  }
  return parseOne(address);
}

/** An incident, or a rule. */
function parseOne(address: Address): AnyAlertRoute | null {
  const [, folder, coded = ''] = /^\/alerts\/(incidents|rules)\/([^/]+)$/.exec(address.path) ?? [];
  const id = decode(coded);
  if (id === '') return null;
  return folder === 'rules'
    ? alertRuleRoute(address.scope, id, id === 'new' ? readText(address, 'template') : '')
    : incidentRoute(address.scope, id);
}

/** Empty when it is no text in the code of URLs. */
function decode(coded: string): string {
  try {
    return decodeURIComponent(coded);
  } catch {
    return '';
  }
}
