/** Incidents as the list shows them: what is open first, then day by day. */
import type { Incident } from 'orchescope/contract';

export type IncidentSection = { readonly title: string; readonly incidents: readonly Incident[] };

const dayMs = 86_400_000;

export function toSections(incidents: readonly Incident[], nowMs: number): IncidentSection[] {
  const sections = new Map<string, Incident[]>();
  const open = incidents.filter(({ endedAtMs }) => endedAtMs === null);
  if (open.length > 0) sections.set('Open', open);
  for (const incident of incidents) {
    if (incident.endedAtMs === null) continue;
    const title = dayInWords(incident.startedAtMs, nowMs);
    const section = sections.get(title);
    if (section === undefined) sections.set(title, [incident]);
    else section.push(incident);
  }
  return [...sections].map(([title, some]) => ({ title, incidents: some }));
}

/** "Today", "Yesterday", "Thu 19 Nov 2026", in the browser's zone. */
export function dayInWords(epochMs: number, nowMs: number): string {
  const date = new Date(epochMs).toDateString();
  if (date === new Date(nowMs).toDateString()) return 'Today';
  // A day may have 23 hours: half of one back from noon is yesterday in any of them.
  const noon = new Date(nowMs).setHours(12, 0, 0, 0);
  if (date === new Date(noon - dayMs).toDateString()) return 'Yesterday';
  return dayFormat.format(epochMs);
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
