/** Sends known traces to a running server and reads them back in every way a reader would. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { spanDetail, traceList, traceSkeleton } from '../../contract.ts';
import { version } from '../../version.ts';
import { CanaryProblem, createCanaryClient, type CanaryClient } from './canary-client.ts';
import { encodeTraces } from './encode-traces.ts';
import {
  canaryProject,
  canaryService,
  makeTraces,
  runAttribute,
  type CanaryTrace,
} from './make-traces.ts';

export type CanaryOptions = {
  readonly url: string;
  /** Empty = none. */
  readonly key: string;
  readonly traces: number;
  readonly timeoutMs: number;
};

export type CanaryStep = {
  readonly name:
    | 'send'
    | 'read by id'
    | 'read content'
    | 'find by attribute'
    | 'search content'
    | 'add up';
  readonly outcome: 'ok' | 'failed' | 'not tried';
  readonly ms: number;
  /** What was missing, in a sentence; empty when nothing was. */
  readonly problem: string;
};

export type CanaryReport = {
  readonly ok: boolean;
  readonly url: string;
  readonly project: string;
  readonly runId: string;
  readonly traces: number;
  readonly spans: number;
  readonly steps: readonly CanaryStep[];
};

/** What is not there yet is asked for again after so long. */
const pauseMs = 100;
const atOnce = 4;

type Check = { readonly name: CanaryStep['name']; readonly run: () => Promise<string> };

export async function runCanary(options: CanaryOptions): Promise<CanaryReport> {
  const runId = randomBytes(8).toString('hex');
  const traces = makeTraces(runId, options.traces, Date.now());
  const spans = traces.flatMap((trace) => trace.spans);
  const signal = AbortSignal.timeout(options.timeoutMs);
  const client = createCanaryClient(options.url, options.key, signal);
  const sent = await time('send', () => send(client, traces), signal);
  const isTaken = sent.outcome === 'ok';
  const checks: readonly Check[] = [
    { name: 'read by id', run: readById(client, traces) },
    { name: 'read content', run: readContent(client, traces) },
    { name: 'find by attribute', run: () => find(client, traces, runId) },
    ...(isTaken ? await searchCheck(client, traces) : []),
    { name: 'add up', run: () => addUp(client, traces, runId) },
  ];
  const steps = [sent];
  for (const { name, run } of checks) {
    // What was not taken cannot be read, and there may be no time left to look.
    const isLost = !isTaken || signal.aborted;
    steps.push(
      isLost ? { name, outcome: 'not tried', ms: 0, problem: '' } : await time(name, run, signal),
    );
  }
  return {
    ok: steps.every(({ outcome }) => outcome === 'ok'),
    url: options.url,
    project: canaryProject,
    runId,
    traces: traces.length,
    spans: spans.length,
    steps,
  };
}

/** Repeats until nothing is missing, or the time is over. */
async function time(
  name: CanaryStep['name'],
  run: () => Promise<string>,
  signal: AbortSignal,
): Promise<CanaryStep> {
  const startedMs = performance.now();
  const since = (): number => Math.round(performance.now() - startedMs);
  let problem = '';
  try {
    for (;;) {
      problem = await run();
      if (problem === '') return { name, outcome: 'ok', ms: since(), problem };
      await sleep(pauseMs, undefined, { signal });
    }
  } catch (error) {
    if (error instanceof CanaryProblem && problem === '') problem = error.message;
    else if (!(error instanceof CanaryProblem) && !signal.aborted) throw error;
    return { name, outcome: 'failed', ms: since(), problem };
  }
}

async function send(client: CanaryClient, traces: readonly CanaryTrace[]): Promise<string> {
  const resource = {
    'service.name': canaryService,
    'telemetry.sdk.name': 'orchescope-canary',
    'telemetry.sdk.version': version,
  };
  const spans = traces.flatMap((trace) => trace.spans);
  const body = encodeTraces(resource, { name: 'orchescope-canary', version }, spans);
  await client.send(body, canaryProject);
  return '';
}

/** Nothing to say when nothing is missing. */
function describe(missing: number, what: string): string {
  return missing === 0 ? '' : `${missing} ${what}`;
}

const project = { project: canaryProject };

function readById(client: CanaryClient, traces: readonly CanaryTrace[]): () => Promise<string> {
  const countMissing = chase(traces, async ({ traceId, spans, ...expected }) => {
    const found = await client.read(`/api/traces/${traceId}/skeleton`, project, traceSkeleton);
    const { totals } = found ?? {};
    return (
      totals?.spans === spans.length &&
      totals.inputTokens === expected.inputTokens &&
      totals.outputTokens === expected.outputTokens
    );
  });
  return async () =>
    describe(await countMissing(), `of ${traces.length} traces are not there whole`);
}

function readContent(client: CanaryClient, traces: readonly CanaryTrace[]): () => Promise<string> {
  const countMissing = chase(traces, async ({ traceId, callSpanId, word, inputTokens }) => {
    const path = `/api/traces/${traceId}/spans/${callSpanId}`;
    const found = await client.read(path, project, spanDetail);
    return (
      found?.usage.inputTokens === inputTokens && JSON.stringify(found.inputMessages).includes(word)
    );
  });
  return async () =>
    describe(await countMissing(), `of ${traces.length} model calls lack their messages`);
}

async function find(
  client: CanaryClient,
  traces: readonly CanaryTrace[],
  runId: string,
): Promise<string> {
  const list = await listTraces(client, runId, traces.length);
  const found = new Set(list?.map(({ traceId }) => traceId));
  const missing = traces.filter(({ traceId }) => !found.has(traceId)).length;
  return describe(missing, `of ${traces.length} traces are not found by an attribute`);
}

async function addUp(
  client: CanaryClient,
  traces: readonly CanaryTrace[],
  runId: string,
): Promise<string> {
  const list = (await listTraces(client, runId, traces.length)) ?? [];
  const totals = {
    spans: sum(list, ({ spanCount }) => spanCount),
    'input tokens': sum(list, ({ inputTokens }) => inputTokens ?? 0),
    'output tokens': sum(list, ({ outputTokens }) => outputTokens ?? 0),
  };
  const expected = {
    spans: sum(traces, ({ spans }) => spans.length),
    'input tokens': sum(traces, ({ inputTokens }) => inputTokens),
    'output tokens': sum(traces, ({ outputTokens }) => outputTokens),
  };
  const wrong = (Object.keys(expected) as (keyof typeof expected)[])
    .filter((name) => totals[name] !== expected[name])
    .map((name) => `${totals[name]} ${name} instead of ${expected[name]}`);
  return wrong.length === 0 ? '' : `the totals are wrong: ${wrong.join(', ')}`;
}

async function listTraces(client: CanaryClient, runId: string, count: number) {
  const q = `attributes.${runAttribute}:${runId}`;
  const query = { ...project, from: 'now-1h', q, limit: String(count) };
  return (await client.read('/api/traces', query, traceList))?.traces;
}

/** Only where the server can search in content: its API document tells. */
async function searchCheck(client: CanaryClient, traces: readonly CanaryTrace[]): Promise<Check[]> {
  const shape = z.object({ paths: z.record(z.string(), z.unknown()) });
  const document = await client.read('/api/openapi.json', {}, shape).catch(() => null);
  if (document?.paths['/search'] === undefined) return [];
  const countMissing = chase(traces, async ({ traceId, word }) => {
    const answer = await client.read('/api/search', { ...project, q: word }, z.unknown());
    return JSON.stringify(answer ?? null).includes(traceId);
  });
  const run = async (): Promise<string> =>
    describe(await countMissing(), `of ${traces.length} messages are not found by their words`);
  return [{ name: 'search content', run }];
}

/** Looks for what was not there the last time, a few at a time: a canary is no load. Returns how many are missing. */
function chase(
  traces: readonly CanaryTrace[],
  isThere: (trace: CanaryTrace) => Promise<boolean>,
): () => Promise<number> {
  let missing = traces;
  return async () => {
    const still: CanaryTrace[] = [];
    for (let at = 0; at < missing.length; at += atOnce) {
      const few = missing.slice(at, at + atOnce);
      const seen = await Promise.all(few.map(isThere));
      still.push(...few.filter((_, place) => seen[place] !== true));
    }
    missing = still;
    return missing.length;
  };
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
