/** A request of ClickHouse's HTTP interface, taken apart: the statement, its parameters, and the rows that follow it. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { RefusedError } from './engine-errors.ts';
import { readBody, readBytes } from './spool.ts';
import { type Statement, readStatement, splitStatements } from './sql-text.ts';

export type EngineQuery = {
  readonly sql: string;
  readonly statement: Statement;
  /** Settings, `param_*`, `database` and what the transport uses, as sent. */
  readonly parameters: readonly (readonly [string, string])[];
  readonly defaultFormat: string;
  /** Rows after the inline ones; empty for statements that take none. */
  readonly rows: Readable;
};

export async function readRequest(
  request: IncomingMessage,
  search: URLSearchParams,
): Promise<EngineQuery> {
  if (request.headers['content-type']?.startsWith('multipart/form-data') === true) {
    return toQuery(await readForm(request, search), '', Readable.from([]));
  }
  const inUrl = search.get('query') ?? '';
  const body = readBody(request);
  if (inUrl !== '' && readStatement(inUrl).insert !== null) return toQuery(search, '', body);
  const text = (await readBytes(body)).toString();
  return toQuery(search, text, Readable.from([]));
}

/** Large parameters come as a form instead of in the URL. */
async function readForm(
  request: IncomingMessage,
  search: URLSearchParams,
): Promise<URLSearchParams> {
  const bytes = await readBytes(readBody(request));
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const all = new URLSearchParams(search);
  for (const [name, value] of form) {
    if (typeof value !== 'string') {
      throw new RefusedError(48, 'NOT_IMPLEMENTED', 'External tables are not supported');
    }
    all.append(name, value);
  }
  return all;
}

function toQuery(search: URLSearchParams, text: string, rows: Readable): EngineQuery {
  const sql = [search.get('query') ?? '', text].filter((part) => part !== '').join('\n');
  const statement = readStatement(sql);
  if (statement.verb === '') throw new RefusedError(62, 'SYNTAX_ERROR', 'Empty query');
  if (statement.insert === null && splitStatements(sql).length > 1) {
    throw new RefusedError(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed');
  }
  return {
    sql,
    statement,
    parameters: [...search],
    defaultFormat: search.get('default_format') ?? 'TabSeparated',
    rows,
  };
}
