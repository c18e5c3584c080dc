/** Runs one statement on a Session of its own and hands the result to the answer, in pieces where the format allows it. */
import type { ChdbResult, Session } from 'chdb';
import type { Answer } from './answer.ts';
import type { EngineQuery } from './read-request.ts';
import type { LaneName, SessionPool } from './session-pool.ts';
import type { Spool } from './spool.ts';
import type { DataInsert } from './sql-text.ts';
import { quoteLiteral, toPreparation } from './statements.ts';

export type StatementRun = {
  readonly query: EngineQuery;
  readonly sessions: SessionPool;
  readonly spool: Spool;
  readonly answer: Answer;
  readonly signal: AbortSignal;
};

const readVerbs = new Set([
  'SELECT',
  'WITH',
  '(',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXPLAIN',
  'EXISTS',
  'CHECK',
]);
const controlVerbs = new Set(['KILL', 'SYSTEM', 'SET', 'USE']);
const streamedVerbs = new Set(['SELECT', 'WITH', '(']);

/** Formats whose pieces, each a whole document to the engine, make one document when put one after the other. */
const streamedFormats = new Set([
  'JSONEachRow',
  'JSONStringsEachRow',
  'JSONCompactEachRow',
  'JSONCompactStringsEachRow',
  'TabSeparated',
  'TSV',
  'TabSeparatedRaw',
  'TSVRaw',
  'CSV',
  'Native',
  'RowBinary',
]);

export async function runStatement(run: StatementRun): Promise<void> {
  const { insert, verb, format: ownFormat } = run.query.statement;
  if (insert !== null) return runInsert(run, insert);
  const prepare = toPreparation(run.query.parameters);
  const format = ownFormat === '' ? run.query.defaultFormat : ownFormat;
  const streamed = streamedVerbs.has(verb) && streamedFormats.has(format);
  await run.sessions.run(
    { lane: toLane(verb), prepare, signal: run.signal },
    async (session, mark) => {
      const text = mark + run.query.sql;
      if (streamed) await sendStream(session, text, format, run.answer);
      else {
        const result = await session.queryAsync(text, { format });
        await run.answer.send(result.bytes(), toReadSummary(result));
      }
    },
  );
}

function toLane(verb: string): LaneName {
  if (readVerbs.has(verb)) return 'read';
  return controlVerbs.has(verb) ? 'control' : 'write';
}

async function sendStream(
  session: Session,
  text: string,
  format: string,
  answer: Answer,
): Promise<void> {
  // The answer begins with the first piece: until then a failure still has a status of its own.
  for await (const piece of session.queryStream(text, { format })) await answer.write(piece.raw());
  await answer.end();
}

async function runInsert(
  { query, sessions, spool, answer, signal }: StatementRun,
  insert: DataInsert,
): Promise<void> {
  const prepare = toPreparation(keepEqualBatches(query.parameters, insert));
  await spool.withFile(
    { prefix: insert.inline, body: query.rows, signal },
    async ({ name, bytes }) => {
      const sql = `${insert.into} FROM INFILE ${quoteLiteral(name)} ${insert.settings} FORMAT ${insert.format}`;
      const result = await sessions.run({ lane: 'write', prepare, signal }, (session, mark) =>
        session.queryAsync(mark + sql, { format: 'Null' }),
      );
      await answer.send(new Uint8Array(), {
        written_rows: String(result.rowsRead),
        written_bytes: String(bytes),
        elapsed_ns: toNanoseconds(result),
      });
    },
  );
}

/**
 * On a table with a deduplication window two equal batches count as one, token or not, and the second one's rows are
 * gone although both were answered. Only a token says that a batch is the same one again.
 */
function keepEqualBatches(
  parameters: EngineQuery['parameters'],
  { settings }: DataInsert,
): EngineQuery['parameters'] {
  const names = [settings, ...parameters.map(([name]) => name)].join(' ');
  return /deduplicat/i.test(names)
    ? parameters
    : [...parameters, ['deduplicate_insert', 'disable']];
}

function toReadSummary(result: ChdbResult): Record<string, string> {
  return {
    read_rows: String(result.rowsRead),
    read_bytes: String(result.bytesRead),
    elapsed_ns: toNanoseconds(result),
  };
}

const toNanoseconds = (result: ChdbResult): string => String(Math.round(result.elapsed * 1e9));
