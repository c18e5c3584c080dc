/** The endpoints of incidents, silences and channels; loaded with their pages. */
import type {
  AlertChannel,
  AlertRules,
  ChannelList,
  ChannelTest,
  IncidentDetail,
  IncidentList,
  IncidentsQuery,
  MuteTiming,
  SilenceList,
  SilenceMatcher,
  SilenceRequest,
} from 'orchescope/contract';
import { get, send } from '../api.ts';

export type IncidentsRequest = Pick<
  IncidentsQuery,
  'project' | 'from' | 'to' | 'state' | 'rule' | 'limit'
>;

export function readIncidents(
  request: IncidentsRequest,
  signal: AbortSignal,
): Promise<IncidentList> {
  const { limit, ...rest } = request;
  return get<IncidentList>('/api/alerts/incidents', { ...rest, limit: String(limit) }, signal);
}

export function readIncident(
  project: string,
  id: string,
  signal: AbortSignal,
): Promise<IncidentDetail> {
  return get<IncidentDetail>(
    `/api/alerts/incidents/${encodeURIComponent(id)}`,
    { project },
    signal,
  );
}

/** Somebody looks after it: no more reminders. */
export function acknowledgeIncident(project: string, id: string, by: string): Promise<unknown> {
  return send('POST', `/api/alerts/incidents/${encodeURIComponent(id)}/acknowledge`, {
    project,
    by,
  });
}

export function resolveIncident(project: string, id: string, by: string): Promise<unknown> {
  return send('POST', `/api/alerts/incidents/${encodeURIComponent(id)}/resolve`, { project, by });
}

export function readRules(project: string, signal: AbortSignal): Promise<AlertRules> {
  return get<AlertRules>('/api/alerts/rules', { project }, signal);
}

export function readSilences(project: string, signal: AbortSignal): Promise<SilenceList> {
  return get<SilenceList>('/api/alerts/silences', { project }, signal);
}

export function makeSilence(request: SilenceRequest): Promise<unknown> {
  return send('POST', '/api/alerts/silences', request);
}

/** How many groups that are not normal now all of them match. */
export function countMatches(
  project: string,
  matchers: readonly SilenceMatcher[],
): Promise<{ readonly matches: number }> {
  return send('POST', '/api/alerts/silences/matches', { project, matchers });
}

/** It stays in the list, as over. */
export function endSilence(project: string, id: string): Promise<unknown> {
  return send('DELETE', withProject(`/api/alerts/silences/${encodeURIComponent(id)}`, project), {});
}

export function readMuteTimings(
  project: string,
  signal: AbortSignal,
): Promise<{ readonly muteTimings: MuteTiming[] }> {
  return get('/api/alerts/mute-timings', { project }, signal);
}

export function writeMuteTiming(project: string, muteTiming: MuteTiming): Promise<unknown> {
  return send('PUT', '/api/alerts/mute-timings', { project, muteTiming });
}

export function deleteMuteTiming(project: string, name: string): Promise<unknown> {
  return send('DELETE', withProject(`/api/alerts/mute-timings/${name}`, project), {});
}

export function readChannels(project: string, signal: AbortSignal): Promise<ChannelList> {
  return get<ChannelList>('/api/alerts/channels', { project }, signal);
}

export function writeChannel(project: string, channel: AlertChannel): Promise<unknown> {
  return send('PUT', '/api/alerts/channels', { project, channel });
}

export function deleteChannel(project: string, name: string): Promise<unknown> {
  return send('DELETE', withProject(`/api/alerts/channels/${name}`, project), {});
}

export function testStoredChannel(project: string, name: string): Promise<ChannelTest> {
  return send('POST', `/api/alerts/channels/${encodeURIComponent(name)}/test`, { project });
}

/** Sends a message as the channel is written here, stored or not. */
export function testChannel(project: string, channel: AlertChannel): Promise<ChannelTest> {
  return send('POST', '/api/alerts/channels/test', { project, channel });
}

function withProject(path: string, project: string): string {
  return `${path}?project=${encodeURIComponent(project)}`;
}
