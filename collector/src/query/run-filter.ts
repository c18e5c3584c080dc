/** The filter language over runs: the same words as over traces, with the fields of a run. */
import { findingKind, findingSeverity, runPattern, runStatus } from '../contract.ts';
import { withFailedAgent, withFailedTool } from '../store/failed-calls-sql.ts';
import type { SqlFragment } from '../store/store.ts';
import { FilterError, parseTerms, type FilterTerm } from './filter.ts';

export const runTextFields = [
  'workflow',
  'agent',
  'failed_agent',
  'model',
  'provider',
  'tool',
  'failed_tool',
  'service',
  'service_version',
  'status',
  'error',
  'finding',
  'severity',
  'pattern',
  'user',
  'conversation',
  'tag',
  'environment',
  'version',
  'run',
  'trace',
  'breaker',
  'queue',
] as const;
type TextField = (typeof runTextFields)[number];

export const runNumberFields = [
  'cost',
  'tokens',
  'duration',
  'spans',
  'errors',
  'findings',
  'retries',
  'handoffs',
] as const;
type NumberField = (typeof runNumberFields)[number];

type Term = FilterTerm<TextField, NumberField>;
type TextTerm = Extract<Term, { type: 'text' }>;

const fields = { text: runTextFields, number: runNumberFields, attributes: false } as const;

/**
 * Conditions on a row of `runs`, all of which must hold.
 * @param prefix of the names of parameters, where several filters meet in one query
 * @throws FilterError that says what to change, and where
 */
export function toRunConditions(text: string, prefix = 'f'): SqlFragment[] {
  return parseTerms(text, fields).map((term, at) => {
    const { sql, params } = toCondition(term, `${prefix}${at}`);
    return { sql: term.negated ? `NOT (${sql})` : `(${sql})`, params };
  });
}

function toCondition(term: Term, param: string): SqlFragment {
  if (term.type === 'words') {
    const found = (column: string): string =>
      `positionCaseInsensitiveUTF8(${column}, {${param}:String}) > 0`;
    return {
      sql: `${found('workflow')} OR ${found('root_name')}`,
      params: { [param]: term.value },
    };
  }
  if (term.type === 'text') return toTextCondition(term, param);
  if (term.type === 'number') {
    const { sql, type } = numberColumns[term.field];
    return {
      sql: `ifNull(${sql} ${term.comparison} {${param}:${type}}, 0)`,
      params: { [param]: term.value },
    };
  }
  throw new FilterError('Runs have no attributes: filter traces by them.', term.position);
}

type Column = {
  readonly sql: string;
  /** Around the test of a name, where a column alone cannot be tested: `one` is what stands for it. */
  readonly within?: (test: string) => string;
  readonly isArray?: true;
  /** Names that people choose are found in any case; identifiers are not folded. */
  readonly fold?: true;
  readonly words?: readonly string[];
};

const textColumns: Readonly<Record<TextField, Column>> = {
  workflow: { sql: 'workflow', fold: true },
  agent: { sql: 'agents', isArray: true, fold: true },
  failed_agent: { sql: 'one', within: withFailedAgent, fold: true },
  model: { sql: 'models', isArray: true, fold: true },
  provider: { sql: 'model_call_providers', isArray: true, fold: true },
  tool: { sql: 'tools', isArray: true, fold: true },
  failed_tool: { sql: 'one', within: withFailedTool, fold: true },
  service: { sql: 'services', isArray: true, fold: true },
  service_version: { sql: 'service_version' },
  status: { sql: 'toString(status)', words: runStatus.options },
  error: { sql: 'error_type', fold: true },
  finding: { sql: 'finding_kinds', isArray: true, words: findingKind.options },
  severity: { sql: 'finding_severities', isArray: true, words: findingSeverity.options },
  pattern: { sql: 'pattern', words: runPattern.options },
  user: { sql: 'user_id' },
  conversation: { sql: 'conversation_id' },
  tag: { sql: 'tags', isArray: true, fold: true },
  environment: { sql: 'environment', fold: true },
  version: { sql: "if(workflow_version != '', workflow_version, service_version)" },
  run: { sql: 'run_id' },
  trace: { sql: 'trace_ids', isArray: true },
  breaker: { sql: 'breaker_names', isArray: true, fold: true },
  queue: { sql: 'queue_names', isArray: true, fold: true },
};

/** What is not known is neither small nor large. */
const numberColumns: Readonly<Record<NumberField, { sql: string; type: string }>> = {
  cost: { sql: 'cost_usd', type: 'Decimal(38, 12)' },
  tokens: { sql: 'total_tokens', type: 'Int64' },
  duration: { sql: 'elapsed_ns', type: 'Int64' },
  spans: { sql: 'span_count', type: 'Int64' },
  errors: { sql: 'error_count', type: 'Int64' },
  findings: { sql: 'length(finding_kinds)', type: 'Int64' },
  retries: { sql: 'retry_count', type: 'Int64' },
  handoffs: { sql: 'length(handoff_tos)', type: 'Int64' },
};

function toTextCondition(term: TextTerm, param: string): SqlFragment {
  const { sql, isArray, within, fold, words } = textColumns[term.field];
  if (words !== undefined && !term.value.includes('*') && !words.includes(term.value)) {
    throw new FilterError(`${term.field} is one of ${words.join(', ')}.`, term.position);
  }
  if (isArray && term.value === '') return { sql: `empty(${sql}) OR has(${sql}, '')`, params: {} };
  const isPattern = !term.quoted && term.value.includes('*');
  const subject = isArray ? 'one' : sql;
  const folded = fold ? `lowerUTF8(${subject})` : subject;
  const test = `${folded} ${isPattern ? 'LIKE' : '='} {${param}:String}`;
  const around = within ?? (isArray ? toArrayTest(sql) : (alone: string) => alone);
  return {
    sql: around(test),
    params: { [param]: toValue(term, isPattern, fold === true) },
  };
}

function toArrayTest(column: string): (test: string) => string {
  return (test) => `arrayExists(one -> ${test}, ${column})`;
}

function toValue({ value }: TextTerm, isPattern: boolean, fold: boolean): string {
  const folded = fold ? value.toLowerCase() : value;
  return isPattern ? folded.replaceAll(/[\\%_]/g, String.raw`\$&`).replaceAll('*', '%') : folded;
}
