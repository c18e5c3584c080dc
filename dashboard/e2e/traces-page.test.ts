import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { spanIdOf, toRequest, traceIdOf, type TestSpan } from './spans.ts';

let collector: Collector;
let browser: Browser;

/** 150 traces, newest first: task-1 a minute ago and 1 s long, task-2 two minutes ago and 2 s long ... */
const taskCount = 150;
const tasks = Array.from({ length: taskCount }, (_, index): TestSpan => {
  const number = index + 1;
  const failed = number % 10 === 0 ? { failed: 'upstream gave no answer' } : {};
  return {
    traceId: traceIdOf(number),
    spanId: spanIdOf(number),
    name: `task-${number}`,
    agoMs: number * 60_000,
    durationMs: number * 1000,
    attributes: [
      ['gen_ai.operation.name', 'invoke_agent'],
      ['gen_ai.agent.name', number % 2 === 0 ? 'even' : 'odd'],
    ],
    ...failed,
  };
});

beforeAll(async () => {
  [collector, browser] = await Promise.all([startCollector(), startBrowser()]);
  await collector.send('list', toRequest('tasks', tasks));
});
afterAll(async () => {
  await browser.close();
  await collector.close();
});

const names = (page: Page): Promise<string[]> =>
  page.getByRole('table', { name: 'Traces' }).getByRole('link').allInnerTexts();
const firstName = async (page: Page): Promise<string> => (await names(page))[0] ?? 'none';
const open = (path: string) => openPage(browser, `${collector.origin}${path}`);

test('a project without data shows how to send, and becomes the list when the first span lands', async () => {
  const { page, messages } = await open('/traces?project=fresh');
  await page.getByRole('heading', { name: 'Send your first trace' }).waitFor();
  await page.getByText('Waiting for the first span').waitFor();
  await page.getByRole('tab', { name: 'OpenTelemetry' }).click();
  await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${collector.origin}`).waitFor();
  await page.getByText('orchescope-project=fresh').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await page.getByText('Live', { exact: true }).waitFor();
  await collector.send(
    'fresh',
    toRequest('app', [
      {
        traceId: traceIdOf(1),
        spanId: spanIdOf(1),
        name: 'hello world',
        agoMs: 100,
        durationMs: 50,
      },
    ]),
  );
  await page.getByRole('link', { name: 'hello world' }).click();
  await page.getByRole('heading', { level: 1, name: 'hello world' }).waitFor();
  expect(messages).toEqual([]);
});

test('the list sorts, filters and remembers both in the address', async () => {
  const { page, messages } = await open('/traces?project=list');
  await expect.poll(() => firstName(page)).toBe('task-1');
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Duration' }).click();
  await expect.poll(() => firstName(page)).toBe('task-150');
  await page.getByRole('button', { name: 'Duration' }).click();
  await expect.poll(() => firstName(page)).toBe('task-1');
  expect(await page.getByRole('columnheader', { name: 'Duration' }).getAttribute('aria-sort')).toBe(
    'ascending',
  );

  const filter = page.getByRole('searchbox', { name: 'Filter traces' });
  await filter.fill('status:error duration>100s');
  await filter.press('Enter');
  await expect
    .poll(() => names(page))
    .toEqual(['task-110', 'task-120', 'task-130', 'task-140', 'task-150']);
  expect(new URL(page.url()).searchParams.get('q')).toBe('status:error duration>100s');

  await page.reload();
  await expect.poll(() => firstName(page)).toBe('task-110');
  await page.goBack();
  await expect.poll(() => firstName(page)).toBe('task-1');
  expect(messages).toEqual([]);
});

test('pages follow one another by scrolling, and only what is seen is in the page', async () => {
  const { page, messages } = await open('/traces?project=list');
  await expect.poll(() => firstName(page)).toBe('task-1');
  const table = page.getByRole('table', { name: 'Traces' });
  expect(await table.getAttribute('aria-rowcount')).toBe('-1');
  await table.hover();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 20_000);
      return (await names(page)).at(-1);
    })
    .toBe('task-150');
  expect(await table.getAttribute('aria-rowcount')).toBe(String(taskCount + 1));
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  expect(messages).toEqual([]);
});

test('a filter that cannot be read is underlined where it is wrong', async () => {
  const { page } = await open('/traces?project=list&q=agent:even+colour:red');
  await page.getByRole('alert').getByText('There is no field colour').waitFor();
  expect(await page.locator('search .wrong').innerText()).toBe('colour:red');
  const filter = page.getByRole('searchbox', { name: 'Filter traces' });
  expect(await filter.getAttribute('aria-invalid')).toBe('true');
  expect(await findViolations(page)).toEqual([]);
  await filter.fill('agent:even');
  await filter.press('Enter');
  await expect.poll(() => firstName(page)).toBe('task-2');
});

test('when nothing matches, the page offers the ways out', async () => {
  const { page, messages } = await open('/traces?project=list&from=now-15m&q=task-140');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Remove the filter' }).click();
  await expect.poll(() => firstName(page)).toBe('task-1');
  await page.goBack();
  await page.getByRole('link', { name: 'Widen to the last 30 days' }).click();
  await expect.poll(() => names(page)).toEqual(['task-140']);

  await page.goto(
    `${collector.origin}/traces?project=list&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z`,
  );
  await page.getByRole('link', { name: /^Latest trace/ }).click();
  await expect.poll(() => firstName(page)).toBe('task-1');
  expect(messages).toEqual([]);
});

test('the range is chosen from presets or typed, and is in the address', async () => {
  const { page, messages } = await open('/traces?project=list');
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByRole('button', { name: 'Last hour' }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('now-1h');
  await page.getByRole('button', { name: /^Time range: Last hour/ }).click();
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel('From', { exact: true }).fill('2026-01-02T00:00:00');
  await page.getByLabel('To', { exact: true }).fill('2026-01-01T00:00:00');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('The start must be before the end.').waitFor();
  await page.keyboard.press('Escape');
  expect(
    await page
      .getByRole('button', { name: /^Time range/ })
      .evaluate((button) => button.ownerDocument.activeElement === button),
  ).toBe(true);
  expect(messages).toEqual([]);
});

test('new traces wait behind a pill and do not move the rows', async () => {
  const { page, messages } = await open('/traces?project=pill');
  const send = (number: number): Promise<void> =>
    collector.send(
      'pill',
      toRequest('app', [
        {
          traceId: traceIdOf(number),
          spanId: spanIdOf(number),
          name: `run-${number}`,
          agoMs: 100,
          durationMs: 50,
        },
      ]),
    );
  await page.getByText('Live', { exact: true }).waitFor();
  await send(1);
  await expect.poll(() => names(page)).toEqual(['run-1']);
  await send(2);
  await page.getByRole('button', { name: '1 new' }).waitFor();
  expect(await names(page)).toEqual(['run-1']);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: '1 new' }).click();
  await expect.poll(() => names(page)).toEqual(['run-2', 'run-1']);
  expect(messages).toEqual([]);
});

test('the keyboard alone opens a trace and finds the way back', async () => {
  const { page, messages } = await open('/traces?project=list');
  await expect.poll(() => firstName(page)).toBe('task-1');
  await page.keyboard.press('Tab');
  expect(await focusedText(page)).toBe('Skip to content');
  await page.keyboard.press('Enter');
  // The table is the last stop on the page.
  for (let presses = 0; presses < 30 && (await focusedText(page)) !== 'task-1'; presses += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focusedText(page)).toBe('task-2');
  await page.keyboard.press('End');
  await expect.poll(() => focusedText(page)).toMatch(/^task-1\d\d$/);
  await page.keyboard.press('Home');
  await expect.poll(() => focusedText(page)).toBe('task-1');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'task-1' }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  await page.goBack();
  await expect.poll(() => firstName(page)).toBe('task-1');
  expect(messages).toEqual([]);
});

const focusedText = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

test('a chosen theme outlives the page and never flashes', async () => {
  const { page, messages } = await open('/traces?project=list');
  await page.getByRole('button', { name: /^Theme: system/ }).click();
  await page.getByRole('button', { name: /^Theme: dark/ }).click();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
  await page.reload({ waitUntil: 'commit' });
  await page.locator('html[data-theme="light"]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: /^Theme: light/ }).waitFor();
  expect(messages).toEqual([]);
});

test('at 320 px the list is read without scrolling sideways', async () => {
  const { page, messages } = await openPage(browser, `${collector.origin}/traces?project=list`, {
    viewport: { width: 320, height: 640 },
  });
  await expect.poll(() => firstName(page)).toBe('task-1');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const row = page.getByRole('row').filter({ hasText: 'task-1' }).first();
  expect((await row.boundingBox())?.width).toBeLessThanOrEqual(320);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('another project is one choice away', async () => {
  const { page, messages } = await open('/traces?project=list');
  await page.getByRole('combobox', { name: 'Project' }).selectOption('pill');
  await expect.poll(() => names(page)).toEqual(['run-2', 'run-1']);
  expect(new URL(page.url()).searchParams.get('project')).toBe('pill');
  expect(messages).toEqual([]);
});

test('an unknown address says so', async () => {
  const { page, messages } = await open('/nowhere');
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  await page.getByRole('link', { name: 'Go to the runs' }).click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  expect(messages).toEqual([]);
});

test('a server that is gone is an error with a way to try again, and coming back heals it', async () => {
  const { page } = await open('/traces?project=list');
  await expect.poll(() => firstName(page)).toBe('task-1');
  await collector.stop();
  await page.getByText('Connection lost').waitFor();
  await page.getByRole('button', { name: 'Spans' }).click();
  await page.getByRole('heading', { name: 'The traces could not be read' }).waitFor();
  await page.getByText('The server does not answer. Is it running?').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await collector.restart();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => names(page)).toContain('task-1');
  await page.getByText('Live', { exact: true }).waitFor();
});
