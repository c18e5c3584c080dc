/** The address bar as state: one reactive route over the History API. */
import { parseUrl, toUrl, type Route } from './routes.ts';

let current = $state.raw<Route>(readRoute());
/** From the change of the page until its heading is there. */
let isMoving = false;
/** Asked before a page is left; it takes over when it answers false. */
let mayLeave: ((route: Route) => boolean) | null = null;

/** The route on screen. Reading it in a component or `$derived` follows it. */
export const navigation = {
  get route(): Route {
    return current;
  },
};

/** Goes to a route; Back undoes it. */
export function navigate(route: Route): void {
  const url = toUrl(route);
  if (url === location.pathname + location.search) return;
  if (mayLeave?.(route) === false) return;
  history.pushState(null, '', url);
  show(route);
}

/** Changes the address without a step in the history: while typing or dragging, and for redirects. */
export function replaceRoute(route: Route): void {
  history.replaceState(null, '', toUrl(route));
  show(route);
}

/**
 * For pages with something that would be lost. A closed tab is asked about by the browser itself, with its own words.
 * @returns what ends it
 */
export function guardLeaving(guard: (route: Route) => boolean): () => void {
  const onClose = (event: BeforeUnloadEvent): void => event.preventDefault();
  mayLeave = guard;
  window.addEventListener('beforeunload', onClose);
  return () => {
    mayLeave = null;
    window.removeEventListener('beforeunload', onClose);
  };
}

/** Follows links inside the dashboard and the Back button. Returns what stops it. */
export function startNavigation(): () => void {
  const onPop = (): void => {
    const route = readRoute();
    if (mayLeave?.(route) !== false) return show(route);
    // The browser has gone already: the address comes back.
    history.pushState(null, '', toUrl(current));
  };
  window.addEventListener('popstate', onPop);
  document.addEventListener('click', followLink);
  return () => {
    window.removeEventListener('popstate', onPop);
    document.removeEventListener('click', followLink);
  };
}

function readRoute(): Route {
  return parseUrl(new URL(location.href));
}

function show(route: Route): void {
  if (pageKey(current) !== pageKey(route)) isMoving = true;
  current = route;
}

function pageKey(route: Route): string {
  if (route.page === 'trace') return `trace ${route.traceId}`;
  return 'id' in route ? `${route.page} ${route.id}` : route.page;
}

/**
 * Called by the heading of a page when it is drawn, which may be a while after the route changed. Screen readers hear
 * where they are, and Tab goes on from the top of the new page. The page one came in by keeps the browser's focus.
 */
export function focusAfterMove(heading: HTMLElement): void {
  if (!isMoving) return;
  isMoving = false;
  heading.focus({ preventScroll: true });
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download')) return;
  if (link.origin !== location.origin || link.getAttribute('href')?.startsWith('#') === true)
    return;
  const route = parseUrl(new URL(link.href));
  if (route.page === 'not-found') return;
  event.preventDefault();
  navigate(route);
}
