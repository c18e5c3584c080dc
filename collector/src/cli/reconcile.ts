/** `orchescope reconcile`: sends a vendor's invoice to a running server, and prints how far costs are from it. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { apiError, reconciliation, type Reconciliation } from '../contract.ts';
import { findUrlProblem } from './follow-job.ts';

export const reconcileUsage = `orchescope reconcile file.csv [--provider openai] [--preset openai|anthropic|focus|aws-cur|generic] [--project ...]
                         [--date-column ...] [--model-column ...] [--cost-column ...] [--currency-column ...]
                         [--currency EUR --rate 1.08] [--dates dmy|mdy] [--decimal point|comma] [--store] [--json]
                         compares an invoice with what calls cost, by day and model`;

type Options = {
  readonly file: string;
  readonly url: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly json: boolean;
};

/** Its message is the whole story. */
class ReconcileError extends Error {
  override readonly name = 'ReconcileError';
}

/** @returns the exit code: 0 when they agree, 1 when they do not or it cannot be told, 2 when it cannot be read what is wanted */
export async function reconcileCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const options = readOptions(args, env);
  if (typeof options === 'string') {
    process.stderr.write(`orchescope reconcile: ${options}\n\n  ${reconcileUsage}\n`);
    return 2;
  }
  try {
    const result = await ask(options);
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : describe(result));
    return result.withinTolerance ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ReconcileError)) throw error;
    process.stderr.write(`orchescope reconcile: ${error.message}\n`);
    return 1;
  }
}

const text = { type: 'string' } as const;

/** A sentence when they cannot be read. */
function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { ...text, default: 'http://127.0.0.1:4318' },
        key: { ...text, default: env['ORCHESCOPE_ACCESS_KEY'] ?? '' },
        project: text,
        provider: text,
        preset: text,
        'date-column': text,
        'model-column': text,
        'cost-column': text,
        'currency-column': text,
        currency: text,
        rate: text,
        dates: text,
        decimal: text,
        store: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { url, key, json, ...asked } = values;
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return 'Name one file.';
    return findUrlProblem(url) ?? { file, url, key, json, query: toQuery(asked) };
  } catch (error) {
    // What parseArgs has to say is a sentence already.
    return error instanceof Error ? error.message : String(error);
  }
}

/** `--date-column` is `dateColumn` of the API. */
function toQuery(asked: Readonly<Record<string, string | boolean | undefined>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined) continue;
    query.set(name.replace('-column', 'Column'), String(value));
  }
  return query;
}

async function ask({ file, url, key, query }: Options): Promise<Reconciliation> {
  const body = await readFile(file).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ReconcileError(`${file} cannot be read: ${why}.`, { cause });
  });
  const headers = new Headers({ 'content-type': 'text/csv' });
  if (key !== '') headers.set('authorization', `Bearer ${key}`);
  const target = new URL(`/api/cost/reconcile?${query}`, url);
  const response = await fetch(target, { method: 'POST', headers, body }).catch(
    (cause: unknown) => {
      throw new ReconcileError(
        `No server answers at ${url}. Start it with \`orchescope serve\`, or name its address with --url.`,
        { cause },
      );
    },
  );
  const answer = parseJson(await response.text());
  const result = reconciliation.safeParse(answer);
  if (response.ok && result.success) return result.data;
  const failure = apiError.safeParse(answer);
  if (failure.success) throw new ReconcileError(failure.data.error.message);
  throw new ReconcileError(`${url} answered ${response.status}, and not as Orchescope does.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not an answer of ours, which the schema says next.
    return null;
  }
}

const columns = ['day', 'model', 'invoiced', 'computed', 'delta', 'share', 'priced'] as const;
type Cells = readonly string[];

function describe(result: Reconciliation): string {
  const { provider, from, to, currency, rows, total, lines, problems } = result;
  const cells: Cells[] = [
    columns,
    ...rows.map((row) => toCells(row.day, row.model, row)),
    toCells('total', '', total),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const table = cells.map((row) =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  const whose = provider === '' ? 'all providers' : provider;
  const unit = currency === 'USD' ? 'USD' : `USD, invoiced in ${currency}`;
  const broken = problems.map(({ line, problem }) => `  line ${line}: ${problem}`);
  const left = lines.broken - problems.length;
  return `${[
    `${whose}, ${from} to ${to}, ${unit}`,
    '',
    ...table.map((line) => `  ${line.trimEnd()}`),
    '',
    result.withinTolerance
      ? `They agree: the difference is no more than ${result.tolerance * 100} % of what was invoiced.`
      : `They differ by more than ${result.tolerance * 100} % of what was invoiced.`,
    `${lines.read} lines read, ${lines.empty} without an amount, ${lines.broken} that cannot be read${broken.length > 0 ? ':' : '.'}`,
    ...broken,
    ...(left > 0 ? [`  and ${left} more`] : []),
  ].join('\n')}\n`;
}

function toCells(day: string, model: string, row: Reconciliation['total']): Cells {
  const { invoicedUsd, computedUsd, deltaUsd, share, calls, pricedCalls } = row;
  return [
    day,
    model,
    toMoney(invoicedUsd),
    toMoney(computedUsd),
    toMoney(deltaUsd),
    share === null ? '' : `${(share * 100).toFixed(1)} %`,
    `${pricedCalls}/${calls}`,
  ];
}

/** To the hundredth of a cent; nothing is added up here. */
function toMoney(usd: string): string {
  return Number(usd).toFixed(4);
}
