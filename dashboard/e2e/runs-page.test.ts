import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { loopSpans, untilJudged } from './run-spans.ts';
import { spanIdOf, toRequest, traceIdOf, type TestSpan } from './spans.ts';

let collector: Collector;
let browser: Browser;

/** 150 runs, newest first: flow-1 a minute ago and 1 s long, flow-2 two minutes ago and 2 s long ... */
const runCount = 150;
const manyCount = 1_600;

function flow(number: number, more: Partial<TestSpan> = {}): TestSpan {
  return {
    traceId: traceIdOf(number),
    spanId: spanIdOf(number),
    name: `invoke_workflow flow-${number}`,
    agoMs: number * 60_000,
    durationMs: number * 1000,
    attributes: [
      ['gen_ai.operation.name', 'invoke_workflow'],
      ['gen_ai.workflow.name', `flow-${number}`],
    ],
    ...(number % 10 === 0 ? { failed: 'upstream gave no answer' } : {}),
    ...more,
  };
}

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const hostile = { workflow: `${script}\u202Egnp.exe`, agent: script, tool: `${script}\u2066` };

beforeAll(async () => {
  [collector, browser] = await Promise.all([startCollector(), startBrowser()]);
  const flows = Array.from({ length: runCount }, (_, index) => flow(index + 1));
  await collector.send('list', toRequest('flows', flows));
  await collector.send(
    'hostile',
    toRequest('desk', [
      ...loopSpans(hostile, {
        traceId: traceIdOf(900),
        runId: 'run-900',
        firstId: 0x9000,
        agoMs: 60_000,
        rounds: 5,
      }),
      {
        traceId: traceIdOf(901),
        spanId: spanIdOf(901),
        name: 'no workflow named me',
        agoMs: 90_000,
        durationMs: 500,
        attributes: [['gen_ai.operation.name', 'invoke_agent']],
      },
    ]),
  );
  await untilJudged(collector.origin, 'list', { runs: runCount });
  await untilJudged(collector.origin, 'hostile', { runs: 2, findings: 1 });
});
afterAll(async () => {
  await browser.close();
  await collector.close();
});

const table = (page: Page) => page.getByRole('table', { name: 'Runs' });
const names = (page: Page): Promise<string[]> => table(page).getByRole('link').allInnerTexts();
const firstName = async (page: Page): Promise<string> => (await names(page))[0] ?? 'none';
const open = (path: string) => openPage(browser, `${collector.origin}${path}`);
const focusedText = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

test('a list without runs leads to the first; it shows up by itself once it is judged', async () => {
  const { page, messages } = await open('/runs?project=fresh');
  await page.getByRole('heading', { name: 'Send your first trace' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await collector.send('fresh', toRequest('app', [flow(1, { agoMs: 100, durationMs: 50 })]));
  await table(page).getByRole('link', { name: 'flow-1' }).click();
  await page.getByRole('heading', { level: 1, name: 'invoke_workflow flow-1' }).waitFor();
  await page.getByRole('region', { name: 'Run', exact: true }).getByText('Completed').waitFor();
  expect(messages).toEqual([]);
});

test('a run that is judged after the page was opened shows up without more being sent', async () => {
  await collector.send('soon', toRequest('app', [flow(1, { agoMs: 100, durationMs: 50 })]));
  const { page, messages } = await open('/runs?project=soon');
  await table(page).getByRole('link', { name: 'flow-1' }).waitFor();
  expect(messages).toEqual([]);
});

test('spans that are the work of no agent are traces, and the page says so', async () => {
  const { page, messages } = await open('/runs?project=plain');
  await page.getByRole('heading', { name: 'Send your first trace' }).waitFor();
  const plain = { name: 'GET /', agoMs: 100, durationMs: 50 };
  const [traceId, spanId] = [traceIdOf(1), spanIdOf(1)];
  await collector.send('plain', toRequest('web', [{ traceId, spanId, ...plain }]));
  await page.getByRole('heading', { name: 'No runs yet' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Look at the traces' }).click();
  await page.getByRole('link', { name: 'GET /' }).waitFor();
  expect(messages).toEqual([]);
});

test('the list sorts, filters and remembers both in the address', async () => {
  const { page, messages } = await open('/runs?project=list');
  await expect.poll(() => firstName(page)).toBe('flow-1');
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Duration' }).click();
  await expect.poll(() => firstName(page)).toBe('flow-150');
  await page.getByRole('button', { name: 'Duration' }).click();
  await expect.poll(() => firstName(page)).toBe('flow-1');

  const filter = page.getByRole('searchbox', { name: 'Filter runs' });
  await filter.fill('status:failed duration>100s');
  await filter.press('Enter');
  await expect
    .poll(() => names(page))
    .toEqual(['flow-110', 'flow-120', 'flow-130', 'flow-140', 'flow-150']);
  expect(new URL(page.url()).searchParams.get('q')).toBe('status:failed duration>100s');
  await page.reload();
  await expect.poll(() => firstName(page)).toBe('flow-110');
  await page.goBack();
  await expect.poll(() => firstName(page)).toBe('flow-1');
  expect(messages).toEqual([]);
});

test('a row tells status, time, what is not known, errors and findings in words', async () => {
  const { page, messages } = await open('/runs?project=list');
  const failed = table(page).getByRole('row').filter({ hasText: 'flow-10' }).first();
  await failed.waitFor();
  expect((await failed.getByRole('cell').allInnerTexts()).map((text) => text.trim())).toEqual([
    'Failed',
    expect.stringMatching(/\d\d:\d\d:\d\d$/),
    'flow-10',
    expect.any(String),
    '',
    '10 s',
    '–',
    '–',
    '1',
    expect.any(String),
  ]);

  await page.goto(`${collector.origin}/runs?project=hostile&q=finding:loop`);
  const looping = table(page).getByRole('row').nth(1);
  await looping.getByText('Loop').waitFor();
  await looping.getByText('Warning').waitFor({ state: 'attached' });
  expect(messages).toEqual([]);
});

test('every example of the filter is understood by the server', async () => {
  const { page, messages } = await open('/runs?project=list');
  const help = page.getByRole('button', { name: 'What a filter may say' });
  await help.click();
  const examples = await page.locator('.help code').allInnerTexts();
  expect(examples.length).toBeGreaterThan(10);
  for (const example of examples) {
    const url = `${collector.origin}/api/runs?project=list&q=${encodeURIComponent(example)}`;
    expect([example, (await fetch(url)).status]).toEqual([example, 200]);
  }
  await page.getByRole('button', { name: 'status:failed' }).click();
  await expect.poll(() => firstName(page)).toBe('flow-10');
  expect(messages).toEqual([]);
});

test('names of strangers stay text, and a run without a workflow goes by its root', async () => {
  const { page, messages } = await open('/runs?project=hostile');
  await expect
    .poll(() => names(page))
    .toEqual([`${script}⟨U+202E⟩gnp.exe`, 'no workflow named me']);
  expect(await findViolations(page)).toEqual([]);
  await table(page).getByRole('link').first().click();
  const bar = page.getByRole('region', { name: 'Run', exact: true });
  await bar.getByRole('link', { name: script }).click();
  // Leads to the runs of this workflow: the filter can say any name.
  await expect.poll(() => names(page)).toEqual([`${script}⟨U+202E⟩gnp.exe`]);
  expect(messages).toEqual([]);
});

test('an open run ages while one looks at it', async () => {
  const { page, messages } = await open('/runs?project=open');
  await collector.send(
    'open',
    toRequest('app', [flow(1, { agoMs: 5000, durationMs: 0, isRunning: true })]),
  );
  const row = table(page).getByRole('row').nth(1);
  await row.getByText('Running').waitFor();
  const age = (): Promise<string> => row.locator('.value').innerText();
  const first = await age();
  await expect.poll(age).not.toBe(first);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('new runs wait behind a pill and do not move the rows', async () => {
  const { page, messages } = await open('/runs?project=pill');
  const send = (number: number): Promise<void> =>
    collector.send('pill', toRequest('app', [flow(number, { agoMs: 100, durationMs: 50 })]));
  await page.getByText('Live', { exact: true }).waitFor();
  await send(1);
  await expect.poll(() => names(page)).toEqual(['flow-1']);
  await send(2);
  await page.getByRole('button', { name: '1 new' }).click();
  await expect.poll(() => names(page)).toEqual(['flow-2', 'flow-1']);
  expect(messages).toEqual([]);
});

test('the keyboard alone walks the list, opens a run and comes back', async () => {
  const { page, messages } = await open('/runs?project=list');
  await expect.poll(() => firstName(page)).toBe('flow-1');
  // The table is the last stop on the page.
  for (let presses = 0; presses < 30 && (await focusedText(page)) !== 'flow-1'; presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focusedText(page)).toBe('flow-2');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'invoke_workflow flow-2' }).waitFor();
  await page.goBack();
  await expect.poll(() => firstName(page)).toBe('flow-1');
  expect(messages).toEqual([]);
});

test('runs and traces are one click apart, in the same time and project', async () => {
  const { page, messages } = await open('/runs?project=list&from=now-6h&q=flow-7');
  const lists = page.getByRole('navigation', { name: 'Lists' });
  await lists.getByRole('link', { name: 'Traces' }).click();
  await page.getByRole('heading', { level: 1, name: 'Traces' }).waitFor();
  expect(new URL(page.url()).search).toBe('?project=list&from=now-6h');
  await lists.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  expect(messages).toEqual([]);
});

test('at 320 px the list is read without scrolling sideways', async () => {
  const { page, messages } = await openPage(browser, `${collector.origin}/runs?project=list`, {
    viewport: { width: 320, height: 640 },
  });
  await expect.poll(() => firstName(page)).toBe('flow-1');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const row = table(page).getByRole('row').filter({ hasText: 'flow-1' }).first();
  expect((await row.boundingBox())?.width).toBeLessThanOrEqual(320);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('a server that is gone is an error with a way to try again', async () => {
  const { page } = await open('/runs?project=list');
  await expect.poll(() => firstName(page)).toBe('flow-1');
  await page.route('**/api/runs?*', (route) => route.abort());
  await page.getByRole('button', { name: 'Cost' }).click();
  await page.getByRole('heading', { name: 'The runs could not be read' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.unroute('**/api/runs?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => names(page)).toContain('flow-1');
});

test('of thousands of runs only those in sight are in the page', { timeout: 240_000 }, async () => {
  for (let sent = 0; sent < manyCount; sent += 800) {
    const some = Array.from({ length: 800 }, (_, index) =>
      // Ids of their own: what fills them up to their length may look like a digit of a number.
      flow(sent + index + 1, {
        traceId: traceIdOf(0x10_0000 + sent + index),
        spanId: spanIdOf(0x10_0000 + sent + index),
        agoMs: (sent + index + 1) * 1000,
        durationMs: 100,
      }),
    );
    await collector.send('many', toRequest('flows', some));
  }
  await untilJudged(collector.origin, 'many', { runs: manyCount });
  const { page, messages } = await open('/runs?project=many');
  await expect.poll(() => firstName(page)).toBe('flow-1');
  await table(page).getByRole('link', { name: 'flow-1', exact: true }).focus();
  await expect
    .poll(
      async () => {
        await page.keyboard.press('End');
        return (await names(page)).at(-1);
      },
      { timeout: 120_000, interval: 100 },
    )
    .toBe(`flow-${manyCount}`);
  expect(await table(page).getAttribute('aria-rowcount')).toBe(String(manyCount + 1));
  expect(await table(page).getByRole('row').count()).toBeLessThan(60);
  await page.keyboard.press('Home');
  await expect.poll(() => focusedText(page)).toBe('flow-1');
  expect(messages).toEqual([]);
});
