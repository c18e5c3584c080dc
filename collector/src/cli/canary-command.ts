/** `orchescope canary`: does what is sent to a running server come back? For a cron job, or a look after an upgrade. */
import { parseArgs } from 'node:util';
import { runCanary, type CanaryOptions, type CanaryReport } from './canary/run-canary.ts';

export const canaryUsage = `orchescope canary [--url http://127.0.0.1:4318] [--key ...] [--traces 10] [--timeout 30] [--json]
                         sends known traces to a running server and reads them back`;

/** A page of the trace list must hold them all. */
const maxTraces = 200;

/** @returns the exit code: 0 when everything came back, 1 when something is missing, 2 when it cannot be read what is wanted */
export async function canaryCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const parsed = readOptions(args, env);
  if (typeof parsed === 'string') {
    process.stderr.write(`orchescope canary: ${parsed}\n\n  ${canaryUsage}\n`);
    return 2;
  }
  const report = await runCanary(parsed);
  process.stdout.write(parsed.json ? `${JSON.stringify(report)}\n` : describe(report));
  return report.ok ? 0 : 1;
}

/** A sentence when they cannot be read. */
function readOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): (CanaryOptions & { readonly json: boolean }) | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:4318' },
        key: { type: 'string', default: env['ORCHESCOPE_ACCESS_KEY'] ?? '' },
        traces: { type: 'string', default: '10' },
        timeout: { type: 'string', default: '30' },
        json: { type: 'boolean', default: false },
      },
    });
    const { url, key, json } = values;
    const [traces, timeout] = [Number(values.traces), Number(values.timeout)];
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      return `--url must look like http://127.0.0.1:4318, not ${JSON.stringify(url)}.`;
    }
    if (!Number.isInteger(traces) || traces < 1 || traces > maxTraces) {
      return `--traces must be a whole number from 1 to ${maxTraces}.`;
    }
    if (!(timeout > 0 && timeout <= 3_600)) return '--timeout must be seconds, at most 3600.';
    return { url, key, traces, timeoutMs: timeout * 1000, json };
  } catch (error) {
    // What parseArgs has to say is a sentence already.
    return error instanceof Error ? error.message : String(error);
  }
}

function describe({ ok, url, project, runId, traces, spans, steps }: CanaryReport): string {
  const lines = steps.map(({ name, outcome, ms, problem }) => {
    const time = outcome === 'not tried' ? '' : `${ms} ms`;
    return `  ${name.padEnd(18)} ${time.padStart(9)}  ${outcome}${problem === '' ? '' : `: ${problem}`}`;
  });
  const head = `canary ${runId}: ${traces} traces, ${spans} spans to ${url}, project ${project}`;
  const verdict = ok
    ? 'Everything that was sent can be read.'
    : 'Something that was sent cannot be read: see above, and the log of the server.';
  return `${[head, ...lines, verdict].join('\n')}\n`;
}
