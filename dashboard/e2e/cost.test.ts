import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { costSpans, type TestRun } from './cost-spans.ts';
import { untilJudged } from './run-spans.ts';
import { toRequest } from './spans.ts';

let collector: Collector;
let browser: Browser;

const script = '<img src=x onerror=alert(1)>';
const refund = { workflow: 'refund', agent: 'planner' };
/** $1.70 in four priced calls of five: $0.70 for refunds, of which $0.40 failed, and $1.00 for a report. */
const runs: readonly TestRun[] = [
  {
    ...refund,
    number: 801,
    agoMs: 300_000,
    calls: [
      { model: 'gpt-5-mini', usd: 0.1 },
      { model: 'gpt-5', usd: 0.2 },
    ],
  },
  {
    ...refund,
    number: 802,
    user: 'u-2',
    agoMs: 290_000,
    failed: 'no such order',
    calls: [{ model: 'gpt-5', usd: 0.4 }],
  },
  {
    workflow: 'report',
    agent: 'writer',
    number: 803,
    agoMs: 280_000,
    calls: [{ model: 'gpt-5', usd: 1 }, { model: 'house-model-7b' }],
  },
];
const hostile: TestRun = {
  workflow: `${script}\u202Eevil`,
  agent: '=1+1"quote\\',
  number: 811,
  agoMs: 60_000,
  calls: [{ model: 'm'.repeat(200), usd: 0.05 }],
};
const unpriced: TestRun = {
  workflow: 'local',
  agent: 'writer',
  number: 821,
  agoMs: 60_000,
  calls: [{ model: 'house-model-7b', input: 900, output: 100 }],
};

beforeAll(async () => {
  [collector, browser] = await Promise.all([startCollector(), startBrowser()]);
  await collector.send('shop', toRequest('desk', runs.flatMap(costSpans)));
  await collector.send('hostile', toRequest('desk', costSpans(hostile)));
  await collector.send('local', toRequest('desk', costSpans(unpriced)));
  await untilJudged(collector.origin, 'shop', { runs: 3 });
  await untilJudged(collector.origin, 'hostile', { runs: 1 });
  await untilJudged(collector.origin, 'local', { runs: 1 });
});
afterAll(async () => {
  await browser.close();
  await collector.close();
});

const open = (path: string, width = 1360) =>
  openPage(browser, `${collector.origin}${path}`, { viewport: { width, height: 800 } });
const table = (page: Page) => page.getByRole('region', { name: 'Cost, table' });
const row = (page: Page, text: string) => table(page).getByRole('row').filter({ hasText: text });
const stat = (page: Page, name: string) =>
  page.locator('.stat').filter({ has: page.getByText(name, { exact: true }) });
const key = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

test('the report shows what was sent, and how much of it has a price', async () => {
  const { page, messages } = await open('/runs?project=shop');
  await page.getByRole('link', { name: 'Cost', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Cost' }).waitFor();
  const cost = stat(page, 'Cost');
  await cost.getByRole('link', { name: '$1.70' }).waitFor();
  expect(await cost.innerText()).toContain('80 % of calls priced');
  expect(await stat(page, 'Per run').innerText()).toContain('$0.57');
  expect(await stat(page, 'Per successful run').innerText()).toMatch(/\$0\.85\s+2 of 3 succeeded/);
  expect(await stat(page, 'Waste').innerText()).toMatch(/\$0\.40\s+24 % of the cost/);
  await page.getByText('1 call has no price and is not in the sum.').waitFor();
  await page.getByText('For 4 of 5 calls both are known: senders reported $1.70').waitFor();
  expect(await row(page, '59 %').innerText()).toMatch(/report\s*59 %\s*\$1\.00\s*new/);
  expect(await row(page, '59 %').innerText()).toContain('1 unpriced');
  expect(await row(page, 'refund').innerText()).toMatch(/41 %\s*\$0\.70\s*new/);

  await page.getByText('View as table').click();
  const bars = page.getByRole('region', { name: /^Cost by .*, as a table$/ });
  await bars.getByRole('row').filter({ hasText: '$1.00' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('a row leads to its runs, and a key into the report itself', async () => {
  const { page, messages } = await open('/cost?project=shop');
  await row(page, 'refund').locator('.cost').click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  expect(key(page, 'q')).toBe('workflow:"refund"');
  await expect.poll(() => page.getByRole('link', { name: 'refund' }).count()).toBe(2);
  await page.goBack();

  await row(page, 'refund').getByRole('link', { name: 'refund' }).click();
  await row(page, 'planner').getByText('$0.70').waitFor();
  expect([key(page, 'q'), key(page, 'by')]).toEqual(['workflow:"refund"', 'agent']);
  await row(page, 'planner').getByRole('link', { name: 'planner' }).click();
  await row(page, 'gpt-5-mini').getByText('$0.10').waitFor();
  await row(page, 'gpt-5').getByText('$0.60').waitFor();
  await page.getByText('A filter keeps whole runs').waitFor();
  await page.goBack();
  await row(page, 'planner').waitFor();
  expect(messages).toEqual([]);
});

test('it is told by two things and in other measures, and the address keeps it', async () => {
  const { page, messages } = await open('/cost?project=shop');
  await page.getByLabel('By', { exact: true }).selectOption('model');
  await page.getByLabel('And by').selectOption('user');
  await page.getByLabel('Measure').selectOption('cost_per_successful_run');
  await expect.poll(() => key(page, 'measure')).toBe('cost_per_successful_run');
  expect(key(page, 'by')).toBe('model,user');
  // Spent by one that failed alone: nothing to divide by.
  await expect.poll(() => row(page, 'u-2').innerText()).toMatch(/\$0\.40\s*new\s*–\s*1 run/);
  await table(page).getByRole('button', { name: 'Runs' }).click();
  await expect.poll(() => key(page, 'sort')).toBe('runs');
  await page.reload();
  await row(page, 'u-2').waitFor();
  expect(
    await table(page).getByRole('columnheader', { name: 'Runs' }).getAttribute('aria-sort'),
  ).toBe('descending');
  await page.getByLabel('Measure').selectOption('tokens');
  await page.getByText('Tokens: the ').waitFor();
  await page.getByText('Read from cache', { exact: true }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByLabel('And by').selectOption('');
  await page.getByLabel('By', { exact: true }).selectOption('tag');
  await page.getByText('A run counts under each of its tags').waitFor();
  await row(page, 'not told').waitFor();
  expect(messages).toEqual([]);
});

test('the bars are read and looked into by keyboard', async () => {
  const { page, messages } = await open('/cost?project=shop');
  const bars = page.getByRole('application', { name: /^Cost by hour/ });
  await bars.focus();
  await page.keyboard.press('End');
  const said = page.locator('figure [aria-live]');
  await expect.poll(() => said.innerText()).toContain('so far, together');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  await expect.poll(() => key(page, 'from')).toMatch(/Z$/);
  await page.getByText(/^Cost in steps of \d+ minutes$/).waitFor();
  await stat(page, 'Cost').getByText('$1.70').waitFor();
  expect(messages).toEqual([]);
});

test('the export is asked for what is on screen', async () => {
  const { page, messages } = await open('/cost?project=shop&by=model,agent&q=workflow:refund');
  const menu = page.getByRole('navigation', { name: 'Export this report' });
  const link = menu.getByRole('link', { name: 'CSV' });
  const url = new URL((await link.getAttribute('href')) ?? '', collector.origin);
  expect(url.pathname).toBe('/api/cost/export');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    project: 'shop',
    by: 'model,agent',
    q: 'workflow:refund',
    sort: 'cost',
    format: 'csv',
  });
  expect(await link.getAttribute('download')).not.toBeNull();
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('waste says what counts, and leads to its runs, findings and traces', async () => {
  const { page, messages } = await open('/cost?project=shop&tab=waste');
  await stat(page, 'Of which for nothing').getByText('$0.40 (24 %)').waitFor();
  const failed = page.getByRole('listitem').filter({ hasText: 'Every call of a run that failed.' });
  expect(await failed.innerText()).toMatch(/\$0\.40\s*24 %/);
  expect(await findViolations(page)).toEqual([]);
  await failed.getByRole('link', { name: '1 run', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  expect(key(page, 'q')).toBe('status:failed');
  await page.goBack();
  await failed.getByRole('link', { name: 'Findings: Error escalation' }).click();
  await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
  await page.goBack();
  await failed.getByRole('link', { name: 'refund' }).click();
  await page.getByRole('heading', { level: 1, name: 'invoke_workflow refund' }).waitFor();
  expect(messages).toEqual([]);
});

test('a budget is made, changed and taken back in the form', async () => {
  const { page, messages } = await open('/cost?project=shop&tab=budgets');
  await page.getByRole('heading', { name: 'There is no budget yet' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make a budget' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Title').fill('Refunds <b>');
  await form.getByLabel('Filter on runs').fill('colour:red');
  await form.getByLabel('Amount, USD').fill('-1');
  await form.getByLabel('Time zone').fill('Mars/Base');
  const found: string[] = [];
  // What the server says stands at the field that it is about.
  for (const [field, sentence, right] of [
    ['Amount, USD', 'not below zero', '1'],
    ['Filter on runs', 'There is no field colour', 'workflow:refund'],
    ['Time zone', 'there is no time zone Mars/Base', 'Europe/Berlin'],
  ] as const) {
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByRole('alert').getByText(sentence).waitFor();
    const control = form.getByLabel(field);
    expect(await control.getAttribute('aria-invalid')).toBe('true');
    expect(await control.evaluate((element) => element === document.activeElement)).toBe(true);
    found.push(...(await findViolations(page)));
    await control.fill(right);
  }
  expect(found).toEqual([]);
  await form.getByRole('button', { name: 'Save' }).click();
  const card = page.getByRole('article', { name: 'Refunds <b>' });
  await card.getByRole('link', { name: '$0.70 of $1.00 (70 %)' }).waitFor();
  expect(await card.innerText()).toContain('$0.30 left');
  expect(await card.innerText()).toContain('100 % of calls priced');
  expect(await card.innerText()).toContain('too little history');
  await card.getByText('Nearly spent').waitFor();
  await card.getByText('View as table').click();
  await card.getByRole('row').filter({ hasText: '$0.70' }).first().waitFor();
  expect(await findViolations(page)).toEqual([]);

  await card.getByRole('button', { name: 'Change Refunds <b>' }).click();
  await form.getByLabel('Amount, USD').fill('0');
  await form.getByLabel('Period').selectOption('7d');
  await form.getByRole('button', { name: 'Save' }).click();
  await card.getByText('Exceeded').waitFor();
  await card.getByRole('link', { name: '$0.70 of $0', exact: true }).waitFor();
  await card.getByText('A trailing window has no end').waitFor();

  await card.getByRole('button', { name: 'Delete Refunds <b>' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'There is no budget yet' }).waitFor();
  expect(messages.filter((message) => !message.includes('400'))).toEqual([]);
});

test('a server without a price table says so, and the page goes on', async () => {
  const { page, messages } = await open('/cost?project=shop&tab=budgets');
  await page.route('**/api/prices*', (route) =>
    route.fulfill({ status: 404, json: { error: { code: 'not_found', message: 'Nothing.' } } }),
  );
  await page.getByRole('tab', { name: 'Prices' }).click();
  await page.getByRole('heading', { name: 'Prices are not available' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Report' }).click();
  await row(page, 'refund').waitFor();
  expect(messages.filter((message) => !message.includes('404'))).toEqual([]);
});

test('where nobody ever called a model, the page says how to begin', async () => {
  const { page, messages } = await open('/cost?project=nobody');
  await page.getByRole('heading', { name: 'Send your first trace' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('where nothing matches, the filter can be taken away; a wrong one is marked', async () => {
  const { page, messages } = await open('/cost?project=shop&q=workflow:nothing');
  await page.getByRole('heading', { name: 'Nothing was spent here' }).waitFor();
  await page.getByText('No run that matches “workflow:nothing”').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Remove the filter' }).click();
  await row(page, 'refund').waitFor();
  const filter = page.getByRole('searchbox', { name: 'Filter runs' });
  await filter.fill('colour:red');
  await filter.press('Enter');
  await page.getByRole('alert').getByText('There is no field colour').waitFor();
  expect(messages.filter((message) => !message.includes('400'))).toEqual([]);
});

test('where nothing has a price, nothing is said to be free', async () => {
  const { page, messages } = await open('/cost?project=local');
  await page.getByRole('heading', { name: 'Nothing here has a price' }).waitFor();
  expect(await stat(page, 'Cost').innerText()).toContain('0 % of calls priced');
  expect(await stat(page, 'Cost').innerText()).not.toContain('$');
  expect(await row(page, 'local').innerText()).not.toContain('$');
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Look at the tokens' }).click();
  await stat(page, 'Tokens').getByText('1k').waitFor();
  expect(messages).toEqual([]);
});

test('names of strangers stay text, and still lead to their runs', async () => {
  const { page, messages } = await open('/cost?project=hostile&by=workflow,agent', 320);
  const cell = table(page).getByRole('link', { name: script });
  await cell.waitFor();
  expect(await cell.innerText()).toContain('⟨U+202E⟩evil');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  expect(await findViolations(page)).toEqual([]);
  await table(page).getByRole('link', { name: '1 run', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  await page.getByRole('link', { name: script }).waitFor();
  await page.goBack();
  await table(page).getByRole('link', { name: '=1+1"quote\\' }).click();
  await table(page).getByText('$0.050').waitFor();
  expect(messages).toEqual([]);
});

test('a model without a price gets one, and one that makes it free is asked for twice', async () => {
  const model = `house${script}`;
  const house = { workflow: 'draft', agent: 'writer', agoMs: 60_000 };
  const call = { model, input: 1_000_000, output: 500_000 };
  const send = (number: number) =>
    collector.send('priced', toRequest('desk', costSpans({ ...house, number, calls: [call] })));
  await send(831);
  await untilJudged(collector.origin, 'priced', { runs: 1 });
  const { page, messages } = await open('/cost?project=priced&tab=prices');
  const models = page.getByRole('region', { name: 'Models that were used' });
  await models.getByText('1 of them without a price').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await models.getByRole('button', { name: `Set a price for ${model}` }).click();
  const form = page.getByRole('dialog');
  expect(await form.getByLabel('Model', { exact: true }).inputValue()).toBe(model);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('alert').getByText('0 = free').waitFor();
  await form.getByLabel('Input', { exact: true }).fill('1');
  await form.getByLabel('Output', { exact: true }).fill('2');
  expect(await findViolations(page)).toEqual([]);
  await form.getByRole('button', { name: 'Save' }).click();
  const own = page.getByRole('region', { name: 'Prices of your own' });
  await own.getByText('input $1.00, output $2.00').waitFor();
  await models.getByText('set here').waitFor();

  // What arrives from then on is priced by it.
  await send(832);
  await untilJudged(collector.origin, 'priced', { runs: 2 });
  await page.getByRole('tab', { name: 'Report' }).click();
  await stat(page, 'Cost').getByText('$2.00').waitFor({ timeout: 30_000 });
  expect(await stat(page, 'Cost').innerText()).toContain('50 % of calls priced');

  await page.getByRole('tab', { name: 'Prices' }).click();
  await own.getByRole('button', { name: /^Change the price/ }).click();
  await form.getByLabel('Input', { exact: true }).fill('0');
  await form.getByLabel('Output', { exact: true }).fill('0');
  await form.getByText('every call of it costs nothing').waitFor();
  await form.getByRole('button', { name: 'Save' }).click();
  const doubt = page.getByRole('dialog', { name: 'This makes calls free' });
  await doubt.getByText(`This makes ${model} free`).waitFor();
  await doubt.getByRole('button', { name: 'Make them free' }).click();
  await own.getByText('Its calls cost nothing.').waitFor();
  await own.getByRole('button', { name: /^Delete the price/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await own.getByText('There are none').waitFor();
  expect(messages.filter((message) => !message.includes('409'))).toEqual([]);
});

test('when the server goes, what was read stays, and the page says that it is old', async () => {
  const { page } = await open('/cost?project=shop');
  await row(page, 'refund').waitFor();
  await page.route('**/api/cost?*', (route) => route.abort());
  await page.getByLabel('And by').selectOption('model');
  await page.getByRole('heading', { name: 'The costs could not be read' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.unroute('**/api/cost?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await row(page, 'refund').first().waitFor();
});
