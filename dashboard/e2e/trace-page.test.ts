import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findViolations, openPage, startBrowser, type Watched } from './browser.ts';
import { startCollector, type Collector } from './collector.ts';
import { spanIdOf, toLogRequest, toRequest, traceIdOf, type TestSpan } from './spans.ts';

let collector: Collector;
let browser: Browser;

const ids = { root: spanIdOf(1), chat: spanIdOf(2), tool: spanIdOf(3), quiet: spanIdOf(4) };
const plain = traceIdOf(1);
const hostile = traceIdOf(2);
const long = traceIdOf(3);
const logged = traceIdOf(30);

const messages = (...given: readonly unknown[]): string => JSON.stringify(given);
const text = (content: string) => ({ type: 'text', content });

const plainSpans: readonly TestSpan[] = [
  {
    traceId: plain,
    spanId: ids.root,
    name: 'invoke_agent planner',
    agoMs: 10_000,
    durationMs: 5000,
    attributes: [
      ['gen_ai.operation.name', 'invoke_agent'],
      ['gen_ai.agent.name', 'planner'],
      ['tier', 'gold'],
    ],
  },
  {
    traceId: plain,
    spanId: ids.chat,
    parentSpanId: ids.root,
    name: 'chat gpt-x',
    agoMs: 9000,
    durationMs: 2000,
    attributes: [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.request.model', 'gpt-x'],
      ['gen_ai.usage.input_tokens', 4120],
      ['gen_ai.usage.output_tokens', 612],
      ['gen_ai.usage.cache_read.input_tokens', 3000],
      ['gen_ai.conversation.id', 'conv-7'],
      [
        'gen_ai.input.messages',
        messages(
          { role: 'user', parts: [text('What is the weather in Lisbon?')] },
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'I should look it up.' },
              { type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Lisbon' } },
            ],
          },
          {
            role: 'tool',
            parts: [{ type: 'tool_call_response', id: 'c1', response: { celsius: 21 } }],
          },
        ),
      ],
      [
        'gen_ai.output.messages',
        messages({ role: 'assistant', parts: [text('It is 21 °C.')], finish_reason: 'stop' }),
      ],
    ],
    links: [{ traceId: hostile, spanId: spanIdOf(9) }],
  },
  {
    traceId: plain,
    spanId: ids.tool,
    parentSpanId: ids.root,
    name: 'execute_tool weather',
    agoMs: 7000,
    durationMs: 500,
    failed: 'no answer in 10 s',
    attributes: [
      ['gen_ai.operation.name', 'execute_tool'],
      ['gen_ai.tool.name', 'weather'],
      ['gen_ai.tool.call.arguments', '{"city":"Lisbon","station":9007199254740993}'],
      ['error.type', 'TimeoutError'],
    ],
    events: [
      {
        name: 'exception',
        attributes: [
          ['exception.type', 'TimeoutError'],
          ['exception.message', 'upstream was silent'],
          ['exception.stacktrace', 'TimeoutError: upstream was silent\n    at weather.ts:12'],
        ],
      },
    ],
  },
  {
    traceId: plain,
    spanId: ids.quiet,
    parentSpanId: ids.root,
    name: 'nothing inside',
    agoMs: 6000,
    durationMs: 10,
  },
];

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const hostileSpans: readonly TestSpan[] = [
  {
    traceId: hostile,
    spanId: spanIdOf(9),
    name: `${script}\u202Egnp.exe`,
    agoMs: 5000,
    durationMs: 1000,
    failed: script,
    attributes: [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.request.model', script],
      ['__proto__', 'polluted'],
      ['constructor', script],
      ['javascript', 'javascript:alert(3)'],
      [
        'gen_ai.input.messages',
        messages({
          role: script,
          parts: [
            text(`${script} \u202Eevil\u2066`),
            { type: 'uri', modality: 'image', mime_type: 'image/png', uri: 'javascript:alert(4)' },
            {
              type: 'uri',
              modality: 'image',
              mime_type: 'image/png',
              uri: 'https://example.com/a.png',
            },
            { type: 'tool_call', id: '1', name: script, arguments: '{"__proto__":{"x":1}}' },
          ],
        }),
      ],
    ],
    events: [{ name: script, attributes: [['__proto__', script]] }],
  },
];

const megabyte = `start ${'lorem ipsum dolor sit amet '.repeat(40_000)}end`;
const longSpans: readonly TestSpan[] = [
  {
    traceId: long,
    spanId: spanIdOf(5),
    name: 'chat with a book',
    agoMs: 4000,
    durationMs: 1000,
    attributes: [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.input.messages', messages({ role: 'user', parts: [text(megabyte)] })],
    ],
  },
];

const loggedSpans: readonly TestSpan[] = [
  {
    traceId: logged,
    spanId: ids.chat,
    name: 'chat that logs',
    agoMs: 5000,
    durationMs: 1000,
    attributes: [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.response.id', 'resp-77'],
    ],
  },
];

beforeAll(async () => {
  [collector, browser] = await Promise.all([startCollector(), startBrowser()]);
  for (const spans of [plainSpans, hostileSpans, longSpans]) {
    await collector.send('default', toRequest('weather-desk', spans));
  }
});
afterAll(async () => {
  await browser.close();
  await collector.close();
});

const open = (path: string): Promise<Watched> => openPage(browser, `${collector.origin}${path}`);
const panelOf = (page: Page) => page.getByRole('region', { name: 'Span', exact: true });
const openTab = (page: Page, name: RegExp | string): Promise<void> =>
  panelOf(page).getByRole('tab', { name }).click();

test('the page says what the trace took, and the panel opens on a row', async () => {
  const { page, messages: said } = await open(`/traces/${plain}`);
  await page.getByRole('heading', { level: 1, name: 'invoke_agent planner' }).waitFor();
  await page.locator('dd').filter({ hasText: '1 error' }).waitFor();
  await page.getByRole('row', { name: /chat gpt-x/ }).click();
  await panelOf(page).getByRole('heading', { name: 'chat gpt-x' }).waitFor();
  expect(new URL(page.url()).searchParams.get('span')).toBe(ids.chat);
  await panelOf(page).getByText('4,120 → 612').waitFor();
  await panelOf(page).getByText('Tokens read from cache').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await panelOf(page).getByRole('button', { name: 'Close span panel' }).focus();
  await page.keyboard.press('Escape');
  await panelOf(page).waitFor({ state: 'detached' });
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('role')))
    .toBe('row');
  expect(said).toEqual([]);
});

test('a failed span says what went wrong, and where', async () => {
  const { page, messages: said } = await open(`/traces/${plain}?span=${ids.tool}`);
  const failure = panelOf(page).getByRole('region', { name: 'Error' });
  await failure.getByRole('heading', { name: 'TimeoutError' }).waitFor();
  await failure.getByText('upstream was silent').first().waitFor();
  await failure.getByText('Stack').click();
  await failure.getByText('weather.ts:12').waitFor();
  expect(said).toEqual([]);
});

test('every tab shows what the span carries', async () => {
  const { page, messages: said } = await open(`/traces/${plain}?span=${ids.chat}`);
  const panel = panelOf(page);

  await openTab(page, 'Input/Output');
  await panel.getByText('What is the weather in Lisbon?').waitFor();
  const call = panel.locator('.tool').filter({ hasText: 'weather' }).first();
  await call.getByText('Lisbon').waitFor();
  await call.getByText('celsius').waitFor();
  expect(await panel.getByText('I should look it up.').isVisible()).toBe(false);
  await panel.getByText('Reasoning').click();
  expect(await panel.getByText('I should look it up.').isVisible()).toBe(true);
  await panel.getByText('It is 21 °C.').waitFor();
  expect(await findViolations(page)).toEqual([]);

  await openTab(page, /^Attributes/);
  await panel.getByRole('searchbox').fill('conversation');
  await expect.poll(() => panel.locator('dt').allInnerTexts()).toEqual(['gen_ai.conversation.id']);
  expect(await findViolations(page)).toEqual([]);

  await openTab(page, /^Events/);
  await panel.getByText('Nothing was recorded inside this span.').waitFor();

  await openTab(page, /^Logs/);
  await panel.getByText('No log record names this span.').waitFor();

  await openTab(page, /^Raw/);
  await panel.getByText('modelRequested:').waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(new URL(page.url()).searchParams.get('tab')).toBe('raw');

  await openTab(page, /^Links/);
  await panel.getByRole('link', { name: /of trace/ }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/traces/${hostile}`);
  expect(said).toEqual([]);
});

test('what was logged about a span is read in its panel', async () => {
  const at = { traceId: logged, spanId: ids.chat } as const;
  await collector.send('default', toRequest('weather-desk', loggedSpans));
  await collector.send(
    'default',
    toLogRequest('weather-desk', [
      { ...at, eventName: 'gen_ai.user.message', attributes: [['content', 'Is it warm?']] },
      {
        ...at,
        eventName: 'claude_code.api_request',
        body: 'claude_code.api_request',
        attributes: [
          ['model', 'claude-x'],
          ['input_tokens', 12],
          ['output_tokens', 34],
          ['cost_usd', 0.5],
          ['duration_ms', 2150],
        ],
      },
      { ...at, eventName: 'note', body: script },
      {
        eventName: 'gen_ai.evaluation.result',
        attributes: [
          ['gen_ai.evaluation.name', 'Relevance'],
          ['gen_ai.evaluation.score.value', 0.75],
          ['gen_ai.evaluation.score.label', 'relevant'],
          ['gen_ai.evaluation.explanation', 'It names the city.'],
          ['gen_ai.response.id', 'resp-77'],
        ],
      },
    ]),
    'logs',
  );
  const { page, messages: said } = await open(`/traces/${logged}?span=${ids.chat}&tab=logs`);
  const panel = panelOf(page);
  const evaluations = panel.getByRole('region', { name: 'Evaluations' });
  await evaluations.getByText('Relevance').waitFor();
  expect(await evaluations.innerText()).toMatch(/0\.75[^]*relevant[^]*It names the city\./);
  const records = panel.getByRole('region', { name: 'Log records' });
  await records.getByText('claude-x · 12 → 34 tokens · $0.50 · 2.15 s').waitFor();
  await records.getByText(script).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await openTab(page, 'Input/Output');
  await panel.getByText('Is it warm?').waitFor();
  expect(said).toEqual([]);
});

test('tool arguments keep numbers JavaScript would round', async () => {
  const { page, messages: said } = await open(`/traces/${plain}?span=${ids.tool}&tab=content`);
  await panelOf(page).getByText('9007199254740993').waitFor();
  await openTab(page, /^Events/);
  await panelOf(page).getByText('exception', { exact: true }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(said).toEqual([]);
});

test('a span without content says why there may be none', async () => {
  const { page, messages: said } = await open(`/traces/${plain}?span=${ids.quiet}&tab=content`);
  await panelOf(page).getByText('No content was sent').waitFor();
  expect(said).toEqual([]);
});

test('an attribute finds the other traces that have it', async () => {
  const { page, messages: said } = await open(`/traces/${plain}?span=${ids.root}&tab=attributes`);
  await panelOf(page).getByRole('link', { name: 'Traces with attributes.tier:gold' }).click();
  await page.getByRole('table').getByRole('link', { name: 'invoke_agent planner' }).waitFor();
  expect(await page.getByRole('searchbox').inputValue()).toBe('attributes.tier:gold');
  expect(said).toEqual([]);
});

test('hostile content stays text, and hidden characters are shown', async () => {
  const { page, messages: said } = await open(`/traces/${hostile}?span=${spanIdOf(9)}`);
  const panel = panelOf(page);
  await panel.getByText(script).first().waitFor();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('⟨U+202E⟩');
  await openTab(page, 'Input/Output');
  await panel.getByText('⟨U+202E⟩evil⟨U+2066⟩').waitFor();
  await panel.getByText('__proto__:').waitFor();
  expect(await panel.getByRole('link').evaluateAll(readLinks)).toEqual([
    ['https://example.com/a.png', 'noopener noreferrer'],
  ]);
  for (const tab of [/^Attributes/, /^Events/]) {
    await openTab(page, tab);
    await panel.getByText('__proto__').first().waitFor();
  }
  await openTab(page, /^Raw/);
  await panel.getByRole('button', { name: /^attributes:/ }).click();
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(await page.evaluate(() => 'x' in {})).toBe(false);
  await page.goto(`${collector.origin}/traces`);
  await page.getByRole('table').getByText(`${script}⟨U+202E⟩gnp.exe`).waitFor();
  expect(said).toEqual([]);
});

const readLinks = (links: readonly Element[]): (readonly [string | null, string | null])[] =>
  links.map((link) => [link.getAttribute('href'), link.getAttribute('rel')] as const);

test('a message of a megabyte comes in pieces', async () => {
  const { page, messages: said } = await open(`/traces/${long}?span=${spanIdOf(5)}&tab=content`);
  const panel = panelOf(page);
  await panel.getByText('start lorem').waitFor();
  const shown = (): Promise<number> =>
    panel.evaluate((element) => element.textContent?.length ?? 0);
  expect(await shown()).toBeLessThan(5000);
  await panel.getByRole('button', { name: /^Show/ }).click();
  await expect.poll(shown).toBeGreaterThan(40_000);
  expect(await shown()).toBeLessThan(60_000);
  expect(said).toEqual([]);
});

test('spans that arrive later are drawn without asking', async () => {
  const { page, messages: said } = await open(`/traces/${plain}`);
  const grid = page.getByRole('treegrid');
  await grid.getByRole('row', { name: /nothing inside/ }).waitFor();
  await collector.send(
    'default',
    toRequest('weather-desk', [
      {
        traceId: plain,
        spanId: spanIdOf(77),
        parentSpanId: ids.root,
        name: 'late arrival',
        agoMs: 5500,
        durationMs: 100,
      },
    ]),
  );
  await grid.getByRole('row', { name: /late arrival/ }).waitFor();
  expect(said).toEqual([]);
});

test('the panel is resized by keyboard and remembers it', async () => {
  const { page, messages: said } = await open(`/traces/${plain}?span=${ids.chat}`);
  const splitter = page.getByRole('separator', { name: 'Width of the span panel' });
  await splitter.focus();
  const before = Number(await splitter.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowLeft');
  await expect
    .poll(async () => Number(await splitter.getAttribute('aria-valuenow')))
    .toBeGreaterThan(before);
  const after = await splitter.getAttribute('aria-valuenow');
  await page.reload();
  await expect.poll(() => splitter.getAttribute('aria-valuenow')).toBe(after);
  expect(said).toEqual([]);
});

test('on a phone the panel lies over the waterfall', async () => {
  const { page, messages: said } = await openPage(
    browser,
    `${collector.origin}/traces/${plain}?span=${ids.chat}`,
    { viewport: { width: 390, height: 844 } },
  );
  await panelOf(page).getByText('4,120 → 612').waitFor();
  expect((await panelOf(page).boundingBox())?.width).toBe(390);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await findViolations(page)).toEqual([]);
  await panelOf(page).getByRole('button', { name: 'Close span panel' }).click();
  await page.getByRole('treegrid').getByRole('row').first().click();
  await panelOf(page).waitFor();
  expect(said).toEqual([]);
});

test('a trace that is not here is shown when it comes', async () => {
  const missing = traceIdOf(99);
  const { page } = await open(`/traces/${missing}`);
  await page.getByRole('heading', { name: 'There is no such trace here' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await collector.send(
    'default',
    toRequest('late', [
      { traceId: missing, spanId: spanIdOf(1), name: 'here now', agoMs: 100, durationMs: 50 },
    ]),
  );
  await page.getByRole('heading', { level: 1, name: 'here now' }).waitFor();
});

test('a span that is not in the trace is an error of the panel alone', async () => {
  const { page } = await open(`/traces/${plain}?span=${spanIdOf(1234)}`);
  await panelOf(page).getByRole('heading', { name: 'The span could not be read' }).waitFor();
  await page.getByRole('treegrid').waitFor();
  expect(await page.getByRole('row', { name: /chat gpt-x/ }).count()).toBe(1);
});
