import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { startCollector } from '../examples/collector-process.ts';
import { postTraces } from '../examples/demo/post.ts';
import { untilStored } from '../examples/until-stored.ts';
import { framesOf } from './dashboard/frames.ts';
import { openPage } from './dashboard/open-page.ts';
import { printFigure, type Figure } from './dashboard/print-figure.ts';
import { createShape } from './shapes/index.ts';

/**
 * How the dashboard feels with a trace of 100,000 spans. Starts a collector of its own, which must find the built
 * dashboard, and leaves nothing behind: `node bench/dashboard.ts [--runs 5]`. Every run is a new browser profile.
 */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);
const project = 'default';
const lateMs = 20;
const judgedPollMs = 100;
const judgedPatienceMs = 60_000;

const figures = new Map<string, Figure>();
const collector = await startCollector();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
});
try {
  const traceId = await send(collector.endpoint);
  // The first request after a start also warms the collector; a person's is seldom that one.
  await readSkeleton(traceId);
  for (let run = 0; run < runs; run += 1) {
    add('skeleton, asked for by itself', 'ms', await readSkeleton(traceId));
    await measureList();
    await measureTrace(traceId);
  }
} finally {
  await browser.close();
  await collector.stop();
}
console.log(`median (lowest to highest) of ${runs} runs; node bench/dashboard.ts`);
console.log(`load average of the last minute at the end: ${(loadavg()[0] ?? 0).toFixed(1)}`);
for (const [what, figure] of figures) printFigure(what, figure);

async function send(endpoint: string): Promise<string> {
  const shape = createShape('agents-100k', { seed: 7, endUnixMs: Date.now() });
  for (const request of shape.requests) {
    await postTraces({ endpoint, project, accessKey: '' }, request);
  }
  await untilStored(endpoint);
  await untilJudged(shape.traceId);
  return shape.traceId;
}

/** The list is one of runs, which come a moment after their spans. */
async function untilJudged(traceId: string): Promise<void> {
  const url = `${collector.endpoint}/api/traces/${traceId}/runs?project=${project}`;
  const startedMs = performance.now();
  for (;;) {
    const { runs: judged } = (await (await fetch(url)).json()) as { readonly runs: unknown[] };
    if (judged.length > 0) return;
    if (performance.now() - startedMs > judgedPatienceMs) {
      throw new Error(`wait for a run of ${traceId}: none after ${judgedPatienceMs} ms`);
    }
    await sleep(judgedPollMs);
  }
}

/** Milliseconds to the last byte. */
async function readSkeleton(traceId: string): Promise<number> {
  const startedMs = performance.now();
  const url = `${collector.endpoint}/api/traces/${traceId}/skeleton?project=${project}`;
  const response = await fetch(url);
  const body = await response.text();
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${body}`);
  return performance.now() - startedMs;
}

async function measureList(): Promise<void> {
  const opened = await openPage(browser, `${collector.endpoint}/runs`, '[role=table] [role=cell]');
  add('list: first paint', 'ms', opened.firstPaintMs);
  add('list: JavaScript before it, gzip', 'kB', opened.paintScriptKb);
  add('list: rows on screen', 'ms', opened.readyMs);
  await opened.close();
}

async function measureTrace(traceId: string): Promise<void> {
  const url = `${collector.endpoint}/traces/${traceId}?project=${project}`;
  const opened = await openPage(browser, url, '[role=treegrid] [role=row]');
  add('trace: first paint', 'ms', opened.firstPaintMs);
  add('trace: JavaScript before it, gzip', 'kB', opened.paintScriptKb);
  add('trace: JavaScript in all, gzip', 'kB', opened.scriptKb);
  add('trace: rows on screen', 'ms', opened.readyMs);
  add('trace: longest task of the main thread', 'ms', opened.longestTaskMs);
  add('trace: elements in the page', '', opened.elements);
  for (const [what, count] of [
    ['scroll', 240],
    ['jump', 120],
    ['zoom', 60],
  ] as const) {
    const { p95Ms, late } = await framesOf(opened.page, what, count, lateMs);
    add(`${what}: 95 % of ${count} frames within`, 'ms', p95Ms);
    add(`${what}: frames later than ${lateMs} ms`, '', late);
  }
  await opened.close();
}

function add(what: string, unit: string, value: number): void {
  const figure = figures.get(what) ?? { unit, values: [] };
  figure.values.push(value);
  figures.set(what, figure);
}
