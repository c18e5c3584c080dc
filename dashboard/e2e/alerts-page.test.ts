import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentList } from 'orchescope/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSink, type Sink } from '../../collector/src/alerts/channels/sink.testing.ts';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { untilJudged } from './run-spans.ts';
import { spanIdOf, toRequest, traceIdOf, type TestSpan } from './spans.ts';

let collector: Collector;
let browser: Browser;
let sink: Sink;

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
/** Of the rule and the workflow: one turns around what follows it. */
const title = `${script}\u202Eevil`;
const hostileGroup = `desk ${script}`;
const shownTitle = `${script}⟨U+202E⟩evil`;

beforeAll(async () => {
  // What a channel answers is as hostile as a span.
  sink = await startSink(({ path }) =>
    path === '/broken' ? { status: 400, body: script } : { status: 200 },
  );
  [collector, browser] = await Promise.all([
    startCollector({ ORCHESCOPE_ALERTS: 'on', ORCHESCOPE_ALERT_ALLOW: `127.0.0.1:${sink.port}` }),
    startBrowser(),
  ]);
  for (const [name, path] of [
    ['sink', '/hook'],
    ['broken', '/broken'],
  ] as const) {
    await change('PUT', '/api/alerts/channels', {
      project: 'fire',
      channel: { name, type: 'webhook', url: `http://127.0.0.1:${sink.port}${path}` },
    });
  }
  await collector.send(
    'fire',
    toRequest('desk', [workflow(1, hostileGroup), workflow(2, 'refund')]),
  );
  // A group that comes to be while a rule looks is left alone for a minute: these are there first.
  await untilJudged(collector.origin, 'fire', { runs: 2 });
  await change('PUT', '/api/alerts/rules', {
    project: 'fire',
    rule: {
      id: 'any-run',
      title,
      metric: 'runs_started',
      by: 'workflow',
      interval: '10s',
      window: '10m',
      condition: { type: 'threshold', alert: 0.5, target: 0 },
      severity: 'critical',
      channels: ['sink', 'broken'],
      labels: { team: script },
      runbook: 'https://wiki.example/any-run',
      owner: script,
    },
  });
  await untilOpen('fire', 2);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await collector.close();
  await sink[Symbol.asyncDispose]();
});

function workflow(number: number, name: string): TestSpan {
  return {
    traceId: traceIdOf(number),
    spanId: spanIdOf(number),
    name: `invoke_workflow ${name}`,
    agoMs: 120_000,
    durationMs: 500,
    attributes: [
      ['gen_ai.operation.name', 'invoke_workflow'],
      ['gen_ai.workflow.name', name],
    ],
  };
}

async function change(method: 'PUT' | 'POST', path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const url = `${collector.origin}${path}`;
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  }
}

/** Resolves when the rule has so many incidents open: an interval or two after the spans. */
async function untilOpen(project: string, wanted: number): Promise<void> {
  const patienceMs = 90_000;
  const startedMs = performance.now();
  for (;;) {
    const url = `${collector.origin}/api/alerts/incidents?project=${project}&rule=any-run&state=open`;
    const { incidents } = (await (await fetch(url)).json()) as IncidentList;
    if (incidents.length >= wanted) return;
    if (performance.now() - startedMs > patienceMs) {
      throw new Error(`wait for ${wanted} open incidents of ${project}: ${incidents.length} are`);
    }
    await sleep(200);
  }
}

const open = (path: string) => openPage(browser, `${collector.origin}${path}`);
const bar = (page: Page) => page.getByRole('status', { name: 'Critical alerts' });
const incidents = (page: Page) => page.getByRole('table', { name: 'Incidents' });
const dialog = (page: Page) => page.getByRole('dialog');
const facts = (page: Page) => page.getByRole('region', { name: 'What happened', exact: true });
const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

async function openIncident(page: Page, group: string): Promise<void> {
  await incidents(page).getByRole('row').filter({ hasText: group }).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: shownTitle }).waitFor();
}

test('what fires is seen on every page, and can be put away', async () => {
  const { page, messages } = await open('/runs?project=fire');
  await page.getByRole('link', { name: /^Alerts: \d+ open, the worst is critical$/ }).waitFor();
  await bar(page).getByText(shownTitle).waitFor();
  expect(await page.title()).toMatch(/^\(\d+!\) Runs/);
  expect(await findViolations(page)).toEqual([]);

  await bar(page).getByRole('link', { name: shownTitle }).click();
  await page.getByRole('heading', { level: 1, name: shownTitle }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  // Two of this rule; a default rule may fire as well.
  while ((await bar(page).getByRole('button').count()) > 0) {
    await bar(page).getByRole('button', { name: 'Put away for this incident' }).click();
  }
  await page.reload();
  await page.getByRole('link', { name: /^Alerts: \d+ open/ }).waitFor();
  expect(await bar(page).getByRole('link').count()).toBe(0);
  expect(messages).toEqual([]);
});

test('the keyboard alone walks the incidents and opens one', async () => {
  const { page, messages } = await open('/runs?project=fire');
  await page.getByRole('link', { name: /^Alerts/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
  const links = incidents(page).getByRole('link');
  await links.nth(1).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await links.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect
    .poll(() => links.nth(1).evaluate((link) => link === document.activeElement))
    .toBe(true);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Incident', exact: true }).waitFor();
  expect(messages).toEqual([]);
});

test('the list is narrowed by rule and state, and says why it is empty', async () => {
  const { page, messages } = await open('/alerts?project=fire');
  await incidents(page).getByRole('link').first().waitFor();
  await page.getByRole('combobox', { name: 'Rule' }).selectOption('any-run');
  await page.getByRole('combobox', { name: 'State' }).selectOption('open');
  expect(new URL(page.url()).search).toBe('?project=fire&state=open&rule=any-run');
  await rowOf(page, 'refund').waitFor();
  await page.getByRole('combobox', { name: 'Rule' }).selectOption('loop-rate');
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  await page.getByRole('link', { name: 'Remove the filter' }).click();
  await rowOf(page, 'refund').waitFor();

  await page.goto(`${collector.origin}/alerts?project=nobody`);
  await page.getByRole('heading', { name: 'No alert has ever fired here' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.goto(`${collector.origin}/alerts/incidents/none?project=fire`);
  await page.getByRole('heading', { name: 'There is no such incident' }).waitFor();
  expect(messages.filter((message) => !message.includes('404'))).toEqual([]);
});

test('an incident shows what is behind it, and who was told', async () => {
  const { page, messages } = await open('/alerts?project=fire&rule=any-run');
  await openIncident(page, hostileGroup);
  await facts(page).getByText('Firing').waitFor();
  await facts(page).getByText('1, above 0.5').waitFor();
  const runbook = facts(page).getByRole('link', { name: 'Runbook' });
  expect(await runbook.getAttribute('rel')).toContain('noopener');
  await page.getByRole('figure').first().waitFor();
  await page.getByRole('listitem').filter({ hasText: 'Fired' }).first().waitFor();
  const told = page.getByRole('region', { name: 'Who was told' });
  await told.getByRole('row').filter({ hasText: 'sink' }).getByText('Delivered').waitFor();
  await told.getByRole('row').filter({ hasText: 'broken' }).getByText('Given up').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(sink.requests.filter(({ path }) => path === '/hook').length).toBeGreaterThan(0);

  const runs = page.getByRole('region', { name: 'Runs that show it' });
  await runs.getByRole('link', { name: hostileGroup }).click();
  await page.getByRole('heading', { level: 1, name: `invoke_workflow ${hostileGroup}` }).waitFor();
  await page.goBack();
  await facts(page).getByRole('link', { name: 'The runs behind it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
  await page.getByRole('link', { name: hostileGroup }).first().waitFor();
  expect(messages).toEqual([]);
});

test('an incident is acknowledged, silenced and resolved by hand', async () => {
  const { page, messages } = await open('/alerts?project=fire&rule=any-run');
  await openIncident(page, 'refund');
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await dialog(page).getByLabel('Your name').fill('Ada <b>');
  expect(await findViolations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Acknowledge' }).click();
  await facts(page).getByText('Acknowledged by Ada <b>').waitFor();

  await page.getByRole('button', { name: 'Silence' }).click();
  await expect
    .poll(() => dialog(page).getByRole('textbox', { name: 'Value' }).count())
    .toBeLessThanOrEqual(2);
  await dialog(page).getByText('Matches 1 group not normal now.').waitFor();
  await dialog(page).getByRole('button', { name: '30m' }).click();
  await dialog(page).getByLabel('Why').fill(script);
  expect(await findViolations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Silence', exact: true }).click();
  await facts(page).getByText('Silenced: nobody is told').waitFor();

  await page
    .getByRole('navigation', { name: 'Alerts' })
    .getByRole('link', { name: 'Silences' })
    .click();
  const silence = rowOf(page, 'group is refund');
  await silence.getByText('Active').waitFor();
  await silence.getByText(script).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await silence.getByRole('button', { name: 'End now' }).click();
  await dialog(page).getByRole('button', { name: 'End now' }).click();
  await silence.getByText('Over').waitFor();

  await page.goBack();
  await page.getByRole('button', { name: 'Resolve' }).click();
  await dialog(page).getByRole('button', { name: 'Resolve by hand' }).click();
  // With the next evaluation.
  await facts(page).getByText('Resolved', { exact: true }).waitFor({ timeout: 30_000 });
  expect(await page.getByRole('button', { name: 'Resolve' }).count()).toBe(0);
  expect(messages).toEqual([]);
});

test('a link of a message opens the form of a silence with what it is about', async () => {
  const { page, messages } = await open('/alerts/silences?project=fire&rule=any-run&group=a%20b');
  const values = dialog(page).getByLabel('Value');
  await values.nth(1).waitFor();
  expect(await values.nth(0).inputValue()).toBe('any-run');
  expect(await values.nth(1).inputValue()).toBe('a b');
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog(page).count()).toBe(0);
  await expect.poll(() => new URL(page.url()).search).toBe('?project=fire');
  expect(messages).toEqual([]);
});

test('a mute timing is made, changed and deleted', async () => {
  const { page, messages } = await open('/alerts/silences?project=mute');
  await page.getByRole('button', { name: 'Mute timing' }).click();
  await dialog(page).getByLabel('Name', { exact: true }).fill('weekends');
  await dialog(page).getByLabel('Time zone').fill('Nowhere/Town');
  await dialog(page).getByLabel('Sat').check();
  await dialog(page).getByLabel('Sun').check();
  await dialog(page).getByLabel('From').fill('00:00');
  await dialog(page).getByLabel('To').fill('24:00');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByRole('alert').getByText('There is no time zone').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await dialog(page).getByLabel('Time zone').fill('Europe/Berlin');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await rowOf(page, 'weekends').getByText('Sat, Sun all day').waitFor();

  await page.getByRole('button', { name: 'Change weekends' }).click();
  await dialog(page).getByLabel('Sat').uncheck();
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await rowOf(page, 'weekends').getByText('Sun all day', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Delete weekends' }).click();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByText('There are none: rules tell at any time.').waitFor();
  expect(messages.filter((message) => !message.includes('400'))).toEqual([]);
});

test('a channel is made in the form, tried, and kept with its secret', async () => {
  const { page, messages } = await open('/alerts/channels?project=told');
  await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Add a channel' }).click();
  await dialog(page).getByLabel('Name', { exact: true }).fill('hook');
  await dialog(page).getByLabel('Address').fill('http://10.0.0.1/hook');
  await dialog(page).getByRole('button', { name: 'Send a test' }).click();
  await dialog(page).getByText('ORCHESCOPE_ALERT_ALLOW').waitFor();
  expect(await findViolations(page)).toEqual([]);

  const address = `http://127.0.0.1:${sink.port}/told`;
  const sent = (): number => sink.requests.filter(({ path }) => path === '/told').length;
  await dialog(page).getByLabel('Address').fill(address);
  await dialog(page)
    .getByLabel('Signing secret')
    .fill(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  await dialog(page).getByLabel('Takes what names no channel').check();
  await dialog(page).getByRole('button', { name: 'Send a test' }).click();
  await dialog(page)
    .getByText(/^Delivered in/)
    .waitFor();
  expect(sent()).toBe(1);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  const row = rowOf(page, 'hook');
  await row.getByText('default').waitFor();
  await row.getByText(`127.0.0.1:${sink.port}`).first().waitFor();
  await page.getByRole('button', { name: 'Send a test to hook' }).click();
  await row.getByText(/^Delivered in/).waitFor();
  expect(sent()).toBe(2);
  expect(sink.requests.at(-1)?.headers['webhook-signature']).toMatch(/^v1,/);

  // The secret is kept for its host alone.
  await page.getByRole('button', { name: 'Change hook' }).click();
  await dialog(page).getByLabel('Keep the one that is stored').waitFor();
  await dialog(page).getByLabel('Is told when it is over').uncheck();
  expect(await findViolations(page)).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => dialog(page).count()).toBe(0);
  await page.getByRole('button', { name: 'Delete hook' }).click();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
  expect(messages.filter((message) => !message.includes('400'))).toEqual([]);
});

test('what a channel answers stays text, also where there is little room', async () => {
  const { page, messages } = await openPage(
    browser,
    `${collector.origin}/alerts/channels?project=fire`,
    { viewport: { width: 320, height: 640 } },
  );
  await rowOf(page, 'broken').getByText('400').first().waitFor();
  for (const path of ['/alerts/channels', '/alerts', '/alerts/silences']) {
    await page.goto(`${collector.origin}${path}?project=fire`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  }
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('another project keeps the page', async () => {
  const { page, messages } = await open('/alerts/channels?project=nobody');
  await page.getByRole('heading', { name: 'Nobody is told yet' }).waitFor();
  await page.getByRole('combobox', { name: 'Project' }).selectOption('fire');
  await rowOf(page, 'broken').waitFor();
  expect(new URL(page.url()).pathname).toBe('/alerts/channels');
  expect(messages).toEqual([]);
});
