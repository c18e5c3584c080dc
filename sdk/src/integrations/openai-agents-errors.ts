import { AnswerError } from './genai-errors.ts';
import { listAt, textAt } from './json.ts';

/** By type of span, where the library's text of an error does not begin with its class. */
const types: Readonly<Record<string, string>> = {
  function: 'ToolError',
  handoff: 'HandoffError',
  generation: 'ModelError',
  response: 'ModelError',
};

/** The library tells an error as a text, often in two: what it was doing, and what was thrown. */
export const toError = (error: unknown, spanType: string): Error => {
  const text = textAt(error, 'data', 'error') ?? textAt(error, 'message') ?? '';
  const [, name, message = text] = thrown.exec(text) ?? [];
  const status = /^[45]\d\d(?= )/.exec(message)?.[0];
  const type = name !== undefined && name !== 'Error' ? name : (status ?? types[spanType]);
  return new AnswerError({ type: type ?? 'AgentsError', message });
};

const thrown = /^((?:[A-Z]\w{0,80})?(?:Error|Exception|Triggered)): ([^]*)$/;

/** A model asked for several handoffs at once: the first is made, and the library calls that an error. */
const severalHandoffs = 'Multiple handoffs requested';

export const isFailure = (error: unknown): boolean =>
  error !== null && error !== undefined && textAt(error, 'message') !== severalHandoffs;

/** The agents that were asked for and did not get the work. */
export const refusedHandoffs = (error: unknown): readonly string[] =>
  textAt(error, 'message') === severalHandoffs
    ? listAt(error, 'data', 'requested_agents').slice(1).map(String)
    : [];
