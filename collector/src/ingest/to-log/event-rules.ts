/** Which row of the table of events a record falls under. */
import type { AttributeValue, Attributes } from '../../span.ts';
import { eventPrefixes, eventRules, type EventRule } from '../dialects/events.ts';
import type { DecodedLog } from '../otlp/decoded-logs.ts';

export type NamedEvent = { readonly name: string; readonly rule: EventRule | null };

const rulesByEvent = Map.groupBy(eventRules, ({ event }) => event);

/** Longer texts are no names. */
const maxNameChars = 200;

/**
 * A name with a row is believed before one without: some SDKs write the place in the source code where the name
 * belongs, and the name into an attribute or the body.
 */
export function readEvent(log: DecodedLog, scopeName: string): NamedEvent {
  const told = toName(log.attributes.get('event.name'));
  const candidates = [
    log.eventName,
    told,
    ...eventPrefixes
      .filter(([scope]) => told !== '' && scopeName.startsWith(scope))
      .map(([, prefix]) => prefix + told),
    toName(log.body),
  ];
  for (const name of candidates) {
    const rule = rulesByEvent.get(name)?.find(({ when }) => holds(when, log.attributes));
    if (rule !== undefined) return { name, rule };
  }
  return { name: log.eventName || told, rule: null };
}

function toName(value: AttributeValue | undefined): string {
  return typeof value === 'string' && value.length <= maxNameChars ? value : '';
}

function holds(when: EventRule['when'], attributes: Attributes): boolean {
  return when === undefined || attributes.get(when[0]) === when[1];
}
