/** A real collector with an empty store, a real browser, and a trace page opened on one of the bench shapes. */
import { rm } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { createShape } from '../../bench/shapes/index.ts';
import type { ShapeName } from '../../bench/shapes/index.ts';
import { readConfig } from '../../collector/src/config.ts';
import { startServer } from '../../collector/src/main.ts';
import { createTestDataDir } from '../../collector/src/store/new-data-dir.testing.ts';
import { postTraces } from '../../examples/demo/post.ts';
import { startBrowser } from './browser.ts';

export type WaterfallPage = {
  readonly page: Page;
  /** Everything the console said, and every error nobody caught. */
  readonly messages: readonly string[];
};

export type Stage = {
  /** Sends the shape and opens its trace; resolves when rows are painted. */
  readonly show: (shape: ShapeName, theme?: 'dark' | 'light') => Promise<WaterfallPage>;
  readonly close: () => Promise<void>;
};

const project = 'default';
const seed = 7;

export async function startStage(): Promise<Stage> {
  const dataDir = await createTestDataDir('orchescope-waterfall-');
  const server = await startServer(
    readConfig({
      ORCHESCOPE_PORT: '0',
      ORCHESCOPE_DATA_DIR: dataDir,
      ORCHESCOPE_LOG: 'error',
      ORCHESCOPE_ALERTS: 'off',
    }),
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  const sent = new Map<ShapeName, Promise<string>>();
  const store = async (name: ShapeName): Promise<string> => {
    const traceId = await send(endpoint, name);
    await server.settled();
    return traceId;
  };
  const traceIdOf = (name: ShapeName): Promise<string> => {
    const known = sent.get(name) ?? store(name);
    sent.set(name, known);
    return known;
  };
  const browser = await startBrowser();
  return {
    show: async (shape, theme = 'dark') =>
      openTrace(browser, endpoint, await traceIdOf(shape), theme),
    close: async () => {
      await browser.close();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function send(endpoint: string, name: ShapeName): Promise<string> {
  const shape = createShape(name, { seed, endUnixMs: Date.now() });
  for (const request of shape.requests) {
    await postTraces({ endpoint, project, accessKey: '' }, request);
  }
  return shape.traceId;
}

async function openTrace(
  browser: Browser,
  endpoint: string,
  traceId: string,
  theme: 'dark' | 'light',
): Promise<WaterfallPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: theme,
  });
  const page = await context.newPage();
  const messages: string[] = [];
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => messages.push(`error: ${error.message}`));
  await page.goto(`${endpoint}/traces/${traceId}?project=${project}`);
  await page.getByRole('treegrid').getByRole('row').first().waitFor();
  return { page, messages };
}

/** One line a violation; WCAG 2.2 A and AA. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return inPage.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** What the page says of the row under the cursor. */
export async function activeRow(page: Page): Promise<string> {
  return (await page.locator('[role=row][tabindex="0"]').getAttribute('aria-label')) ?? '';
}

/** Puts the focus on the row under the cursor, as Tab would. */
export async function focusRows(page: Page): Promise<void> {
  await page.locator('[role=row][tabindex="0"]').focus();
}

export async function rowCount(page: Page): Promise<number> {
  return Number(await page.getByRole('treegrid').getAttribute('aria-rowcount'));
}

export async function countElements(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length);
}
