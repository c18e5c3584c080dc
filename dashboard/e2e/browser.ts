/** Debian's Chromium, and pages that remember everything their console said. */
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

export type Watched = { readonly page: Page; readonly messages: readonly string[] };

/** The address bar's own web pages: nobody sees them here, and each window pays for them with half a second of a core. */
const unseen = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];
/** Of those that playwright switches off: naming one list takes the place of the other. */
const unsteady = [
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'PaintHolding',
];

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${[...unseen, ...unsteady].join(',')}`,
    ],
  });
}

/** A page of its own, with nothing remembered from others. It ends with its test: one left open goes on asking for news. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    ...options,
  });
  onTestFinished(() => context.close());
  // Shorter than a test's own limit, so that a failure names the step.
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const messages: string[] = [];
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => messages.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    messages.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, messages };
}

/** Only colours differ between the themes. */
const rulesOf = {
  dark: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  light: ['color-contrast'],
};

/** One line a violation of WCAG 2.2 A and AA, in both themes. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`html[data-theme="${theme}"]`).waitFor();
    const { violations } = await page.evaluate(
      (runOnly) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly }),
      rulesOf[theme],
    );
    for (const { id, nodes } of violations) {
      found.push(`${theme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    }
  }
  return found;
}
