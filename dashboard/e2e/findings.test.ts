import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { loopSpans, untilJudged } from './run-spans.ts';
import { toRequest, traceIdOf } from './spans.ts';

let collector: Collector;
let browser: Browser;

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const [first, second, other] = [traceIdOf(501), traceIdOf(502), traceIdOf(503)];

beforeAll(async () => {
  [collector, browser] = await Promise.all([startCollector(), startBrowser()]);
  const hostile = { workflow: script, agent: `${script}\u202Eevil`, tool: script };
  await collector.send(
    'found',
    toRequest('desk', [
      // One run in two traces, with the same loop in both.
      ...loopSpans(hostile, {
        traceId: first,
        runId: 'run-1',
        firstId: 0x1000,
        agoMs: 120_000,
        rounds: 6,
      }),
      ...loopSpans(hostile, {
        traceId: second,
        runId: 'run-1',
        firstId: 0x2000,
        agoMs: 60_000,
        rounds: 4,
      }),
      ...loopSpans(
        { workflow: 'refund', agent: 'coder', tool: 'look_up' },
        { traceId: other, runId: 'run-2', firstId: 0x3000, agoMs: 90_000, rounds: 5 },
      ),
      // And one in which nothing is wrong.
      ...loopSpans(
        { workflow: 'refund', agent: 'coder', tool: 'look_up' },
        { traceId: traceIdOf(504), runId: 'run-3', firstId: 0x4000, agoMs: 80_000, rounds: 1 },
      ),
    ]),
  );
  await untilJudged(collector.origin, 'found', { runs: 3, findings: 2 });
});
afterAll(async () => {
  await browser.close();
  await collector.close();
});

const open = (path: string) => openPage(browser, `${collector.origin}${path}`);
const key = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const findings = (page: Page) => page.getByRole('region', { name: 'Findings', exact: true });
const lit = (page: Page) => page.locator('[role=row].lit');
/** `1 of 10`: which span of the evidence is shown. */
const place = (page: Page): Promise<string> => page.locator('.walk [role=status]').innerText();

test('findings are grouped by kind, with the runs they touch and what they wasted', async () => {
  const { page, messages } = await open('/findings?project=found');
  const row = page.getByRole('row').filter({ hasText: 'Loop' });
  await row.waitFor();
  const cells = await row.getByRole('cell').allInnerTexts();
  expect(cells[1]).toMatch(/^2\s+67 %$/);
  // Money, time and tokens of the rounds that brought nothing.
  for (const cell of cells.slice(2, 5)) expect(cell).toMatch(/\d/);
  expect(await findViolations(page)).toEqual([]);

  await row.getByRole('button').click();
  expect(key(page, 'kind')).toBe('loop');
  await page.getByRole('link', { name: 'coder called look_up' }).waitFor();
  await page.getByRole('link', { name: script }).first().waitFor();
  await page.getByRole('button', { name: 'What it means, and how to fix it' }).click();
  await page.getByRole('heading', { name: 'How to fix the cause' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('a group can be narrowed to one subject and to some runs, and the address keeps it', async () => {
  const { page, messages } = await open('/findings?project=found&kind=loop');
  const links = page.locator('.findings').getByRole('link');
  await page.getByRole('button', { name: /^look_up/ }).click();
  await expect.poll(() => links.allInnerTexts()).toEqual([expect.stringContaining('coder called')]);
  expect(key(page, 'subject')).toBe('look_up');
  await page.reload();
  await expect.poll(() => links.count()).toBe(1);
  await page.getByRole('button', { name: /^look_up/ }).click();
  await expect.poll(() => links.count()).toBeGreaterThan(1);

  const filter = page.getByRole('searchbox', { name: 'Filter runs' });
  await filter.fill('workflow:refund');
  await filter.press('Enter');
  await expect.poll(() => links.count()).toBe(1);
  await filter.fill('colour:red');
  await filter.press('Enter');
  await page.getByRole('alert').getByText('There is no field colour').waitFor();
  expect(messages.filter((message) => !message.includes('400'))).toEqual([]);
});

test('where nothing was found, the page says what was looked at', async () => {
  const { page, messages } = await open('/findings?project=found&q=workflow:refund+findings<1');
  await page.getByRole('heading', { name: 'Nothing was found' }).waitFor();
  await page.getByText('1 run was looked at').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Remove the filter' }).click();
  await page.getByRole('row').filter({ hasText: 'Loop' }).waitFor();

  await page.goto(`${collector.origin}/findings?project=nobody`);
  await page.getByRole('heading', { name: 'No runs here' }).waitFor();
  expect(messages).toEqual([]);
});

test('a finding leads to its trace, where its spans are lit', async () => {
  const { page, messages } = await open('/findings?project=found&kind=loop');
  await page.getByRole('link', { name: 'coder called look_up' }).click();
  await page.getByRole('heading', { level: 1, name: 'invoke_workflow refund' }).waitFor();
  await lit(page).first().waitFor();
  expect(key(page, 'finding')).toMatch(/^loop:/);
  // The five calls are one folded row; the span that is shown opened it.
  await expect.poll(() => lit(page).count()).toBeGreaterThanOrEqual(5);
  expect(await lit(page).first().getAttribute('aria-label')).toContain('in the finding');
  expect(await place(page)).toBe('1 of 5');
  expect(await findViolations(page)).toEqual([]);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
  expect(messages).toEqual([]);
});

test('the keyboard chooses a finding and walks its spans over all traces of the run', async () => {
  const { page, messages } = await open(`/traces/${first}?project=found`);
  const bar = page.getByRole('region', { name: 'Run', exact: true });
  await bar.getByText('Judged').waitFor();
  const choose = findings(page).getByRole('listitem').first().getByRole('button').first();
  await choose.focus();
  await page.keyboard.press('Enter');
  await lit(page).first().waitFor();
  const count = Number(/of (\d+)/.exec(await place(page))?.[1]);
  expect(await place(page)).toBe(`1 of ${count}`);
  const shown = key(page, 'span');

  const next = page.getByRole('button', { name: 'Next span of this finding' });
  await next.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => place(page)).toBe(`2 of ${count}`);
  expect(key(page, 'span')).not.toBe(shown);
  await page.getByRole('button', { name: 'Previous span of this finding' }).click();
  await expect.poll(() => key(page, 'span')).toBe(shown);

  // From any of its spans one comes back to the finding.
  await choose.click();
  await expect.poll(() => lit(page).count()).toBe(0);
  await page.getByRole('list', { name: 'Findings that this span shows' }).getByRole('link').click();
  await lit(page).first().waitFor();

  // The finding is in the address: what one sees can be passed on.
  await page.reload();
  await lit(page).first().waitFor();
  await choose.click();
  await expect.poll(() => lit(page).count()).toBe(0);
  expect(key(page, 'finding')).toBeNull();
  expect(messages).toEqual([]);
});

test('the bar names the other traces of the run, and why its pattern is what it is', async () => {
  const { page, messages } = await open(`/traces/${first}?project=found`);
  const bar = page.getByRole('region', { name: 'Run', exact: true });
  await bar.getByRole('button', { name: 'Traces of this run: 1 of 2' }).click();
  await bar
    .getByRole('link', { name: second.slice(0, 8) })
    .last()
    .click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/traces/${second}`);
  await bar.getByRole('button', { name: 'Traces of this run: 2 of 2' }).waitFor();
  await bar.getByRole('button', { name: /^Pattern: / }).click();
  expect((await bar.locator('.why').innerText()).length).toBeGreaterThan(10);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('a finding in another trace of the run leads there, and is lit there', async () => {
  const { page, messages } = await open(`/traces/${first}?project=found`);
  const there = findings(page).getByRole('listitem').filter({ hasText: '4 times' });
  await there.getByRole('button').first().click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/traces/${second}`);
  await expect.poll(() => lit(page).count()).toBeGreaterThanOrEqual(4);
  expect(await place(page)).toBe('1 of 4');
  await page.goBack();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/traces/${first}`);
  await expect.poll(() => lit(page).count()).toBe(0);
  expect(messages).toEqual([]);
});

test('a verdict shows up on the page of a trace while one looks at it', async () => {
  const { page, messages } = await open(`/traces/${traceIdOf(505)}?project=late`);
  await page.getByRole('heading', { name: 'There is no such trace here' }).waitFor();
  await collector.send(
    'late',
    toRequest(
      'desk',
      loopSpans(
        { workflow: 'refund', agent: 'coder', tool: 'look_up' },
        { traceId: traceIdOf(505), runId: 'run-5', firstId: 0x5000, agoMs: 30_000, rounds: 5 },
      ),
    ),
  );
  await page.getByRole('heading', { level: 1, name: 'invoke_workflow refund' }).waitFor();
  await findings(page).getByText('coder called look_up').waitFor();
  // A trace that is not there yet is a 404, and nothing else was said.
  expect(messages.filter((message) => !message.includes('404'))).toEqual([]);
});

test('at 320 px findings are read without scrolling sideways', async () => {
  const url = `${collector.origin}/findings?project=found&kind=loop`;
  const { page, messages } = await openPage(browser, url, {
    viewport: { width: 320, height: 640 },
  });
  await page.getByRole('link', { name: 'coder called look_up' }).waitFor();
  const body = page.getByRole('region', { name: 'Findings by kind' });
  expect(await body.evaluate((element) => element.scrollWidth)).toBe(320);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'coder called look_up' }).click();
  await findings(page).getByText('1 of 5').waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});
