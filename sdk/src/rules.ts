import type { Attributes } from '@opentelemetry/api';
import { genAi, orchescope } from './attributes.ts';
import type { Usage } from './facts.ts';
import { toMessages } from './messages.ts';
import { captureMode, toContent, toText } from './redact.ts';

/** Writes one fact as attributes. The value is whatever the user gave: a rule may throw, its fact is lost then. */
export type Rule = (value: unknown, into: Attributes) => void;

/** A name, id, number or flag. Names and ids are cut and redacted like any text. */
export const plain =
  (name: string): Rule =>
  (value, into) => {
    if (typeof value === 'string') into[name] = toText(name, value);
    else if (typeof value === 'number' || typeof value === 'boolean') into[name] = value;
  };

/** A list of names, at most 128; one name is a list of one. */
export const names =
  (name: string): Rule =>
  (value, into) => {
    if (typeof value === 'string') into[name] = [toText(name, value)];
    else if (Array.isArray(value))
      into[name] = value.slice(0, 128).map((item) => toText(name, String(item)));
  };

/** Free text that may speak of the user's data: not with capture `off`. */
export const reason =
  (name: string): Rule =>
  (value, into) => {
    if (captureMode() !== 'off') plain(name)(value, into);
  };

/** Milliseconds, written as seconds. */
export const seconds =
  (name: string): Rule =>
  (value, into) => {
    if (typeof value === 'number') into[name] = value / 1000;
  };

/** Payload: JSON, with capture `full` alone. */
export const content =
  (name: string): Rule =>
  (value, into) => {
    if (captureMode() === 'full') json(name, value, into);
  };

/** Payload that is a text and stays one. */
export const contentText =
  (name: string): Rule =>
  (value, into) => {
    if (captureMode() === 'full') plain(name)(value, into);
  };

export const messages = (name: string, role: 'user' | 'assistant'): Rule => {
  const write = content(name);
  return (value, into) => write(toMessages(value, role), into);
};

/** Ids and scores alone; the text of a document never leaves. */
export const documents: Rule = (value, into) => {
  if (captureMode() === 'off' || !Array.isArray(value)) return;
  const found = value
    .slice(0, 256)
    .map(({ id, score }: { id?: unknown; score?: unknown }) =>
      typeof score === 'number' ? { id: String(id), score } : { id: String(id) },
    );
  json(genAi.retrievalDocuments, found, into);
};

export const tasks: Rule = (value, into) => {
  if (captureMode() !== 'off') json(orchescope.planTasks, value, into);
};

const usageNames: Record<keyof Usage, string> = {
  inputTokens: genAi.usageInputTokens,
  outputTokens: genAi.usageOutputTokens,
  cacheReadTokens: genAi.usageCacheReadInputTokens,
  cacheWriteTokens: genAi.usageCacheWriteInputTokens,
  reasoningTokens: genAi.usageReasoningOutputTokens,
};

export const usage: Rule = (value, into) => {
  const told = value as Usage;
  for (const [field, name] of Object.entries(usageNames)) {
    const tokens: unknown = told[field as keyof Usage];
    if (typeof tokens === 'number' && Number.isFinite(tokens)) into[name] = tokens;
  }
};

const outcomes = {
  completed: 'completed',
  partial: 'partial',
  interrupted: 'suspended',
  terminated: 'terminated',
} as const;

export const outcome: Rule = (value, into) => {
  const told = outcomes[value as keyof typeof outcomes];
  if (told !== undefined) into[orchescope.runOutcome] = told;
};

const json = (name: string, value: unknown, into: Attributes): void => {
  const { text, truncated } = toContent(value);
  into[name] = text;
  if (truncated) into[orchescope.contentTruncated] = true;
};
