import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CostReport, IncidentList, OverviewHeatmap } from 'orchescope/contract';
import { findViolations, openPage, startBrowser } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { loopSpans, untilJudged } from './run-spans.ts';
import { spanIdOf, toRequest, traceIdOf, type TestSpan } from './spans.ts';

let collector: Collector;
let browser: Browser;

/** Today's last 1 s, 2 s ... 24 s; every sixth failed; half as many, and half as long, the day before. */
const runCount = 24;
const before = 12;
const hostile = `<script>alert(1)</script><img src=x onerror=alert(2)>\u202Egnp.exe`;

type Told = { readonly agoMs: number; readonly seconds: number; readonly hasFailed: boolean };

/** A workflow whose agent asks a model and calls a tool; when it fails, all but the model do. */
function runSpans(
  number: number,
  { agoMs, seconds, hasFailed }: Told,
  name = 'planner',
): TestSpan[] {
  const traceId = traceIdOf(number);
  const id = (at: number): string => spanIdOf(number * 10 + at);
  const failed = hasFailed ? { failed: 'it broke' } : {};
  const error = hasFailed ? ([['error.type', 'timeout']] as const) : [];
  const durationMs = seconds * 1000;
  return [
    {
      traceId,
      spanId: id(0),
      name: `invoke_workflow flow-${number}`,
      agoMs,
      durationMs,
      ...failed,
      attributes: [
        ['gen_ai.operation.name', 'invoke_workflow'],
        ['gen_ai.workflow.name', `flow-${number}`],
        ...error,
      ],
    },
    {
      traceId,
      spanId: id(1),
      parentSpanId: id(0),
      name: `invoke_agent ${name}`,
      agoMs,
      durationMs,
      ...failed,
      attributes: [
        ['gen_ai.operation.name', 'invoke_agent'],
        ['gen_ai.agent.name', name],
        ...error,
      ],
    },
    {
      traceId,
      spanId: id(2),
      parentSpanId: id(1),
      name: 'chat gpt-5-mini',
      agoMs: agoMs - 10,
      durationMs: 100,
      attributes: [
        ['gen_ai.operation.name', 'chat'],
        ['gen_ai.provider.name', 'openai'],
        ['gen_ai.request.model', 'gpt-5-mini'],
        ['gen_ai.usage.input_tokens', 1000],
        ['gen_ai.usage.output_tokens', 50],
      ],
    },
    {
      traceId,
      spanId: id(3),
      parentSpanId: id(1),
      name: `execute_tool ${name}-tool`,
      agoMs: agoMs - 200,
      durationMs: 100,
      ...failed,
      attributes: [
        ['gen_ai.operation.name', 'execute_tool'],
        ['gen_ai.tool.name', `${name}-tool`],
        ...error,
      ],
    },
  ];
}

/** Of a version of the service. */
function ofVersion(version: string, spans: readonly TestSpan[]): unknown {
  const body = toRequest('shop', spans) as {
    resourceSpans: { resource: { attributes: unknown[] } }[];
  };
  body.resourceSpans[0]?.resource.attributes.push({
    key: 'service.version',
    value: { stringValue: version },
  });
  return body;
}

const minuteMs = 60_000;
const today = Array.from({ length: runCount }, (_, at) => ({
  agoMs: (at + 1) * 10 * minuteMs,
  seconds: at + 1,
  hasFailed: at % 6 === 0,
}));

beforeAll(async () => {
  [collector, browser] = await Promise.all([
    startCollector({ ORCHESCOPE_ALERTS: 'on' }),
    startBrowser(),
  ]);
  const spansOf = (from: number, to: number): TestSpan[] =>
    today.slice(from, to).flatMap((told, at) => runSpans(from + at + 1, told));
  await collector.send('day', ofVersion('v2', spansOf(0, 6)));
  await collector.send('day', ofVersion('v1', spansOf(6, runCount)));
  const yesterday = Array.from({ length: before }, (_, at) =>
    runSpans(100 + at, { agoMs: (30 * 60 + at) * minuteMs, seconds: 6, hasFailed: false }),
  );
  await collector.send('day', ofVersion('v1', yesterday.flat()));
  const names = { workflow: hostile, agent: hostile, tool: hostile };
  const at = { traceId: traceIdOf(900), runId: 'run-900', firstId: 0x9000, agoMs: minuteMs };
  await collector.send(
    'hostile',
    ofVersion(hostile, [
      ...loopSpans(names, { ...at, rounds: 5 }),
      ...runSpans(901, { agoMs: minuteMs, seconds: 1, hasFailed: true }, hostile),
    ]),
  );
  await untilJudged(collector.origin, 'day', { runs: runCount });
  await untilJudged(collector.origin, 'hostile', { runs: 2, findings: 1 });
});
afterAll(async () => {
  await browser.close();
  await collector.close();
});

const open = (path: string, options = {}) =>
  openPage(browser, `${collector.origin}${path}`, options);
const stat = (page: Page, label: string) =>
  page.getByRole('link', { name: new RegExp(`^${label}: `) });
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const runRows = (page: Page): Promise<number> =>
  page
    .getByRole('table', { name: 'Runs' })
    .getByRole('row')
    .count()
    .then((count) => count - 1);

async function read<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${collector.origin}/api${path}`);
  if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}`);
  return (await answer.json()) as Answer;
}

test('six numbers are what was sent, beside what they were the day before', async () => {
  const { page, messages } = await open('/?project=day');
  const told = async (label: string): Promise<string> => stat(page, label).innerText();
  expect(await told('Runs')).toBe('24');
  expect(await told('Success')).toBe('83 %');
  // The 23rd of 24.
  expect(await told('End to end, p95')).toBe('23 s');
  expect(await told('Tokens')).toBe('25.2k');
  expect(await told('Open incidents')).toBe('0');
  const { total } = await read<CostReport>('/cost?project=day&from=now-24h&by=');
  const exact = await stat(page, 'Cost').getAttribute('title');
  expect(exact).toBe(`$${total.costUsd}`);
  expect(Number(total.costUsd)).toBeGreaterThan(0);
  const tiles = await page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { level: 3 }) })
    .allInnerTexts();
  expect(
    tiles.map((text) =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(2),
    ),
  ).toEqual([
    ['+100 % more'],
    ['−17 points worse', '4 runs failed'],
    ['+283 % slower'],
    ['+100 % more', '100 % of calls priced'],
    ['+100 % more', '1.05k a run'],
    ['as before'],
  ]);
  await panel(page, 'Runs and errors').getByRole('application').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('every number leads to the runs behind it', async () => {
  const { page, messages } = await open('/?project=day');
  for (const [label, rows] of [
    ['Runs', 24],
    ['Success', 20],
    ['End to end, p95', 2],
    ['Cost', 24],
    ['Tokens', 24],
  ] as const) {
    await stat(page, label).click();
    await expect.poll(() => runRows(page)).toBe(rows);
    await page.goBack();
  }
  await page.getByRole('link', { name: '4 runs failed' }).click();
  await expect.poll(() => runRows(page)).toBe(4);
  await page.goBack();
  await panel(page, 'Cost by model').getByRole('link', { name: 'gpt-5-mini' }).click();
  await expect.poll(() => runRows(page)).toBe(24);
  await page.goBack();
  await stat(page, 'Open incidents').click();
  await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
  expect(messages).toEqual([]);
});

test('who fails most is told with share and last error, and leads to runs that failed', async () => {
  const { page, messages } = await open('/?project=day');
  for (const [kind, name] of [
    ['Agents', 'planner'],
    ['Tools', 'planner-tool'],
  ] as const) {
    const row = panel(page, `${kind} that fail`).getByRole('row').nth(1);
    await row.waitFor();
    expect((await row.getByRole('cell').allInnerTexts()).map((text) => text.trim())).toEqual([
      name,
      '4',
      '17 %',
      '4',
      'timeout',
    ]);
    for (const link of [name, '4 runs']) {
      await row.getByRole('link', { name: link }).click();
      await expect.poll(() => runRows(page)).toBe(4);
      await page.goBack();
    }
  }
  expect(messages).toEqual([]);
});

test('a cell of the heatmap leads to its runs, by mouse, by keyboard and from the table', async () => {
  const { page, messages } = await open('/?project=day');
  const map = await read<OverviewHeatmap>('/overview/heatmap?project=day&from=now-24h&step=30m');
  expect(map.cells.reduce((sum, { runs }) => sum + runs, 0)).toBe(runCount);
  const heatmap = panel(page, 'How long runs took');
  const plot = heatmap.getByRole('application');
  await plot.focus();
  await page.keyboard.press('End');
  const words = await heatmap.locator('[aria-live]').innerText();
  const count = Number(/^\d+/.exec(words)?.[0]);
  await page.keyboard.press('Enter');
  await expect.poll(() => runRows(page)).toBe(count);
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('q')).toMatch(/^duration>=\S+ duration<\S+$/);
  await page.goBack();

  await heatmap.getByText('As a table').click();
  const link = heatmap.getByRole('link').first();
  const listed = Number(/^\d+/.exec(await link.innerText())?.[0]);
  await link.click();
  await expect.poll(() => runRows(page)).toBe(listed);
  await page.goBack();

  // The last column holds the newest runs: that of 1 s is in its lowest row.
  const box = await plot.boundingBox();
  const last = Math.max(...map.cells.map(({ at }) => at));
  const cell = map.cells.find(({ at }) => at === last);
  if (box === null || cell === undefined) throw new Error('The heatmap has no cells.');
  await page.mouse.click(
    box.x + ((cell.at + 0.5) / map.times.length) * box.width,
    box.y + (1 - (cell.row + 0.5) / map.rows.length) * (box.height - 18),
  );
  await expect.poll(() => runRows(page)).toBe(cell.runs);
  expect(messages).toEqual([]);
});

test('a new version stands among what changed and on the chart, and leads to its runs', async () => {
  const { page, messages } = await open('/?project=day');
  const deploys = panel(page, 'New versions');
  await deploys.getByRole('link', { name: 'shop v2' }).waitFor();
  expect(await deploys.getByRole('listitem').count()).toBe(1);
  await panel(page, 'Runs and errors').locator('text.word', { hasText: 'shop v2' }).waitFor();
  await deploys.getByRole('link').click();
  await expect.poll(() => runRows(page)).toBe(6);
  expect(messages).toEqual([]);
});

test('what fires is counted, listed and marked on the chart', { timeout: 120_000 }, async () => {
  await collector.send(
    'fire',
    toRequest('desk', runSpans(950, { agoMs: 2 * minuteMs, seconds: 1, hasFailed: false })),
  );
  // A group that comes to be while a rule looks is left alone for a minute: this one is there first.
  await untilJudged(collector.origin, 'fire', { runs: 1 });
  const rule = {
    id: 'any-run',
    title: 'Any run',
    metric: 'runs_started',
    interval: '10s',
    window: '10m',
    condition: { type: 'threshold', alert: 0.5, target: 0 },
    severity: 'warning',
  };
  const answer = await fetch(`${collector.origin}/api/alerts/rules`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project: 'fire', rule }),
  });
  expect(`${answer.status} ${answer.ok ? '' : await answer.text()}`).toBe('200 ');
  const openCount = async (): Promise<number> =>
    (await read<IncidentList>('/alerts/incidents?project=fire&state=open')).openCount;
  await expect.poll(openCount, { timeout: 90_000 }).toBe(1);

  const { page, messages } = await open('/?project=fire');
  await expect.poll(() => stat(page, 'Open incidents').innerText()).toBe('1');
  await panel(page, 'Runs and errors').locator('text.word', { hasText: 'Any run' }).waitFor();
  await panel(page, 'Newest runs').getByRole('link', { name: 'flow-950' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await panel(page, 'Open incidents').getByRole('link', { name: 'Any run' }).click();
  await page.getByRole('heading', { level: 1, name: 'Any run' }).waitFor();
  expect(messages).toEqual([]);
});

test('one part that fails leaves the others as they are, and can be asked again', async () => {
  const { page } = await openPage(browser, 'about:blank');
  await page.route('**/api/overview/failing?*', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'It broke.' } } }),
  );
  await page.route('**/api/findings/list?*', (route) =>
    route.fulfill({ status: 400, json: { error: { code: 'invalid_request', message: 'No.' } } }),
  );
  await page.goto(`${collector.origin}/?project=day`);
  await panel(page, 'Agents that fail').getByText('It broke.').waitFor();
  await panel(page, 'Findings that wasted most').getByText('No.').waitFor();
  expect(await stat(page, 'Runs').innerText()).toBe('24');
  expect(await findViolations(page)).toEqual([]);
  await page.unroute('**/api/overview/failing?*');
  await panel(page, 'Agents that fail').getByRole('button', { name: 'Try again' }).click();
  await panel(page, 'Agents that fail').getByRole('link', { name: 'planner' }).waitFor();
});

test('nothing moves while the parts arrive in any order', async () => {
  const { page } = await openPage(browser, 'about:blank');
  let release: (() => void)[] = [];
  await page.route('**/api/overview/**', async (route) => {
    await new Promise<void>((resolve) => release.push(resolve));
    await route.continue();
  });
  await page.goto(`${collector.origin}/?project=day`);
  const places = () =>
    page.locator('section').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  await expect.poll(() => release.length).toBe(5);
  const early = await places();
  for (const go of release.reverse()) go();
  release = [];
  await panel(page, 'Cost by model').getByRole('link', { name: 'gpt-5-mini' }).waitFor();
  await panel(page, 'Runs and errors').getByRole('application').waitFor();
  expect(await places()).toEqual(early);
});

test('hostile names are text', async () => {
  const { page, messages } = await open('/?project=hostile');
  await panel(page, 'Agents that fail').getByText('<script>alert(1)</script>').waitFor();
  await panel(page, 'New versions').getByText('<script>alert(1)</script>').waitFor();
  await panel(page, 'Newest runs').getByText('<script>alert(1)</script>').first().waitFor();
  expect(await page.locator('main').innerText()).not.toContain('\u202E');
  await panel(page, 'Findings that wasted most').getByRole('link', { name: 'Loop' }).click();
  await page.getByRole('treegrid').waitFor();
  expect(messages).toEqual([]);
});

test('whoever has sent nothing is led to the first trace, and from it to the list', async () => {
  const { page, messages } = await open('/?project=fresh');
  await page.getByRole('heading', { name: 'Send your first trace' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByText('Live', { exact: true }).waitFor();
  await collector.send(
    'fresh',
    toRequest('app', runSpans(1, { agoMs: 100, seconds: 0.05, hasFailed: false })),
  );
  await page.getByRole('table', { name: 'Runs' }).getByRole('link', { name: 'flow-1' }).waitFor();
  expect(messages).toEqual([]);
});

test('a range without runs says where the newest one is', async () => {
  const { page, messages } = await open(
    '/?project=day&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
  );
  await page.getByText('No run began in this range.').first().waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('link', { name: /^Latest run/ }).click();
  await expect.poll(() => stat(page, 'Runs').innerText()).toBe('24');
  expect(messages).toEqual([]);
});

test('at 320 px everything is in one column, and nothing is cut off', async () => {
  const { page, messages } = await open('/?project=day', { viewport: { width: 320, height: 800 } });
  await panel(page, 'Agents that fail').getByRole('link', { name: 'planner' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const region = page.getByRole('region', { name: 'Overview', exact: true });
  expect(await region.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  expect(await findViolations(page)).toEqual([]);
  expect(messages).toEqual([]);
});

test('the page needs at most 120 KB of script', async () => {
  const { page } = await openPage(browser, 'about:blank');
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.endsWith('.js')) return;
    sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto(`${collector.origin}/?project=day`);
  await panel(page, 'Runs and errors').getByRole('application').waitFor();
  await panel(page, 'Agents that fail').getByRole('link', { name: 'planner' }).waitFor();
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(total / 1024).toBeLessThanOrEqual(120);
});
