/** What is open in the project, for the navigation, the bar above every page and the title of the document. */
import type { AlertSummary } from 'orchescope/contract';
import { severityLabels } from '../findings/finding-labels.ts';
import { readSetting, writeSetting } from '../settings.ts';

/** `unknown` = the server does not tell; null = it was not asked yet. */
type Known = AlertSummary | 'unknown' | null;

const awayKey = 'orchescope.alerts.away';
const mostRemembered = 50;

let summary = $state.raw<Known>(null);
let away = $state.raw<readonly string[]>((readSetting(awayKey) ?? '').split(' '));

export const openAlerts = {
  get summary(): Known {
    return summary;
  },
  set summary(next: Known) {
    summary = next;
  },
  get words(): string {
    if (summary === 'unknown') return 'Alerts: not known, the server does not tell';
    if (summary === null || summary.severity === null) return 'Alerts';
    const worst = severityLabels[summary.severity].toLowerCase();
    return `Alerts: ${summary.openCount} open, the worst is ${worst}`;
  },
  /** In front of the title of the page: "(3!) ". */
  get titlePrefix(): string {
    if (summary === null || summary === 'unknown' || summary.openCount === 0) return '';
    return `(${shortCount(summary)}) `;
  },
  /** Critical and not put away. */
  get pressing(): AlertSummary['incidents'] {
    if (summary === null || summary === 'unknown') return [];
    return summary.incidents.filter(
      ({ id, severity }) => severity === 'critical' && !away.includes(id),
    );
  },
};

/** Of this incident alone: the next one shows the bar again. */
export function putAway(id: string): void {
  away = [...away, id].slice(-mostRemembered);
  writeSetting(awayKey, away.join(' '));
}

/** The mark says what colour says: "3!" has something critical in it. */
export function shortCount({ openCount, severity }: AlertSummary): string {
  return `${openCount > 99 ? '99+' : openCount}${severity === 'critical' ? '!' : ''}`;
}
