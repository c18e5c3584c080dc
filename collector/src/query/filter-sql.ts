/** Terms of a filter as conditions on traces. Identifiers come from the tables here, what a reader wrote is bound. */
import { spanKind } from '../contract.ts';
import { toSpansWithContent } from '../store/search-content.ts';
import type { TraceCondition } from '../store/trace-page-sql.ts';
import { FilterError, type FilterTerm, type NumberField, type TextField } from './filter.ts';

export function toConditions(terms: readonly FilterTerm[]): TraceCondition[] {
  return terms.map((term, at) => toCondition(term, `f${at}`));
}

function toCondition(term: FilterTerm, param: string): TraceCondition {
  switch (term.type) {
    case 'words':
      return onSpan(term, `positionCaseInsensitiveUTF8(name, {${param}:String}) > 0`, {
        [param]: term.value,
      });
    case 'attribute':
      return onSpan(
        term,
        `mapContains(attributes, {${param}k:String}) AND ${toMatch(`attributes[{${param}k:String}]`, param, term, false)}`,
        { [`${param}k`]: term.key, [param]: toPattern(term, false) },
      );
    case 'number':
      return onTrace(term, `${toComparison(term.field, term.comparison, param)}`, {
        [param]: term.value,
      });
    case 'text':
      return toTextCondition(term, param);
    default:
      return term satisfies never;
  }
}

type TextTerm = Extract<FilterTerm, { type: 'text' }>;

/** Names that people choose are found in any case; identifiers are not folded. */
const textColumns: Readonly<
  Record<
    Exclude<TextField, 'status' | 'has' | 'content'>,
    { columns: readonly string[]; fold: boolean }
  >
> = {
  agent: { columns: ['agent_name'], fold: true },
  tool: { columns: ['tool_name'], fold: true },
  service: { columns: ['service_name'], fold: true },
  workflow: { columns: ['workflow_name'], fold: true },
  model: { columns: ['model_answered', 'model_requested'], fold: true },
  provider: { columns: ['provider'], fold: true },
  name: { columns: ['name'], fold: true },
  kind: { columns: ['kind'], fold: true },
  error: { columns: ['error_type'], fold: true },
  user: { columns: ['user_id'], fold: false },
  conversation: { columns: ['conversation_id'], fold: false },
  run: { columns: ['run_id'], fold: false },
};

function toTextCondition(term: TextTerm, param: string): TraceCondition {
  if (term.field === 'status') return toStatus(term, param);
  if (term.field === 'has') return toHas(term);
  if (term.field === 'content') return toContent(term, param);
  if (term.field === 'kind') assertKnown(term, spanKind.options);
  const { columns, fold } = textColumns[term.field];
  const matches = columns.map((column) => toMatch(column, param, term, fold));
  return onSpan(term, matches.join(' OR '), { [param]: toPattern(term, fold) });
}

const statuses = ['unset', 'ok', 'error'];

function toStatus(term: TextTerm, param: string): TraceCondition {
  assertKnown(term, statuses);
  return onTrace(term, `trace_status = {${param}:String}`, { [param]: term.value.toLowerCase() });
}

/** What a trace can have. Only these words reach the SQL, never the reader's own. */
const possessions: Readonly<Record<string, { on: 'span' | 'trace'; sql: string }>> = {
  error: { on: 'trace', sql: 'error_count > 0' },
  cost: { on: 'trace', sql: 'priced_calls > 0' },
  tokens: { on: 'trace', sql: 'total_tokens >= 0' },
  running: { on: 'trace', sql: 'running_count > 0' },
  root: { on: 'trace', sql: 'root_count > 0' },
  handoff: { on: 'span', sql: "kind = 'handoff' OR handoff_to != ''" },
  retry: { on: 'span', sql: 'attempt > 1' },
  loop: { on: 'span', sql: 'loop_iteration > 0' },
  tool: { on: 'span', sql: "kind = 'tool'" },
  link: { on: 'span', sql: 'notEmpty(link_trace_ids)' },
};

function toHas(term: TextTerm): TraceCondition {
  assertKnown(term, Object.keys(possessions));
  const { on, sql } = possessions[term.value.toLowerCase()] ?? { on: 'trace', sql: '1' };
  return on === 'span' ? onSpan(term, sql, {}) : onTrace(term, sql, {});
}

/** Words in a message or payload of the span. */
function toContent(term: TextTerm, param: string): TraceCondition {
  try {
    const { sql, params } = toSpansWithContent(term.value, param);
    return onSpan(term, sql, params);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FilterError('Write a word after content:, as in content:refund.', term.position);
  }
}

function assertKnown(term: TextTerm, words: readonly string[]): void {
  if (words.includes(term.value.toLowerCase())) return;
  throw new FilterError(`${term.field} is one of ${words.join(', ')}.`, term.position);
}

/** Sums are below zero when nothing was told: unknown is neither small nor large. */
const numberColumns: Readonly<Record<NumberField, { sql: string; type: string; known: string }>> = {
  cost: { sql: 'total_cost', type: 'Decimal(38, 12)', known: 'priced_calls > 0 AND ' },
  tokens: { sql: 'total_tokens', type: 'Int64', known: 'total_tokens >= 0 AND ' },
  duration: { sql: 'duration_ns', type: 'Int64', known: '' },
  spans: { sql: 'span_count', type: 'Int64', known: '' },
  errors: { sql: 'error_count', type: 'Int64', known: '' },
};

function toComparison(field: NumberField, comparison: string, param: string): string {
  const { sql, type, known } = numberColumns[field];
  return `${known}${sql} ${comparison} {${param}:${type}}`;
}

type Matched = { readonly value: string; readonly quoted: boolean };

/** `*` stands for any text, unless the value is in quotes. */
function toMatch(sql: string, param: string, term: Matched, fold: boolean): string {
  const subject = fold ? `lowerUTF8(${sql})` : sql;
  return `${subject} ${isPattern(term) ? 'LIKE' : '='} {${param}:String}`;
}

function toPattern(term: Matched, fold: boolean): string {
  const value = fold ? term.value.toLowerCase() : term.value;
  if (!isPattern(term)) return value;
  return value.replaceAll(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}

function isPattern(term: Matched): boolean {
  return !term.quoted && term.value.includes('*');
}

function onSpan(
  term: FilterTerm,
  sql: string,
  params: Readonly<Record<string, unknown>>,
): TraceCondition {
  return { on: 'span', none: term.negated, sql: { sql, params } };
}

function onTrace(
  term: FilterTerm,
  sql: string,
  params: Readonly<Record<string, unknown>>,
): TraceCondition {
  return { on: 'trace', sql: { sql: term.negated ? `NOT (${sql})` : sql, params } };
}
