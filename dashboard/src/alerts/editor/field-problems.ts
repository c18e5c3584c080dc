/** What the server said of a rule, taken apart: each sentence belongs to a field. */

export type FieldProblems = {
  /** By path, e.g. `condition.alert`. */
  readonly fields: ReadonlyMap<string, string>;
  /** What belongs to no field. */
  readonly other: string;
};

export const noProblems: FieldProblems = { fields: new Map(), other: '' };

const fieldNames =
  'id|title|description|enabled|metric|aggregation|filter|by|window|interval|condition|for|keepFiring|minSamples|minBad|minPricedShare|noData|absentFor|severity|channels|repeatEvery|groupEvery|inhibitedBy|muteTimings|labels|runbook|owner';
const fieldStart = new RegExp(
  `(?:^|\\s)(?:rule\\.)?((?:${fieldNames})(?:\\.[A-Za-z0-9_-]+)*): `,
  'g',
);

/** @param message sentences that begin with `window: ` or `rule.condition.alert: ` */
export function readProblems(message: string): FieldProblems {
  const starts = [...message.matchAll(fieldStart)];
  const fields = new Map<string, string>();
  for (const [at, start] of starts.entries()) {
    const path = start[1] ?? '';
    const from = start.index + start[0].length;
    const sentence = capital(message.slice(from, starts[at + 1]?.index).trim());
    const before = fields.get(path);
    fields.set(path, before === undefined ? sentence : `${before} ${sentence}`);
  }
  return { fields, other: message.slice(0, starts[0]?.index ?? message.length).trim() };
}

/** Of a field and all below it. */
export function problemAt({ fields }: FieldProblems, path: string): string {
  return [...fields]
    .filter(([name]) => name === path || name.startsWith(`${path}.`))
    .map(([, sentence]) => sentence)
    .join(' ');
}

/** Names such as `loop_rate` stay as they are. */
function capital(sentence: string): string {
  if (!/^[a-z]+[ ,]/.test(sentence)) return sentence;
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}
