import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertRules } from 'orchescope/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { untilJudged } from './run-spans.ts';
import { toRequest, traceIdOf, type TestSpan } from './spans.ts';

let collector: Collector;
let browser: Browser;
let files: string;

const project = 'watched';

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'orchescope-rules-'));
  await writeFile(join(files, 'team.yaml'), provisioned);
  [collector, browser] = await Promise.all([
    startCollector({ ORCHESCOPE_ALERTS: 'on', ORCHESCOPE_ALERT_FILES: files }),
    startBrowser(),
  ]);
  await collector.send(project, toRequest('desk', failingCalls()));
  await untilJudged(collector.origin, project, { runs: 1 });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await collector.close();
  await rm(files, { recursive: true, force: true });
});

const provisioned = `apiVersion: orchescope/alerts/v1
rules:
  - id: from-a-file
    title: Kept in a file
    metric: runs_started
    window: 1h
    condition:
      type: threshold
      alert: 1000
`;

/** Two hours ago, for twenty minutes, every third call of an agent failed. */
function failingCalls(): TestSpan[] {
  const traceId = traceIdOf(901);
  const id = (number: number): string => number.toString(16).padStart(16, 'd');
  const startedMs = 2 * 3_600_000;
  const calls = Array.from({ length: 120 }, (_, at): TestSpan => ({
    traceId,
    spanId: id(at + 1),
    parentSpanId: id(0),
    name: 'invoke_agent coder',
    agoMs: startedMs - at * 10_000,
    durationMs: 4_000,
    attributes: [
      ['gen_ai.operation.name', 'invoke_agent'],
      ['gen_ai.agent.name', 'coder'],
    ],
    ...(at % 3 === 0 ? { failed: 'TimeoutError' } : {}),
  }));
  const root: TestSpan = {
    traceId,
    spanId: id(0),
    name: 'invoke_workflow refund',
    agoMs: startedMs,
    durationMs: 1_300_000,
    attributes: [
      ['gen_ai.operation.name', 'invoke_workflow'],
      ['gen_ai.workflow.name', 'refund'],
    ],
  };
  return [root, ...calls];
}

const open = (path: string, options = {}) =>
  openPage(browser, `${collector.origin}${path}`, options);
const list = (page: Page) => page.getByRole('region', { name: 'Alert rules' });
const sentence = (page: Page): Promise<string> =>
  page.getByRole('status').filter({ hasText: 'fired' }).innerText();
const key = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);

test('the rules that ship are on from the first minute, and the list says what became of them', async () => {
  const answer = await fetch(`${collector.origin}/api/alerts/rules?project=${project}`);
  const { rules } = (await answer.json()) as AlertRules;
  expect(rules.length).toBeGreaterThan(7);
  const { page, messages } = await open(`/alerts/rules?project=${project}`);
  for (const { rule } of rules) {
    await list(page).getByRole('link', { name: rule.title, exact: true }).waitFor();
  }
  await list(page).getByText('Agent latency by agent over 5 min, above 15 s for 5 min').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Groups of Agents fail' }).click();
  await list(page)
    .getByRole('cell', { name: /No group has anything to say|coder/ })
    .waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('rules are found by words and state, and switched off and on where they stand', async () => {
  const { page, messages } = await open(`/alerts/rules?project=${project}`);
  const links = list(page).locator('th[scope=row] + td').getByRole('link');
  await links.first().waitFor();
  await page.getByRole('searchbox', { name: 'Filter rules' }).fill('breaker again');
  await expect.poll(() => links.count()).toBe(1);
  expect(key(page, 'q')).toBe('breaker again');

  const toggle = page.getByRole('switch');
  await toggle.click();
  await list(page).getByText('Off', { exact: true }).first().waitFor();
  await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('false');
  await page.reload();
  await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('false');
  await page.getByLabel('State').selectOption('quiet');
  await page.getByRole('heading', { name: 'No rule matches' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel('State').selectOption('off');
  await toggle.click();
  await page.getByRole('heading', { name: 'No rule matches' }).waitFor();
  expect(messages).toEqual([]);
});

test('the threshold is moved by keyboard, what it would have done follows, and saving keeps it', async () => {
  const { page, messages } = await open(`/alerts/rules/agent-error-rate?project=${project}`);
  const slider = page.getByRole('slider', { name: 'Threshold' });
  await slider.waitFor();
  expect(await slider.getAttribute('aria-valuetext')).toBe('10 %');
  await expect.poll(() => sentence(page)).toMatch(/^Would have fired once in 7 days, \d+ minutes/);
  expect(await findViolations(page)).toEqual([]);

  // A third failed: above the highest there is nothing to fire at.
  await slider.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('PageUp');
  const chosen = await slider.getAttribute('aria-valuetext');
  expect(Number.parseFloat(chosen ?? '')).toBeGreaterThan(34);
  await expect.poll(() => sentence(page)).toBe('Would not have fired in 7 days.');
  const field = page.getByLabel('Threshold (%)');
  expect(`${await field.inputValue()} %`).toBe(chosen);
  await expect.poll(() => page.locator('pre').innerText()).toMatch(/alert: 0\.[3-9]/);

  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved: Agents fail').waitFor();
  await page.reload();
  await slider.waitFor();
  expect(await slider.getAttribute('aria-valuetext')).toBe(chosen);

  await page.getByRole('button', { name: 'Reset to default' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  expect(await findViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Reset to default' }).click();
  await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
  await page.goBack();
  await slider.waitFor();
  expect(await slider.getAttribute('aria-valuetext')).toBe('10 %');
  expect(messages).toEqual([]);
});

test('the chart is read with the arrow keys and as a table, and zoomed by dragging', async () => {
  const { page, messages } = await open(`/alerts/rules/agent-error-rate?project=${project}`);
  const chart = page.getByRole('application');
  await chart.focus();
  await page.keyboard.press('End');
  await expect
    .poll(() => page.locator('[aria-live]').allInnerTexts())
    .toContainEqual(expect.stringMatching(/^\d+ \w+, \d\d:\d\d, coder /));
  await page.getByText('View as table').click();
  const rows = page.getByRole('region', { name: /, as a table$/ }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBeGreaterThan(10);
  expect(await rows.count()).toBeLessThanOrEqual(60);
  await page.getByText(/would have fired: coder for/).waitFor();
  expect(await findViolations(page)).toEqual([]);

  const box = await chart.boundingBox();
  if (box === null) throw new Error('The chart has no box.');
  await page.mouse.move(box.x + box.width * 0.5, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 100, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => sentence(page)).toMatch(/fired from \d/);
  await page.getByRole('button', { name: 'Back to 7 days' }).click();
  await expect.poll(() => sentence(page)).toMatch(/in 7 days/);
  expect(messages).toEqual([]);
});

test('the threshold is dragged, and typed in the unit that people use', async () => {
  const { page, messages } = await open(`/alerts/rules/agent-error-rate?project=${project}`);
  const slider = page.getByRole('slider', { name: 'Threshold' });
  const field = page.getByLabel('Threshold (%)');
  const box = await slider.boundingBox();
  if (box === null) throw new Error('The line has no box.');
  await page.mouse.move(box.x + 200, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + box.height / 2 - 30, { steps: 5 });
  await page.mouse.up();
  const dragged = Number(await field.inputValue());
  expect(dragged).toBeGreaterThan(10);
  expect(await slider.getAttribute('aria-valuetext')).toBe(`${dragged} %`);
  await field.fill('12,5');
  await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('12.5 %');
  await field.fill('a lot');
  await page.getByText('Write a number.').waitFor();
  expect(await slider.getAttribute('aria-valuetext')).toBe('12.5 %');
  expect(messages).toEqual([]);
});

test('what the server refuses is said at its field, and the old answer stays', async () => {
  const { page, messages } = await open(`/alerts/rules/agent-error-rate?project=${project}`);
  await page.getByRole('slider').waitFor();
  const before = await sentence(page);
  const filter = page.getByRole('searchbox', { name: 'Filter runs' });
  await filter.fill('colour:red');
  await filter.press('Enter');
  await page.getByRole('alert').getByText('There is no field colour').waitFor();
  expect(await sentence(page)).toBe(before);
  expect(await findViolations(page)).toEqual([]);
  await filter.fill('workflow:nowhere');
  await filter.press('Enter');
  await expect.poll(() => sentence(page)).toMatch(/^Would not have fired/);

  await page.getByLabel('Over the last').fill('10s');
  await page.getByText('Choose one at least as long as the interval').waitFor();
  await page.getByLabel('Over the last').fill('10 minutes');
  await page.getByText('Write a duration such as 30s').waitFor();
  expect(messages.filter((message) => !message.includes('400'))).toEqual([]);
});

test('what is not saved is not lost by a link, nor by going back', async () => {
  const { page, messages } = await open(`/alerts/rules?project=${project}`);
  await list(page).getByRole('link', { name: 'Agents run in circles' }).click();
  await page.getByLabel('Owner', { exact: true }).fill('Ada');
  await page.getByText('Not saved yet').waitFor();
  await page.getByRole('link', { name: 'Silences' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await page.goBack();
  await dialog.getByRole('button', { name: 'Stay' }).click();
  expect(new URL(page.url()).pathname).toBe('/alerts/rules/loop-rate');
  expect(await page.getByLabel('Owner', { exact: true }).inputValue()).toBe('Ada');
  await page.getByRole('link', { name: 'Silences' }).click();
  await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Silences' }).waitFor();
  await page.goBack();
  await page.getByRole('slider').waitFor();
  expect(await page.getByLabel('Owner', { exact: true }).inputValue()).toBe('');
  expect(messages).toEqual([]);
});

test('a new rule begins with a template, is made, and can be deleted', async () => {
  const { page, messages } = await open(`/alerts/rules?project=${project}`);
  await page.getByRole('link', { name: 'New rule' }).click();
  await page.getByRole('link', { name: 'Agents fail', exact: true }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'An empty rule' }).click();
  await page.getByRole('button', { name: 'Make rule' }).click();
  await page.getByRole('alert').first().waitFor();
  expect(await page.getByLabel('Title', { exact: true }).getAttribute('aria-invalid')).toBe('true');

  await page.getByLabel('Title', { exact: true }).fill('Nothing runs');
  expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('nothing-runs');
  await page.getByLabel('Metric', { exact: true }).selectOption('runs_started');
  await page.getByLabel('Kind of condition').selectOption('absence');
  await page.getByLabel('Over the last').fill('1h');
  await expect.poll(() => sentence(page)).toMatch(/^Would have fired/);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make rule' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nothing runs' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/alerts/rules/nothing-runs');

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await list(page).getByRole('link', { name: 'Agents fail', exact: true }).waitFor();
  await expect.poll(() => list(page).getByText('Nothing runs').count()).toBe(0);
  expect(messages.filter((message) => !message.includes('400'))).toEqual([]);
});

test('a rule that a file provides is read here, and changed there', async () => {
  const { page, messages } = await open('/alerts/rules/from-a-file');
  await page.getByText('is read-only here').waitFor();
  await page.getByText('team.yaml').waitFor();
  expect(await page.getByLabel('Title', { exact: true }).isDisabled()).toBe(true);
  expect(await page.getByRole('slider').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Rules' }).click();
  const toggle = page.getByRole('switch', { name: 'Evaluate Kept in a file' });
  await toggle.waitFor();
  expect(await toggle.isDisabled()).toBe(true);
  expect(messages).toEqual([]);
});

test('at 320 px rules are read and written without scrolling sideways', async () => {
  const narrow = { viewport: { width: 320, height: 640 } };
  const { page, messages } = await open(`/alerts/rules?project=${project}`, narrow);
  await list(page).getByRole('link', { name: 'Agents fail', exact: true }).waitFor();
  expect(await list(page).evaluate((element) => element.scrollWidth)).toBe(320);
  expect(await findViolations(page)).toEqual([]);
  await list(page).getByRole('link', { name: 'Agents fail', exact: true }).click();
  await page.getByRole('slider').waitFor();
  const body = page.getByRole('region', { name: 'Rule', exact: true });
  expect(await body.evaluate((element) => element.scrollWidth)).toBe(320);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});
