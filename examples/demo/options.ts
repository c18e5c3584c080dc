import { parseArgs } from 'node:util';

export type DemoOptions = {
  readonly endpoint: string;
  readonly project: string;
  readonly accessKey: string;
  readonly seed: number;
  readonly traces: number;
  /** How long traces go on arriving after the day was sent; Infinity with --live. */
  readonly tailSeconds: number;
};

const usage = `Usage: npm run demo -- [options]

  --endpoint <url>   where the collector listens (http://127.0.0.1:4318)
  --project <id>     project to send to (default)
  --traces <n>       how many runs the day has (1500)
  --seed <n>         another number is another day (1)
  --tail <seconds>   how long more traces arrive afterwards (10)
  --live             go on sending until Ctrl-C

When the collector asks for a key, set ORCHESCOPE_ACCESS_KEY to it.`;

/** Prints the usage and exits when asked for it, or when an option cannot be understood. */
export function readOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        endpoint: { type: 'string', default: 'http://127.0.0.1:4318' },
        project: { type: 'string', default: 'default' },
        traces: { type: 'string', default: '1500' },
        seed: { type: 'string', default: '1' },
        tail: { type: 'string', default: '10' },
        live: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    return {
      endpoint: new URL(values.endpoint).origin,
      project: values.project,
      accessKey: process.env['ORCHESCOPE_ACCESS_KEY'] ?? '',
      traces: toCount('--traces', values.traces),
      seed: toCount('--seed', values.seed),
      tailSeconds: values.live ? Infinity : toCount('--tail', values.tail),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(1);
  }
}

function toCount(option: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new Error(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}
