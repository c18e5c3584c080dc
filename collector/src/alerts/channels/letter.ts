/** What a message says, in words that are the same in every channel. Clean, but not escaped: each channel does that. */
import type { AlertMessage, Delivery, DeliveryKind, MessageAlert } from '../delivery.ts';
import { formatDuration, formatTime, formatValue } from './format-value.ts';
import { createLinks, toSafeUrl, type Link, type Links } from './links.ts';
import { cleanLine, cleanText, truncate } from './text.ts';

export type LetterEntry = {
  /** Group, value against threshold, since when. */
  readonly text: string;
  readonly isOver: boolean;
  readonly links: readonly Link[];
};

export type Letter = {
  readonly title: string;
  readonly description: string;
  /** Worst first. */
  readonly entries: readonly LetterEntry[];
  /** What is not among the entries. */
  readonly overflow: number;
  /** What an entry is about. */
  readonly of: 'group' | 'incident';
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly links: readonly Link[];
  readonly severity: AlertMessage['severity'];
  /** Nothing of it fires any more. */
  readonly isOver: boolean;
};

const words: Readonly<Record<DeliveryKind, string>> = {
  firing: 'Firing',
  resolved: 'Resolved',
  fired_and_resolved: 'Fired and resolved',
  reminder: 'Still firing',
  acknowledged: 'Acknowledged',
  flapping: 'Flapping',
  meta: 'Orchescope',
  test: 'Test',
};

export function toLetter({ message }: Delivery, publicUrl: string): Letter {
  const links = createLinks(publicUrl, message.project);
  return {
    title: toTitle(message),
    description: cleanText(message.description).trim(),
    entries: message.alerts.map((alert) => toEntry(message, alert, links)),
    overflow: message.overflow,
    of: entryOf(message),
    facts: toFacts(message).filter(({ value }) => value !== ''),
    links: toLinks(message, links).filter(({ url }) => url !== ''),
    severity: message.severity,
    isOver: message.alerts.length > 0 && message.alerts.every(({ state }) => state !== 'firing'),
  };
}

/** What was over before it could be told may be several incidents of one group. */
function entryOf({ kind }: AlertMessage): Letter['of'] {
  return kind === 'fired_and_resolved' ? 'incident' : 'group';
}

/** What is said of groups for which there is no room. */
export function describeRest(letter: Letter, shown: number): string {
  const count = letter.overflow + Math.max(0, letter.entries.length - shown);
  if (count === 0) return '';
  return count === 1 ? `and 1 more ${letter.of}` : `and ${count} more ${letter.of}s`;
}

function toTitle(message: AlertMessage): string {
  const title = `${words[message.kind]}: ${cleanLine(message.title)}`;
  const count = message.alerts.length + message.overflow;
  const [first] = message.alerts;
  if (first === undefined || message.kind === 'meta') return title;
  if (count > 1) return `${title} (${count} ${entryOf(message)}s)`;
  const group = cleanLine(first.group);
  const at = first.value === null ? '' : ` at ${formatValue(first.value, message.unit)}`;
  return `${title}${group === '' ? '' : `, ${truncate(group, 120)}`}${at}`;
}

function toEntry(message: AlertMessage, alert: MessageAlert, links: Links): LetterEntry {
  const traces = alert.exemplars.map((id, i) => ({
    label: `Trace ${i + 1}`,
    url: links.trace(id),
  }));
  // What is told of Orchescope itself, and a test, have no incident to open.
  const isIncident = message.kind !== 'meta' && message.kind !== 'test';
  // Of the only one the letter has a link of its own.
  const isOneOfMany = isIncident && message.alerts.length > 1;
  const incident = { label: 'Incident', url: isOneOfMany ? links.incident(alert.incident) : '' };
  return {
    text: [toName(alert), toStory(message, alert)].filter((part) => part !== '').join(': '),
    isOver: alert.state !== 'firing',
    links: [incident, ...(isIncident ? traces : [])].filter(({ url }) => url !== ''),
  };
}

function toName({ group }: MessageAlert): string {
  return truncate(cleanLine(group), 200);
}

function toStory({ unit }: AlertMessage, alert: MessageAlert): string {
  const { value, threshold, startedAtMs, endedAtMs, samples, reason } = alert;
  const parts = value === null && threshold === null ? [] : [toComparison(alert, unit)];
  if (endedAtMs === null) parts.push(`since ${formatTime(startedAtMs)}`);
  else
    parts.push(
      `over since ${formatTime(endedAtMs)}, after ${formatDuration(endedAtMs - startedAtMs)}`,
    );
  if (samples > 0) parts.push(samples === 1 ? '1 sample' : `${samples} samples`);
  const why = truncate(cleanLine(reason), 300);
  return `${parts.join(', ')}${why === '' ? '' : ` (${why})`}`;
}

function toComparison({ state, value, threshold }: MessageAlert, unit: string): string {
  const shown = formatValue(value, unit);
  if (threshold === null) return shown;
  const against = formatValue(threshold, unit);
  if (state !== 'firing' || value === null || value === threshold)
    return `${shown} against ${against}`;
  return value > threshold ? `${shown}, above ${against}` : `${shown}, below ${against}`;
}

function toFacts(message: AlertMessage): Letter['facts'] {
  const { window, target, unit, labels } = message;
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [
    { name: 'Rule', value: message.rule },
    { name: 'Project', value: message.project },
    { name: 'Severity', value: message.severity },
    { name: 'Window', value: `${formatTime(window.fromMs)} to ${formatTime(window.toMs)}` },
    { name: 'Target', value: target === null ? '' : formatValue(target, unit) },
    { name: 'Owner', value: message.owner },
    { name: 'Labels', value: pairs.join(', ') },
  ].map(({ name, value }) => ({ name, value: truncate(cleanLine(value), 300) }));
}

function toLinks(message: AlertMessage, links: Links): readonly Link[] {
  const runbook = { label: 'Runbook', url: toSafeUrl(message.runbook) };
  if (message.kind === 'meta') return [{ label: 'Channels', url: links.channels() }, runbook];
  if (message.kind === 'test') return [{ label: 'Channels', url: links.channels() }];
  const [only] = message.alerts.length === 1 ? message.alerts : [];
  const incident = only === undefined ? '' : links.incident(only.incident);
  return [
    { label: 'Open incident', url: incident },
    { label: 'Silence', url: links.silence(message.rule, only?.group ?? '') },
    { label: 'Rule', url: links.rule(message.rule) },
    runbook,
  ];
}
