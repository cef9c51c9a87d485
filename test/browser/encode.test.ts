/**
 * The encoding station in a real browser on the whole platform, from a scan to the bytes on the simulated tag: what the
 * screen says was written is held against the tag's memory, not against the screen.
 */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { AFI } from '#contract/codec/iso28560-3/afi.ts';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import { fromHex } from '#contract/hex.ts';
import type { ItemDetail, ItemSummary } from '#contract/wire/rest.ts';
import { axeViolations, complaintsOf, openAs, settled, visit, walkTo } from '#test/browser/visit.ts';
import { launchBrowser, signIn } from '#test/support/browser.ts';
import { startFarPlatform, type FarPlatform } from '#test/support/far-platform.ts';
import { until } from '#test/support/platform.ts';

jest.setTimeout(300_000);

const DESK = { width: 1440, height: 900, scheme: 'light', locale: 'en-GB' } as const;
const WIDTHS = [390, 768, 1440] as const;
const UID = ['E004010055000001', 'E004010055000002', 'E004010055000003'] as const;
/** From a command to its outcome on a busy machine. */
const ANSWER_MS = 60_000;
const TRIES_MAX = 3;

let platform: FarPlatform;
let browser: Browser;
let session: Awaited<ReturnType<BrowserContext['storageState']>>;
/** Stays signed in for the API. */
let watcher: Page;
let items: readonly ItemSummary[];

const address = (path: string): string => `${platform.url}${path}`;

async function api<T>(path: string): Promise<T> {
  const reply = await watcher.request.get(address(`/api/v1/libraries/demo${path}`));
  return (await reply.json()) as T;
}

beforeAll(async () => {
  // Few smart shelves: the first minutes of five thousand new tags are the business of other tests.
  [platform, browser] = await Promise.all([startFarPlatform('small'), launchBrowser()]);
  watcher = await signIn(browser, platform, DESK);
  session = await watcher.context().storageState();
  items = (await api<{ rows: ItemSummary[] }>('/items?q=history&limit=10')).rows;
}, 120_000);

afterAll(async () => {
  await browser.close();
  await platform.stop();
});

afterEach(async () => {
  for (const context of browser.contexts()) if (context !== watcher.context()) await context.close();
});

function item(index: number): ItemSummary {
  const found = items[index];
  if (found === undefined) throw new Error('too few items');
  return found;
}

/** What really stands on a tag of the pad. */
async function onTag(uid: string): Promise<{ itemId?: string; part?: number; parts?: number; afi: number }> {
  const tag = (await platform.padTags()).find((one) => one.uid === uid);
  const memory = fromHex(tag?.memory ?? '');
  if (tag === undefined || memory === undefined) throw new Error(`no tag ${uid} on the pad`);
  const { itemId, part, parts } = readHfTag({ memory }).content ?? {};
  return {
    afi: tag.afi,
    ...(itemId !== undefined && { itemId }),
    ...(part !== undefined && { part }),
    ...(parts !== undefined && { parts }),
  };
}

/** As a scanner does it: into whatever has the focus. */
async function scan(page: Page, barcode: string): Promise<void> {
  await page.keyboard.type(barcode);
  await page.keyboard.press('Enter');
}

const row = (page: Page, uid: string): ReturnType<Page['locator']> =>
  page.locator('.pad-tag', { hasText: `Tag …${uid.slice(-6)}` });

/** On a busy machine the reader misses its moment now and then; the screen says so, and a person presses again. */
async function pressUntil(done: Locator, press: () => Promise<void>): Promise<void> {
  const refused = done.page().locator('.outcome[data-meaning=act], .outcome[data-meaning=look]');
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    await press();
    await done.or(refused).first().waitFor({ timeout: ANSWER_MS });
    if ((await done.count()) > 0) return;
  }
  throw new Error(`not done: ${await refused.first().innerText()}`);
}

async function layAlone(uid: string): Promise<void> {
  for (const tag of UID) await platform.liftTag(tag);
  expect(await platform.layTag(uid)).toBe(true);
}

describe('the encoding station', () => {
  test('writes a blank tag from a scan, and says so only when it is true', async () => {
    const page = await openAs(browser, session, DESK);
    const complaints = complaintsOf(page);
    await visit(page, address('/find'));
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.locator('.pad-empty, .pad-tag').first().waitFor({ timeout: ANSWER_MS });
    expect(new URL(page.url()).searchParams.get('reader')).toBe('desk-1');
    await layAlone(UID[0]);
    await row(page, UID[0]).getByText('Blank').waitFor({ timeout: ANSWER_MS });
    await scan(page, item(0).barcode);
    await page.locator('.programme-name', { hasText: item(0).title }).waitFor();
    await page.locator('.target', { hasText: 'Goes onto the blank tag' }).waitFor({ timeout: ANSWER_MS });
    expect((await onTag(UID[0])).itemId).toBeUndefined();
    // The same scan again is the confirmation.
    await pressUntil(page.locator('.programme .outcome[data-meaning=fine]'), async () => {
      await page.locator('.target', { hasText: 'ag …' }).waitFor({ timeout: ANSWER_MS });
      await scan(page, item(0).barcode);
    });
    expect(await onTag(UID[0])).toEqual({ itemId: item(0).barcode, part: 1, parts: 1, afi: AFI.inStock });
    await row(page, UID[0]).getByText(item(0).title).waitFor({ timeout: ANSWER_MS });
    await until('the catalogue to know the tag', 10_000, async () =>
      (await api<ItemDetail>(`/items/${item(0).barcode}`)).tags.includes(`uid:${UID[0]}`),
    );
    expect(await page.locator('input[name=barcode]').inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  test('asks with both names before it overwrites; a scanner’s Enter keeps what is there', async () => {
    const page = await openAs(browser, session, DESK);
    await layAlone(UID[0]);
    await visit(page, address(`/tags?reader=desk-1&item=${item(1).barcode}`));
    await page.locator('.target', { hasText: 'belongs to another item' }).waitFor({ timeout: ANSWER_MS });
    await page.getByRole('button', { name: 'Write the tag' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(item(0).barcode).waitFor();
    await dialog.getByText(item(1).barcode).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await scan(page, item(2).barcode);
    await dialog.waitFor({ state: 'detached' });
    expect((await onTag(UID[0])).itemId).toBe(item(0).barcode);
    await page.getByRole('button', { name: 'Write the tag' }).click();
    await dialog.getByRole('button', { name: 'Overwrite' }).click();
    await pressUntil(page.locator('.programme .outcome[data-meaning=fine]'), async () => {
      // What was begun is finished by the next try, without another question.
      if ((await page.locator('.outcome[data-meaning=act]').count()) === 0) return;
      await page.getByRole('button', { name: 'Write the tag' }).click({ timeout: ANSWER_MS });
    });
    expect((await onTag(UID[0])).itemId).toBe(item(1).barcode);
  });

  test('leads through a set, part by part', async () => {
    const page = await openAs(browser, session, DESK);
    await layAlone(UID[1]);
    await visit(page, address(`/tags?reader=desk-1&item=${item(3).barcode}`));
    await page.locator('.target', { hasText: 'Goes onto the blank tag' }).waitFor({ timeout: ANSWER_MS });
    await page.locator('.number-input').fill('2');
    await pressUntil(page.locator('.part-steps li[data-done]').first(), () =>
      page.getByRole('button', { name: 'Write part 1 of 2' }).click({ timeout: ANSWER_MS }),
    );
    await page.locator('.target', { hasText: 'Lay the tag of part 2 of 2' }).waitFor({ timeout: ANSWER_MS });
    // The first may stay where it is.
    expect(await platform.layTag(UID[2])).toBe(true);
    await page.locator('.target', { hasText: UID[2].slice(-6) }).waitFor({ timeout: ANSWER_MS });
    await pressUntil(page.locator('.part-steps li[data-done]').nth(1), () =>
      page.getByRole('button', { name: 'Write part 2 of 2' }).click({ timeout: ANSWER_MS }),
    );
    expect(await onTag(UID[1])).toMatchObject({ itemId: item(3).barcode, part: 1, parts: 2 });
    expect(await onTag(UID[2])).toMatchObject({ itemId: item(3).barcode, part: 2, parts: 2 });
  });

  test('opens a tag for loan, and shows all that stands on it', async () => {
    const page = await openAs(browser, session, DESK);
    await layAlone(UID[1]);
    await visit(page, address('/tags'));
    await pressUntil(row(page, UID[1]).locator('.outcome[data-meaning=fine]'), () =>
      row(page, UID[1])
        .getByRole('button', { name: /^Open for loan/ })
        .click({ timeout: ANSWER_MS }),
    );
    expect((await onTag(UID[1])).afi).toBe(AFI.onLoan);
    await row(page, UID[1])
      .getByRole('button', { name: /^Details/ })
      .click({ timeout: ANSWER_MS });
    const dialog = page.getByRole('dialog');
    await dialog.getByText(item(3).barcode).waitFor({ timeout: ANSWER_MS });
    await dialog.locator('summary', { hasText: 'Raw memory' }).click();
    expect(await dialog.locator('.memory tbody tr').count()).toBe(28);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('names the reader that is gone, and goes on when it is back', async () => {
    const page = await openAs(browser, session, DESK);
    await visit(page, address('/tags'));
    await page.locator('.station').waitFor();
    await platform.unplug('desk-1');
    await page.getByText('Does not answer').waitFor({ timeout: ANSWER_MS });
    expect(await page.getByLabel('Reader').first().inputValue()).toBe('desk-1');
    expect(await axeViolations(page)).toEqual([]);
    await platform.plug('desk-1');
    await page.locator('.station').waitFor({ timeout: 90_000 });
  });
});

describe('the tag profile', () => {
  test('is refused with words beside the field, saved as a new version, and reaches the gateway', async () => {
    const page = await openAs(browser, session, DESK);
    await visit(page, address('/tags?view=profile'));
    await page.locator('[name=afiSecured]').fill('07 C2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('One value cannot mean both secured and open.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect((await api<TagProfile>('/tag-profile')).version).toBe(0);
    await page.locator('[name=afiSecured]').fill('07, da');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Works by the newest').waitFor({ timeout: ANSWER_MS });
    const saved = await api<TagProfile>('/tag-profile');
    expect([saved.version, saved.hf.afi]).toEqual([1, { secured: [0x07, 0xda], unsecured: [0xc2] }]);
    await until('the gateway to work by it', ANSWER_MS, async () =>
      (await api<{ rows: { profileVersion: number }[] }>('/encoding/readers')).rows.some(
        ({ profileVersion }) => profileVersion === 1,
      ),
    );
  });
});

describe('every view', () => {
  test.each(['en-GB', 'zh-CN', 'zh-TW'])(
    'opens without a complaint at every width, in light and dark: %s',
    async (locale) => {
      const page = await openAs(browser, session, { ...DESK, locale });
      const complaints = complaintsOf(page);
      await layAlone(UID[1]);
      await visit(page, address(`/tags?item=${item(0).barcode}`));
      const found: string[] = [];
      for (const path of [`/tags?item=${item(0).barcode}`, '/tags?view=profile']) {
        await walkTo(page, path);
        await page
          .locator(path.includes('profile') ? '.profile-form' : '.pad-tag')
          .first()
          .waitFor({ timeout: ANSWER_MS });
        found.push(...(await lookAround(page)).map((line) => `${path}: ${line}`));
      }
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );
});

async function lookAround(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' });
      await settled(page);
      if (await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')) {
        found.push(`${String(width)} px: wider than the window`);
      }
      // Of all the rules only contrast can tell dark from light.
      const violations = await axeViolations(page, scheme === 'dark' ? ['color-contrast'] : []);
      found.push(...violations.map((violation) => `${String(width)} px, ${scheme}: ${violation}`));
    }
  }
  return found;
}
