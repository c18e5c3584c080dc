/** How caller's values become SQL: names are checked, values are quoted, and nothing else is ever pasted into a statement. */

/** ClickHouse reads backslash escapes inside quotes, so the backslash is what must be escaped first. */
export function quoteLiteral(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0');
  return `'${escaped}'`;
}

export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** Parameters of ClickHouse's HTTP interface that are no settings, or have no meaning with one engine and one user. */
const transportParameters = new Set([
  'query',
  'database',
  'query_id',
  'default_format',
  'user',
  'password',
  'role',
  'session_id',
  'session_check',
  'session_timeout',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_response_buffer_size',
  'http_headers_progress_interval_ms',
  'send_progress_in_http_headers',
  'cancel_http_readonly_queries_on_client_close',
  'stacktrace',
  'close_session',
]);

const settingName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

export class BadSettingNameError extends Error {
  override readonly name = 'BadSettingNameError';
}

/**
 * Statements that prepare one Session: the database, the settings and the `{name:Type}` parameters of one request.
 * The Session is thrown away after the request, so nothing has to be set back.
 */
export function toPreparation(parameters: Iterable<readonly [string, string]>): string[] {
  const assignments: string[] = [];
  const statements: string[] = [];
  for (const [name, value] of parameters) {
    if (name === 'database' && value !== '') statements.push(`USE ${quoteIdentifier(value)}`);
    if (transportParameters.has(name)) continue;
    if (!settingName.test(name))
      throw new BadSettingNameError(`Setting name ${JSON.stringify(name)} is not a plain word`);
    assignments.push(`${name} = ${quoteLiteral(value)}`);
  }
  if (assignments.length > 0) statements.push(`SET ${assignments.join(', ')}`);
  return statements;
}
