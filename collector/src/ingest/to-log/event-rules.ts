/** What a record is called, and which row of the table of events it falls under. */
import type { AttributeValue, Attributes } from '../../span.ts';
import { eventRules, eventSenders, type EventRule } from '../dialects/events.ts';
import type { DecodedLog } from '../otlp/decoded-logs.ts';

export type NamedEvent = {
  readonly name: string;
  readonly rule: EventRule | null;
  /** Empty when the name does not tell. */
  readonly dialect: string;
};

const rulesByEvent = Map.groupBy(eventRules, ({ event }) => event);

/** Longer texts are no names. */
const maxNameChars = 200;

/** Rust's tracing writes where in the source code the event is, in the field for its name. */
const sourcePlace = /^event .+:\d+$/;

/** A name that has a row is believed before one that has none, and the body before neither. */
export function readEvent(log: DecodedLog, scopeName: string): NamedEvent {
  const told = withPrefix(toName(log.attributes.get('event.name')), scopeName);
  const field = sourcePlace.test(log.eventName) && told !== '' ? '' : log.eventName;
  for (const name of [field, told, toName(log.body)]) {
    const rule = rulesByEvent.get(name)?.find(({ when }) => holds(when, log.attributes));
    if (rule !== undefined) return { name, rule, dialect: rule.dialect };
  }
  const name = field || told;
  return { name, rule: null, dialect: senderOf(name) };
}

function withPrefix(told: string, scopeName: string): string {
  const sender = eventSenders.find(
    ({ scopePrefix }) => scopePrefix !== undefined && scopeName.startsWith(scopePrefix),
  );
  const isWhole = told === '' || sender === undefined || told.startsWith(sender.prefix);
  return isWhole ? told : sender.prefix + told;
}

function senderOf(name: string): string {
  return eventSenders.find(({ prefix }) => name.startsWith(prefix))?.dialect ?? '';
}

function toName(value: AttributeValue | undefined): string {
  return typeof value === 'string' && value.length <= maxNameChars ? value : '';
}

function holds(when: EventRule['when'], attributes: Attributes): boolean {
  return when === undefined || attributes.get(when[0]) === when[1];
}
