/**
 * The one way readers ask the store. A table is named through `fromProject`, so that no query forgets whose rows it
 * may see; values travel as bound parameters; every query has a limit of time, memory and result.
 */
import { beginTurn } from '../turn.ts';
import { joinBytes, lengthOf, readNative, type NativeColumn } from './read-native.ts';
import type { Store } from './start-store.ts';
import type { SqlFragment } from './store.ts';

export type Reader = Pick<Store, 'client'> & {
  /** Whoever asked may leave: then the query is cancelled. */
  readonly signal?: AbortSignal;
};

export function toAbort({ signal }: Reader): { abort_signal?: AbortSignal } {
  return signal === undefined ? {} : { abort_signal: signal };
}

/** Follows FROM. Every query over a project's tables begins with this text, and a test looks for it. */
export function fromProject(
  table:
    | 'spans'
    | 'content'
    | 'trace_time'
    | 'logs'
    | 'metric_points'
    | 'runs'
    | 'runs FINAL'
    | 'cost_days'
    | 'cost_waste_days'
    | 'cost_user_days'
    | 'trace_runs'
    | 'trace_keys'
    | 'settings_log'
    | 'alert_log'
    | 'delivery_log',
): string {
  return `${table} WHERE project_id = {projectId:String}`;
}

const limits = {
  max_execution_time: 20,
  max_memory_usage: '2000000000',
  max_result_rows: '2000000',
  result_overflow_mode: 'throw',
} as const;

/** Rows as objects; 64-bit integers arrive as text. */
export async function readRows(
  reader: Reader,
  projectId: string,
  query: SqlFragment,
): Promise<Readonly<Record<string, unknown>>[]> {
  const answer = await reader.client.query({
    ...toAbort(reader),
    query: query.sql,
    query_params: { ...query.params, projectId },
    format: 'JSONEachRow',
    clickhouse_settings: { ...limits, output_format_json_quote_64bit_integers: 1 },
  });
  return answer.json();
}

/** Whole columns as arrays, in the order of the SELECT: a third of the text of rows, and far fewer objects. */
export async function readColumns(
  reader: Reader,
  projectId: string,
  query: SqlFragment,
): Promise<readonly unknown[][]> {
  // Numbers as numbers: what is selected here is relative, or does not matter beyond 2^53.
  const body = await readBody(reader, projectId, query, 'JSONCompactColumns');
  return JSON.parse(body.toString()) as unknown[][];
}

/** The same for long columns of few types, see `readNative`. */
export async function readNativeColumns(
  reader: Reader,
  projectId: string,
  query: SqlFragment,
  maxRows: string = limits.max_result_rows,
): Promise<NativeColumn[]> {
  return readNative(await readBody(reader, projectId, query, 'Native', maxRows), beginTurn(turnMs));
}

async function readBody(
  reader: Reader,
  projectId: string,
  query: SqlFragment,
  format: 'JSONCompactColumns' | 'Native',
  maxRows: string = limits.max_result_rows,
): Promise<Buffer> {
  const { stream } = await reader.client.exec({
    ...toAbort(reader),
    query: `${query.sql}\nFORMAT ${format}`,
    query_params: { ...query.params, projectId },
    clickhouse_settings: {
      ...limits,
      max_result_rows: maxRows,
      output_format_json_quote_64bit_integers: 0,
    },
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const body = Buffer.allocUnsafe(lengthOf(chunks));
  await joinBytes(chunks, body, beginTurn(turnMs));
  return body;
}

/** Half of what others may be kept waiting: what follows may begin in the same turn. */
const turnMs = 10;
