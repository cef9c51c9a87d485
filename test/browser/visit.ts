/** What every visit to a screen is held against: no complaint of the browser, and none of axe. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Look } from '#test/support/browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** One line per violation, with the first element it is about. Evaluated as a debugger does, so the page's policy holds. */
export async function axeViolations(page: Page, only: readonly string[] = []): Promise<string[]> {
  const isThere = await page.evaluate<boolean>(`'axe' in globalThis`);
  if (!isThere) await page.evaluate(AXE);
  const runOnly = only.length > 0 ? { type: 'rule', values: only } : { type: 'tag', values: WCAG_22_AA };
  const options = { runOnly, resultTypes: ['violations'] };
  const found = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
}

/** Errors of the console (breaches of the security policy among them) and of scripts, as they come. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** A fresh profile that is signed in already. */
export async function openAs(
  browser: Browser,
  session: Awaited<ReturnType<BrowserContext['storageState']>>,
  look: Look & { readonly hasTouch?: boolean },
): Promise<Page> {
  const context = await browser.newContext({
    storageState: session,
    viewport: { width: look.width, height: look.height },
    colorScheme: look.scheme,
    locale: look.locale,
    hasTouch: look.hasTouch ?? false,
  });
  return context.newPage();
}

/** Goes to an address and waits until nothing is loading any more and the live line has said how fresh the page is. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settled(page);
}

/** Goes to an address as a link of the app does, so that the page is not loaded again. */
export async function walkTo(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `history.pushState({}, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await page.locator('main h1, main .empty').first().waitFor();
  await page.locator('.freshness:not([data-state=waiting])').waitFor();
  await page.locator('main:not(:has(.skeleton))').waitFor();
}
