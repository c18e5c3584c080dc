/** One incident with all that is behind it. */
import type { Incident, IncidentDetail } from '../../contract.ts';
import { readIncident } from '../../store/read-incidents.ts';
import { readNotifications } from '../../store/read-notifications.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertSettings } from '../alert-settings.ts';
import { readIncidentChart } from './incident-chart.ts';
import { readIncidentRuns } from './incident-runs.ts';
import { toIncident } from './to-incident.ts';
import { toIncidentEvents } from './to-incident-events.ts';
import { toRunsFilter } from './to-runs-filter.ts';

/** Null when there is none of that id. */
export async function readIncidentDetail(
  reader: Reader,
  settings: AlertSettings,
  id: string,
): Promise<IncidentDetail | null> {
  const { projectId } = settings;
  const found = await readIncident(reader, projectId, id);
  if (found === null) return null;
  const nowMs = Date.now();
  const incident = toIncident(found.incident, settings, nowMs);
  const { startedAtMs: fromMs } = incident;
  const [notifications, rest] = await Promise.all([
    readNotifications(reader, projectId, { incidentId: id, fromMs }),
    readRest(reader, settings, incident),
  ]);
  const events = toIncidentEvents(incident, found.events, settings, nowMs);
  return { incident, events, notifications, ...rest };
}

type Rest = Omit<IncidentDetail, 'incident' | 'events' | 'notifications'>;

/** What only the rule can tell: its filter, its window. It may be another one by now, or gone. */
async function readRest(
  reader: Reader,
  { projectId, rules }: AlertSettings,
  incident: Incident,
): Promise<Rest> {
  const known = rules.find(({ rule }) => rule.id === incident.ruleId);
  const chart = await readIncidentChart(reader, projectId, incident, known);
  const rule = known?.rule ?? null;
  if (rule === null || rule.metric !== incident.metric) {
    return { rule, exemplars: [], differing: [], chart, runsFilter: '' };
  }
  const runsFilter = toRunsFilter(rule, incident.group);
  const behind = await readIncidentRuns(reader, projectId, incident, rule);
  return { rule, ...behind, chart, runsFilter };
}
