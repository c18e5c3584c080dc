import type { NoticeCode, TraceSkeleton } from 'orchescope/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShapeName } from '../../bench/shapes/index.ts';
import {
  activeRow,
  countElements,
  findViolations,
  focusRows,
  rowCount,
  startStage,
} from './waterfall-page.ts';
import type { Stage } from './waterfall-page.ts';

/** A machine that is busy with other tests needs its time to take 100,000 spans in. */
const sendingMs = 120_000;

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => stage.close());

type Expectation = (page: Page) => Promise<void>;

const sees =
  (text: string | RegExp): Expectation =>
  async (page) => {
    await page.getByText(text).first().waitFor();
  };

/** With everything expanded, the last row is in reach and says which one it is. */
const reachesEndOf =
  (atLeast: number): Expectation =>
  async (page) => {
    await page.keyboard.press(']');
    await focusRows(page);
    await page.keyboard.press('End');
    await expect.poll(() => activeRow(page)).toMatch(/row (\d+) of \1$/);
    expect(await rowCount(page)).toBeGreaterThanOrEqual(atLeast);
    const last = page.locator('[role=row][tabindex="0"] .name');
    const box = await last.boundingBox();
    expect(box?.width).toBeGreaterThan(24);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(900);
  };

/** The notice as the API words it stands on the page. */
function showsNotice(code: NoticeCode): Expectation {
  return async (page) => {
    const { pathname, origin } = new URL(page.url());
    const answer = await fetch(`${origin}/api${pathname}/skeleton`);
    const { notices } = (await answer.json()) as TraceSkeleton;
    const message = notices.find((notice) => notice.code === code)?.message ?? `no ${code}`;
    await page.getByText(message).first().waitFor();
  };
}

/** Names carry markup: none of it became an element, or ran. */
async function runsNothing(page: Page): Promise<void> {
  expect(await page.locator('[role=treegrid] :is(script, img, iframe, b)').count()).toBe(0);
  expect(await page.locator('[role=treegrid]').innerText()).toContain('<script');
}

const cases: readonly [ShapeName, string, readonly Expectation[]][] = [
  [
    'agents-1k',
    'every span and the share of the critical path',
    [sees(/Critical path/), reachesEndOf(1000)],
  ],
  ['agents-10k', 'the end of 10,000 spans', [reachesEndOf(10_000)]],
  ['agents-100k', 'the end of 100,000 spans', [reachesEndOf(100_000)]],
  ['deep-120', 'the deepest name, with its level', [reachesEndOf(120), sees('120')]],
  [
    'siblings-5000',
    'one row for 5,000 alike, and each that failed',
    [sees('×5000'), sees('TimeoutError'), reachesEndOf(5000)],
  ],
  ['idle-60h', 'an offer to compress the idle time', [compressesIdle, reachesEndOf(100)]],
  [
    'orphans',
    'a row for what is missing, and a notice',
    [sees('parent not received'), sees(/parent that/)],
  ],
  ['clock-skew', 'which span starts before its parent', [sees('clock skew')]],
  ['running', 'that spans are running', [sees(/…$/)]],
  ['all-errors', 'the deepest error that came first', [goesToFirstError]],
  ['message-1mb', 'a trace however large its messages are', [reachesEndOf(4)]],
  ['cycles', 'that parents went in a circle', [showsNotice('cycle'), reachesEndOf(2)]],
  [
    'several-roots',
    'that there are several roots',
    [showsNotice('several_roots'), reachesEndOf(2)],
  ],
  ['no-service', 'that no service was named', [showsNotice('no_service_name'), reachesEndOf(1)]],
  [
    'end-before-start',
    'that times go backwards',
    [showsNotice('end_before_start'), reachesEndOf(1)],
  ],
  ['bad-times', 'that times cannot be trusted', [showsNotice('bad_time'), reachesEndOf(1)]],
  ['hostile-names', 'hostile names as text', [sees('⟨U+202E⟩'), reachesEndOf(2), runsNothing]],
];

test.each(cases)(
  '%s: a reader sees %s',
  async (shape, _what, expectations) => {
    const { page, messages } = await stage.show(shape);
    for (const expectation of expectations) await expectation(page);
    expect(await findViolations(page)).toEqual([]);
    expect(await countElements(page)).toBeLessThanOrEqual(900);
    expect(messages).toEqual([]);
    await page.context().close();
  },
  sendingMs,
);

test.each<ShapeName>(['agents-1k', 'siblings-5000', 'idle-60h', 'orphans', 'all-errors'])(
  '%s: is as legible in the light theme, also with a row selected',
  async (shape) => {
    const { page, messages } = await stage.show(shape, 'light');
    await focusRows(page);
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    expect(await findViolations(page)).toEqual([]);
    expect(messages).toEqual([]);
    await page.context().close();
  },
);

async function compressesIdle(page: Page): Promise<void> {
  const offer = page.getByRole('button', { name: /idle, 99 %/ });
  await offer.click();
  await expect.poll(() => offer.getAttribute('aria-pressed')).toBe('true');
  expect(page.url()).toContain('idle');
}

async function goesToFirstError(page: Page): Promise<void> {
  await page.getByRole('button', { name: /First error/ }).click();
  await expect.poll(() => activeRow(page)).toContain('server_error');
  await expect.poll(() => page.url()).toMatch(/span=[0-9a-f]{16}/);
}

test('a person without a mouse walks, opens, finds and leaves', async () => {
  const { page, messages } = await stage.show('agents-1k');
  await focusRows(page);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => activeRow(page)).toMatch(/level 2, row 2 of/);
  const whole = await rowCount(page);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => rowCount(page)).toBeLessThan(whole);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => activeRow(page)).toMatch(/level 3, row 3 of/);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toMatch(/span=[0-9a-f]{16}/);
  const opened = page.url();
  // A fold has no details of its own: the selection waits for the next span.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.url()).not.toBe(opened);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.url()).not.toContain('span=');

  await page.keyboard.press('/');
  await page.keyboard.type('chat');
  const found = page.getByRole('status', { name: 'Matches' });
  await expect.poll(() => found.textContent()).toMatch(/\d+ found/);
  await page.keyboard.press('Enter');
  await expect.poll(() => found.textContent()).toMatch(/^\d+ of \d+$/);
  await page.keyboard.press('Escape');
  await expect.poll(() => activeRow(page)).toContain('chat');

  await page.keyboard.press('e');
  await expect.poll(() => activeRow(page)).toContain('failed');
  const before = await rowCount(page);
  await page.keyboard.press('c');
  await expect.poll(() => rowCount(page)).not.toBe(before);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys of the waterfall' }).waitFor();
  await page.keyboard.press('Escape');
  expect(messages).toEqual([]);
  await page.context().close();
});

test('letters typed into a field are text, and can be switched off elsewhere', async () => {
  const { page } = await stage.show('deep-120');
  const before = await rowCount(page);
  await page.getByRole('searchbox', { name: 'Find in trace' }).fill('');
  await page.keyboard.type('[c?');
  expect(await rowCount(page)).toBe(before);
  await page.getByRole('button', { name: 'Keys of the waterfall' }).click();
  await page.getByLabel(/Single letters work/).uncheck();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await focusRows(page);
  await page.keyboard.press('[');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => activeRow(page)).toContain('row 2 of');
  expect(await rowCount(page)).toBe(before);
  await page.context().close();
});

test('the window is in the address, and the address brings it back', async () => {
  const { page } = await stage.show('agents-1k');
  await focusRows(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('f');
  await expect.poll(() => page.url()).toMatch(/z=w[\d.]+-[\d.]+/);
  const shown = page.getByRole('button', { name: 'Show all' });
  await page.reload();
  await shown.waitFor();
  await shown.click();
  await expect.poll(() => page.url()).not.toContain('z=');
  await page.context().close();
});
