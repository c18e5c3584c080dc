/// <reference lib="dom" />
import { gzipSync } from 'node:zlib';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { postTraces } from '../examples/demo/post.ts';
import { percentile } from './percentile.ts';
import { createShape } from './shapes/index.ts';

/**
 * How the trace page feels with 100,000 spans, from a running collector that serves the built dashboard:
 * `node bench/dashboard.ts [endpoint] [--runs 5]`. Every run is a new browser profile; medians are printed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    trace: { type: 'string', default: '' },
    project: { type: 'string', default: 'bench-dashboard' },
  },
});
const [endpoint = 'http://127.0.0.1:4318'] = positionals;
const { project } = values;
const accessKey = process.env['ORCHESCOPE_ACCESS_KEY'] ?? '';
const lateMs = 20;

type Frames = { readonly p95Ms: number; readonly late: number };
type Run = {
  readonly firstPaintMs: number;
  /** Scripts that were there before the first paint, and before the first rows. */
  readonly paintScriptKb: number;
  readonly scriptKb: number;
  readonly rowsMs: number;
  readonly longestTaskMs: number;
  readonly elements: number;
  readonly scroll: Frames;
  readonly jump: Frames;
  readonly zoom: Frames;
};

const traceId = values.trace === '' ? await send() : values.trace;
const url = `${endpoint}/traces/${traceId}?project=${project}`;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
});
const runs: Run[] = [];
for (let run = 0; run < Number(values.runs); run += 1) runs.push(await measure(browser));
await browser.close();
report(runs);

async function send(): Promise<string> {
  const shape = createShape('agents-100k', { seed: 7, endUnixMs: Date.now() });
  for (const request of shape.requests) {
    await postTraces({ endpoint, project, accessKey }, request);
  }
  return shape.traceId;
}

async function measure(from: Browser): Promise<Run> {
  const context = await from.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const scriptBytes = new Map<string, number>();
  let isPainted = false;
  const sizes: Promise<void>[] = [];
  page.on('response', (response) => {
    if (isPainted || !new URL(response.url()).pathname.endsWith('.js')) return;
    sizes.push(
      response.body().then((body) => void scriptBytes.set(response.url(), gzipSync(body).length)),
    );
  });
  await page.addInitScript(watchPage);
  await page.goto(url);
  await page.waitForFunction(() => (globalThis as { rowsMs?: number | null }).rowsMs ?? false);
  isPainted = true;
  await Promise.all(sizes);
  const { early, ...seen } = await page.evaluate(readPage);
  const bytesOf = (urls: Iterable<string>): number =>
    [...urls].reduce((sum, script) => sum + (scriptBytes.get(script) ?? 0), 0);
  const result: Run = {
    ...seen,
    paintScriptKb: bytesOf(early) / 1000,
    scriptKb: bytesOf(scriptBytes.keys()) / 1000,
    scroll: await frames(page, 240, 'scroll'),
    jump: await frames(page, 120, 'jump'),
    zoom: await frames(page, 60, 'zoom'),
  };
  await context.close();
  return result;
}

/** In the page: when rows were first painted, and tasks that held the main thread. */
function watchPage(): void {
  const page = globalThis as unknown as { rowsMs: number | null; longestTaskMs: number };
  page.rowsMs = null;
  page.longestTaskMs = 0;
  // The types Node gives this global do not know long tasks.
  const longTasks = { type: 'longtask', buffered: true };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      page.longestTaskMs = Math.max(page.longestTaskMs, duration);
    }
  }).observe(longTasks as never);
  const look = (): void => {
    if (document.querySelector('[role=treegrid] [role=row]') === null) requestAnimationFrame(look);
    // The frame after the one that has the rows: by then they are on the screen.
    else requestAnimationFrame(() => (page.rowsMs = performance.now()));
  };
  requestAnimationFrame(look);
}

type Seen = Pick<Run, 'firstPaintMs' | 'rowsMs' | 'longestTaskMs' | 'elements'> & {
  readonly early: readonly string[];
};

function readPage(): Seen {
  const page = globalThis as unknown as { rowsMs: number; longestTaskMs: number };
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const paintMs = paint?.startTime ?? Number.NaN;
  const early = performance
    .getEntriesByType('resource')
    .filter((entry) => entry.startTime + entry.duration <= paintMs)
    .map(({ name }) => name);
  return {
    early,
    firstPaintMs: paintMs,
    rowsMs: page.rowsMs,
    longestTaskMs: page.longestTaskMs,
    elements: document.querySelectorAll('*').length,
  };
}

async function frames(
  page: Page,
  count: number,
  what: 'scroll' | 'jump' | 'zoom',
): Promise<Frames> {
  const gaps = await page.evaluate(runFrames, { count, what });
  return { p95Ms: percentile(gaps, 0.95), late: gaps.filter((gap) => gap > lateMs).length };
}

/** In the page: one step a frame; answers the time between frames. */
async function runFrames({ count, what }: { count: number; what: string }): Promise<number[]> {
  const grid = document.querySelector('[role=treegrid]');
  const scroller = grid?.parentElement;
  if (!(scroller instanceof HTMLElement)) throw new Error('no waterfall on the page');
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
  const step = (i: number): void => {
    if (what === 'scroll') scroller.scrollTop += 84;
    else if (what === 'jump') scroller.scrollTop = Math.random() * scroller.scrollHeight;
    else {
      const wheel = { ctrlKey: true, deltaY: i < count / 2 ? -20 : 20, clientX: 900 };
      scroller.dispatchEvent(
        new WheelEvent('wheel', { ...wheel, bubbles: true, cancelable: true }),
      );
    }
  };
  const gaps: number[] = [];
  let last = await frame();
  for (let i = 0; i < count; i += 1) {
    step(i);
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  return gaps;
}

function report(all: readonly Run[]): void {
  const median = (read: (run: Run) => number): string => percentile(all.map(read), 0.5).toFixed(0);
  const line = (what: string, value: string): void => console.log(`${what.padEnd(44)} ${value}`);
  const framesLine = (what: 'scroll' | 'jump' | 'zoom'): string => {
    const p95 = percentile(
      all.map((run) => run[what].p95Ms),
      0.5,
    ).toFixed(1);
    return `p95 ${p95} ms, ${median((run) => run[what].late)} late`;
  };
  console.log(`median of ${all.length} cold runs; node bench/dashboard.ts`);
  line('first paint', `${median((run) => run.firstPaintMs)} ms`);
  line('JavaScript to the first paint, gzip', `${median((run) => run.paintScriptKb)} kB`);
  line('JavaScript to the first rows, gzip', `${median((run) => run.scriptKb)} kB`);
  line('100,000 spans: rows on screen', `${median((run) => run.rowsMs)} ms`);
  line('longest task of the main thread', `${median((run) => run.longestTaskMs)} ms`);
  line(
    'elements in the page',
    median((run) => run.elements),
  );
  line('scroll, 240 frames of 84 px', framesLine('scroll'));
  line('random jump, 120 frames', framesLine('jump'));
  line('zoom, 60 frames', framesLine('zoom'));
}
