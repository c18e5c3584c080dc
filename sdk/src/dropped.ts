import { diag } from '@opentelemetry/api';
import { safely } from './safely.ts';
import { env } from './settings.ts';

const key: unique symbol = Symbol.for('orchescope.sdk.dropped') as never;

const holder = (): { [key]?: number } => globalThis as { [key]?: number };

/** Spans that ended and never arrived, in this process. */
export const droppedSpans = (): number => holder()[key] ?? 0;

/** Counted always, told once: a receiver that is away for the night would fill the log of the program. */
export const countDropped = (spans: number, why: string): void => {
  const first = droppedSpans() === 0;
  holder()[key] = droppedSpans() + spans;
  if (first) safely('telling of dropped spans', () => tell(spans, why));
};

const tell = (spans: number, why: string): void => {
  const message = `${spans} spans were not delivered (${why.slice(0, 200)}). Later ones are only counted.`;
  diag.warn(`orchescope: ${message}`);
  if (env('ORCHESCOPE_LOG') !== 'off') process.stderr.write(`orchescope: ${message}\n`);
};
