import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { spanIdOf, toRequest, traceIdOf } from './spans.ts';

let collector: Collector;
let browser: Browser;

beforeAll(async () => {
  [collector, browser] = await Promise.all([startCollector(), startBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await collector.close();
});

const open = (path = '/ingest') => openPage(browser, `${collector.origin}${path}`);
const table = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

function spansOf(service: string, number: number): unknown {
  return toRequest(service, [
    {
      traceId: traceIdOf(number),
      spanId: spanIdOf(number),
      name: 'work',
      agoMs: 500,
      durationMs: 50,
    },
  ]);
}

function refuse(): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'br<script>' };
  return fetch(`${collector.origin}/v1/traces`, { method: 'POST', headers, body: '{}' });
}

test('a server to which nobody sent says so', { timeout: 90_000 }, async () => {
  const { page, messages } = await open();
  await page.getByRole('heading', { level: 2, name: 'Everything that arrives is taken' }).waitFor();
  await page.getByText('Nothing has arrived since the server started').waitFor();
  // A store that is slow to tell is asked again with the next look.
  await page.getByText('Nobody has sent spans in the last day.').waitFor({ timeout: 45_000 });
  await page.getByText('Nothing was refused since the server started.').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('what arrives, from whom, and what was refused and why, comes by itself', async () => {
  const { page, messages } = await open('/traces');
  await page.getByRole('link', { name: 'Ingest' }).click();
  await page.getByRole('heading', { level: 1, name: 'Ingest' }).waitFor();
  await page.getByText('Nobody has sent spans in the last day.').waitFor();

  await collector.send('shop', spansOf('checkout', 1));
  expect((await refuse()).status).toBe(415);
  const senders = table(page, 'Who sends');
  await senders.getByRole('row').filter({ hasText: 'checkout' }).waitFor();
  await page.getByRole('heading', { level: 2, name: 'Something needs a look' }).waitFor();
  await table(page, 'traces').getByText('1 span in 5 min').waitFor();
  const refused = table(page, 'What was not taken, and why').getByRole('row');
  await refused
    .filter({ hasText: 'refused: content encoding' })
    .getByText('Content-Encoding "br<script>" is not understood')
    .waitFor();
  expect(await findViolations(page)).toEqual([]);

  await senders.getByRole('link', { name: 'checkout' }).click();
  await page.getByRole('heading', { level: 1, name: 'Traces' }).waitFor();
  await page.getByRole('link', { name: 'work' }).waitFor();
  const { searchParams } = new URL(page.url());
  expect([searchParams.get('project'), searchParams.get('q')]).toEqual([
    'shop',
    'service:"checkout"',
  ]);
  expect(messages).toEqual([]);
});

test('names of strangers stay text, whatever they are and however long', async () => {
  const markup = '<img src=x onerror=alert(1)>';
  await collector.send('shop', spansOf(markup, 2));
  await collector.send('shop', spansOf(`turned\u202etxt.exe"`, 3));
  await collector.send('shop', spansOf('n'.repeat(900), 4));
  const { page, messages } = await openPage(browser, `${collector.origin}/ingest`, {
    viewport: { width: 320, height: 640 },
  });
  const senders = table(page, 'Who sends');
  await senders.getByText(markup).waitFor();
  await senders.getByText('turned⟨U+202E⟩txt.exe"').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const longest = await senders.getByText('n'.repeat(50)).boundingBox();
  expect(longest?.height).toBeLessThan(60);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('when the server goes, old facts do not pass for new ones', async () => {
  const { page } = await open();
  await page.getByText('Refreshes every 5 s').waitFor();
  await collector.stop();
  await page.getByText('Not refreshed: the server does not answer').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await collector.restart();
  await page.getByText('Refreshes every 5 s').waitFor();
});

test('a page opened while the server is away can be tried again', async () => {
  const { page } = await open();
  await page.getByText('Refreshes every 5 s').waitFor();
  await page.route('**/api/ingest', (route) => route.abort());
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.reload();
  await page.getByRole('link', { name: 'Ingest' }).click();
  await page.getByRole('heading', { name: 'The health of ingest could not be read' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.unroute('**/api/ingest');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Refreshes every 5 s').waitFor();
});
