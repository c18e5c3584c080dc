/// <reference lib="dom" />
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';

export type OpenedPage = {
  readonly page: Page;
  readonly firstPaintMs: number;
  /** Scripts that had arrived by the first paint, and all of them. */
  readonly paintScriptKb: number;
  readonly scriptKb: number;
  /** When the elements it was opened for were painted. */
  readonly readyMs: number;
  readonly longestTaskMs: number;
  readonly elements: number;
  readonly close: () => Promise<void>;
};

/** In a new profile, so nothing is cached. Long tasks are watched for a moment longer than the page needs. */
export async function openPage(
  browser: Browser,
  url: string,
  readySelector: string,
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const scripts = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.endsWith('.js')) return;
    const size = response.body().then((body) => gzipSync(body).length);
    scripts.set(response.url(), size);
  });
  await page.addInitScript(watchPage, readySelector);
  await page.goto(url);
  await page.waitForFunction(() => (globalThis as unknown as Watched).isSettled);
  const { early, ...seen } = await page.evaluate(readPage);
  const sizeOf = async (urls: Iterable<string>): Promise<number> => {
    const sizes = await Promise.all(Array.from(urls, (script) => scripts.get(script) ?? 0));
    return sizes.reduce((sum, size) => sum + size, 0) / 1000;
  };
  return {
    page,
    ...seen,
    paintScriptKb: await sizeOf(early),
    scriptKb: await sizeOf(scripts.keys()),
    close: () => context.close(),
  };
}

type Watched = { readyMs: number; longestTaskMs: number; isSettled: boolean };

/** In the page. */
function watchPage(readySelector: string): void {
  const page = globalThis as unknown as Watched;
  const settleMs = 500;
  page.longestTaskMs = 0;
  page.isSettled = false;
  // The types Node gives this global do not know long tasks.
  const longTasks = { type: 'longtask', buffered: true };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      page.longestTaskMs = Math.max(page.longestTaskMs, duration);
  }).observe(longTasks as never);
  const look = (): void => {
    if (document.querySelector(readySelector) === null) requestAnimationFrame(look);
    // The frame after the one that has the rows: by then they are on the screen.
    else
      requestAnimationFrame(() => {
        page.readyMs = performance.now();
        setTimeout(() => (page.isSettled = true), settleMs);
      });
  };
  requestAnimationFrame(look);
}

type Seen = Pick<OpenedPage, 'firstPaintMs' | 'readyMs' | 'longestTaskMs' | 'elements'> & {
  readonly early: readonly string[];
};

/** In the page. */
function readPage(): Seen {
  const { readyMs, longestTaskMs } = globalThis as unknown as Watched;
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const firstPaintMs = paint?.startTime ?? Number.NaN;
  const early = performance
    .getEntriesByType('resource')
    .filter((entry) => entry.startTime + entry.duration <= firstPaintMs)
    .map(({ name }) => name);
  const elements = document.querySelectorAll('*').length;
  return { early, firstPaintMs, readyMs, longestTaskMs, elements };
}
