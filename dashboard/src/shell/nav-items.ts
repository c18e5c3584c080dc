import ActivityIcon from '@lucide/svelte/icons/activity';
import BellIcon from '@lucide/svelte/icons/bell';
import CircleDollarSignIcon from '@lucide/svelte/icons/circle-dollar-sign';
import LayoutDashboardIcon from '@lucide/svelte/icons/layout-dashboard';
import ListTreeIcon from '@lucide/svelte/icons/list-tree';
import SearchAlertIcon from '@lucide/svelte/icons/search-alert';
import {
  alertsRoute,
  costRoute,
  findingsRoute,
  ingestRoute,
  overviewRoute,
  runsRoute,
  type Route,
  type Scope,
} from '../routes.ts';

export type NavItem = {
  readonly label: string;
  readonly Icon: typeof BellIcon;
  readonly toRoute: (scope: Scope) => Route;
  /** Where one is inside of it. */
  readonly pages: readonly Route['page'][];
};

/** Where one can go from everywhere. */
export const navItems: readonly NavItem[] = [
  { label: 'Overview', Icon: LayoutDashboardIcon, toRoute: overviewRoute, pages: ['overview'] },
  { label: 'Runs', Icon: ListTreeIcon, toRoute: runsRoute, pages: ['runs', 'traces', 'trace'] },
  { label: 'Findings', Icon: SearchAlertIcon, toRoute: findingsRoute, pages: ['findings'] },
  { label: 'Cost', Icon: CircleDollarSignIcon, toRoute: costRoute, pages: ['cost'] },
];

/** Tells beside its name how much is open. */
export const alertItem: NavItem = {
  label: 'Alerts',
  Icon: BellIcon,
  toRoute: alertsRoute,
  pages: ['alerts', 'incident', 'alert-rules', 'alert-rule', 'silences', 'channels'],
};

/** Of the server rather than of a project: apart from the others. */
export const ingestItem: NavItem = {
  label: 'Ingest',
  Icon: ActivityIcon,
  toRoute: ingestRoute,
  pages: ['ingest'],
};
