/** `orchescope remap`: asks a running server to map history again, and tells how it goes. */
import { parseArgs } from 'node:util';
import { apiError, remapLine, type RemapLine, type RemapRequest } from '../contract.ts';

export const remapUsage = `orchescope remap [--url http://127.0.0.1:4318] [--key ...] [--project ...] [--from ...] [--to ...] [--dry-run]
                         derives the columns of stored spans again from what their senders wrote`;

type RemapOptions = { readonly url: string; readonly key: string; readonly request: RemapRequest };

/** @returns the exit code: 0 when it is done, 1 when it is not, 2 when it cannot be read what is wanted */
export async function remapCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const options = readOptions(args, env);
  if (typeof options === 'string') {
    process.stderr.write(`orchescope remap: ${options}\n\n  ${remapUsage}\n`);
    return 2;
  }
  try {
    await followRemap(options);
    return 0;
  } catch (error) {
    if (!(error instanceof RemapError)) throw error;
    process.stderr.write(`orchescope remap: ${error.message}\n`);
    return 1;
  }
}

/** Its message is the whole story. */
class RemapError extends Error {
  override readonly name = 'RemapError';
}

/** A sentence when they cannot be read. */
function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): RemapOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:4318' },
        key: { type: 'string', default: env['ORCHESCOPE_ACCESS_KEY'] ?? '' },
        project: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const { url, key, project = null, from = null, to = null } = values;
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      return `--url must look like http://127.0.0.1:4318, not ${JSON.stringify(url)}.`;
    }
    return { url, key, request: { project, from, to, dryRun: values['dry-run'] } };
  } catch (error) {
    // What parseArgs has to say is a sentence already.
    return error instanceof Error ? error.message : String(error);
  }
}

async function followRemap(options: RemapOptions): Promise<void> {
  const response = await post(options);
  if (!response.ok) throw new RemapError(await readRefusal(response, options));
  let last: RemapLine | undefined;
  for await (const line of readLines(response, options)) {
    process.stdout.write(describeLine(line));
    last = line;
  }
  if (last?.type === 'error') throw new RemapError(last.message);
  if (last?.type !== 'summary') throw new RemapError(unfinished(options));
}

async function post({ url, key, request }: RemapOptions): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (key !== '') headers.set('authorization', `Bearer ${key}`);
  const body = JSON.stringify(request);
  try {
    return await fetch(new URL('/api/remap', url), { method: 'POST', headers, body });
  } catch (cause) {
    const message = `No server answers at ${url}. Start it with \`orchescope serve\`, or name its address with --url.`;
    throw new RemapError(message, { cause });
  }
}

async function readRefusal(response: Response, { url }: RemapOptions): Promise<string> {
  const parsed = apiError.safeParse(parseJson(await response.text()));
  if (parsed.success) return parsed.data.error.message;
  return `${url} answered ${response.status}, and not as Orchescope does. Name another address with --url.`;
}

function unfinished({ url }: RemapOptions): string {
  return `${url} stopped answering before it was done. Run it again: what is done stays done.`;
}

async function* readLines(response: Response, options: RemapOptions): AsyncGenerator<RemapLine> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield remapLine.parse(parseJson(line));
    }
  } catch (cause) {
    throw new RemapError(unfinished(options), { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not an answer of ours, which the schema says next.
    return null;
  }
}

function describeLine(line: RemapLine): string {
  if (line.type === 'summary') return describeSummary(line);
  if (line.type === 'error') return '';
  const { project, day, read, rows, changed, done } = line;
  const part = done ? `${read}` : `${read} of at most ${rows}`;
  return `  ${day}  ${project}  ${part} spans read, ${changed} changed\n`;
}

type Summary = Extract<RemapLine, { type: 'summary' }>;

function describeSummary({ read, changed, kept, columns, dialects, ...rest }: Summary): string {
  const { dryRun, mapperVersion } = rest;
  if (read === 0) return `Every span there is of mapping ${mapperVersion} already.\n`;
  const keptLines = kept.map(
    ({ reason, count }) => [keptReasons[reason] ?? reason, count] as const,
  );
  const sections = [
    table('Left as they were', keptLines),
    table(
      'Columns that differ',
      columns.map(({ column, count }) => [column, count]),
    ),
    table(
      'Dialects of the spans that differ',
      dialects.map(({ before, after, count }) => [
        before === after ? before : `${before} -> ${after}`,
        count,
      ]),
    ),
  ];
  const verb = dryRun ? 'would change, and nothing was written' : 'changed';
  return `${sections.join('')}${read} spans read, ${changed} ${verb}. The mapping is number ${mapperVersion}.\n`;
}

const keptReasons: Readonly<Record<string, string>> = {
  content_expired: 'their messages have expired, and are needed to tell',
  would_be_cut: 'they would be cut to a limit',
  not_taken_today: 'ingest would not take them today',
};

function table(title: string, rows: readonly (readonly [string, number])[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(([name, count]) => `  ${String(count).padStart(10)}  ${name}`);
  return `${[title, ...lines].join('\n')}\n\n`;
}
