import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { CorpusName } from './corpus.ts';

export type LoadOptions = {
  readonly url: string;
  /** Part of the names of the projects it sends for. */
  readonly name: string;
  readonly corpus: CorpusName;
  readonly connections: number;
  /** Different bodies. */
  readonly bodies: number;
  readonly isGzip: boolean;
  /** Infinity = each connection sends as soon as it is answered. */
  readonly spansPerSecond: number;
};

export type LoadReport = {
  /** Acknowledged. */
  readonly spans: number;
  /** How often each status was answered. */
  readonly answers: Readonly<Record<number, number>>;
  /** Of what was acknowledged, the last attempt alone. */
  readonly ackMs: { readonly p50: number; readonly p99: number; readonly max: number };
};

export type Load = {
  readonly start: () => void;
  /** What happened since it was asked last. */
  readonly read: () => Promise<LoadReport>;
  /** Resolves when the last request was answered; what happened since it was asked last. */
  readonly stop: () => Promise<LoadReport>;
  readonly close: () => void;
};

/** Resolves when its bodies are made. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const child = fork(new URL('load.ts', import.meta.url).pathname, {
    serialization: 'advanced',
    execArgv: [],
  });
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.once('exit', (code) => {
      if (code !== 0 && code !== null) reject(new Error(`the sender ended with ${code}`));
    });
  });
  // Told to whoever asks next.
  failed.catch(() => undefined);
  const ask = async (order: 'read' | 'stop'): Promise<LoadReport> => {
    child.send(order);
    const [report] = (await Promise.race([once(child, 'message'), failed])) as [LoadReport];
    return report;
  };
  child.send(options);
  await Promise.race([once(child, 'message'), failed]);
  return {
    start: () => child.send('start'),
    read: () => ask('read'),
    stop: () => ask('stop'),
    close: () => child.disconnect(),
  };
}
