/** What fired, what somebody said of it, and what the shell shows of it on every page. */
import type { Hono } from 'hono';
import {
  findingSeverity,
  incidentChange,
  incidentsQuery,
  type AlertSummary,
  type Incident,
} from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { limitBody } from '../../query/read-json-body.ts';
import { readRange } from '../../query/read-range.ts';
import { toReader } from '../../query/reader.ts';
import { readQuery } from '../../query/validate.ts';
import { readIncident, readIncidents, readOpenIncidents } from '../../store/read-incidents.ts';
import { readChannelDeliveries } from '../../store/read-notifications.ts';
import type { Reader } from '../../store/read-rows.ts';
import { change, maxChangeBytes, paramOf, projectOf, readChange } from './change-settings.ts';
import type { AlertRouteParts } from './parts.ts';
import { readIncidentDetail } from './incident-detail.ts';
import { readStanding } from './read-standing.ts';
import { toIncident } from './to-incident.ts';

export function addIncidentRoutes(app: Hono, parts: AlertRouteParts): void {
  app.get('/alerts/incidents', async (c) => {
    const query = readQuery(c, incidentsQuery);
    const { from, to } = readRange(query);
    const { project, state, rule: ruleId, limit } = query;
    const ask = { fromMs: Number(from) / 1e6, toMs: Number(to) / 1e6, state, ruleId, limit };
    const [read, settings] = await Promise.all([
      readIncidents(toReader(parts.store, c), project, ask),
      parts.settings.read(project),
    ]);
    const { openCount, otherCount } = read;
    const nowMs = Date.now();
    const incidents = read.incidents.map((known) => toIncident(known, settings, nowMs));
    return c.json({ incidents, openCount, otherCount });
  });
  app.get('/alerts/incidents/:id', async (c) => {
    const settings = await parts.settings.read(projectOf(c));
    const reader = toReader(parts.store, c);
    const detail = await readIncidentDetail(reader, settings, paramOf(c, 'id'));
    return detail === null ? noSuchIncident() : c.json(detail);
  });
  app.get('/alerts/summary', async (c) =>
    c.json(await readSummary(toReader(parts.store, c), parts, projectOf(c))),
  );
  for (const [word, area] of [
    ['acknowledge', 'alert-acknowledged'],
    ['resolve', 'alert-resolved'],
  ] as const) {
    app.post(`/alerts/incidents/:id/${word}`, limitBody(maxChangeBytes), async (c) => {
      const { project: projectId, by } = await readChange(c, incidentChange);
      const key = paramOf(c, 'id');
      await assertOpen(parts, projectId, key);
      const settings = await parts.settings.read(projectId);
      const said = word === 'acknowledge' ? settings.acknowledged : settings.resolved;
      // Who said it first stands.
      if (!said.has(key)) await change(parts, { projectId, area, key, value: { by }, by });
      return c.json(await readOne(parts, projectId, key));
    });
  }
}

async function assertOpen(
  { store }: AlertRouteParts,
  projectId: string,
  id: string,
): Promise<void> {
  const found = await readIncident(store, projectId, id);
  if (found === null) return noSuchIncident();
  if (found.incident.endedAtMs === null) return;
  throw new ApiFailure('conflict', 'This incident is over already: there is nothing left to do.');
}

function noSuchIncident(): never {
  const sentence = 'There is no such incident. GET /api/alerts/incidents lists them.';
  throw new ApiFailure('not_found', sentence);
}

async function readOne(
  { store, settings }: AlertRouteParts,
  projectId: string,
  id: string,
): Promise<Incident> {
  const found = await readIncident(store, projectId, id);
  if (found === null) return noSuchIncident();
  return toIncident(found.incident, await settings.read(projectId), Date.now());
}

const mostShown = 5;

async function readSummary(
  reader: Reader,
  { settings }: AlertRouteParts,
  projectId: string,
): Promise<AlertSummary> {
  const [open, standing, channels] = await Promise.all([
    readOpenIncidents(reader, projectId),
    readStanding(reader, settings, projectId),
    readChannelDeliveries(reader, projectId),
  ]);
  const worstFirst = open.toSorted((a, b) => rank(b.rule.severity) - rank(a.rule.severity));
  const evaluated = [...standing.last.values()].map(({ evalAtMs }) => evalAtMs);
  return {
    openCount: open.length,
    severity: worstFirst[0]?.rule.severity ?? null,
    incidents: worstFirst.slice(0, mostShown).map(({ id, group, rule: { title, severity } }) => ({
      id,
      title,
      group,
      severity,
    })),
    lastEvaluatedAtMs: evaluated.length === 0 ? null : Math.max(...evaluated),
    deadLetters: channels.reduce((sum, { dead }) => sum + dead, 0),
  };
}

function rank(severity: Incident['severity']): number {
  return findingSeverity.options.indexOf(severity);
}
