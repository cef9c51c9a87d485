/** The system's Chromium, as a person would use it: headless, with a fresh profile, nothing from the network. */
import { chromium, type Browser, type Page } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ARGUMENTS });
}

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
  readonly locale: string;
}

/** A page that has signed in and shows Find. */
export async function signIn(
  browser: Browser,
  { url, admin }: { readonly url: string; readonly admin: { readonly name: string; readonly password: string } },
  look: Look = { width: 1440, height: 900, scheme: 'light', locale: 'en-GB' },
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.scheme,
    locale: look.locale,
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('input').first().fill(admin.name);
  await page.locator('input[type=password]').fill(admin.password);
  await page.keyboard.press('Enter');
  await page.locator('input[type=search]').first().waitFor();
  return page;
}
