/** A reader's wire on disk and back: the capture of a simulated 3M desk, with a patron's card on it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { encodeBasicBlock, USAGE } from '#contract/codec/iso28560-3/basic-block.ts';
import { toHex } from '#contract/hex.ts';
import { programTag, type HfTag } from '#sim/readers/hf-tag.ts';
import type { LineDevice } from '#sim/readers/line-device.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { checkBundle, runShelfwise } from '#test/support/shelfwise-process.ts';

jest.setTimeout(60_000);

const BOOK = 'E00401500A3B5C7D';
const CARD = 'E00401500A3B5C7E';
const CARD_NUMBER = '21112000000099';

function card(): HfTag {
  const memory = new Uint8Array(112);
  const owner = { country: 'DE', institution: 'SW1' };
  memory.set(encodeBasicBlock({ usage: USAGE.patronCard, parts: 1, part: 1, itemId: CARD_NUMBER, ...owner }));
  return { ...programTag({ uid: CARD, barcode: CARD_NUMBER, isil: 'DE-SW1' }), memory };
}

let folder: string;
let reader: LineDevice;
let tags: HfTag[];
beforeAll(async () => {
  checkBundle();
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-capture-'));
  tags = [];
  const pad = { tags: () => tags, isGlitch: () => false };
  reader = await startThreemReader({ id: 'desk', pad, on: { kind: 'tcp' } });
});
afterEach(() => {
  tags = [];
});
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

const book = (): HfTag => programTag({ uid: BOOK, barcode: '32112000000013', isil: 'DE-SW1' });

async function capture(name: string): Promise<string> {
  const out = join(folder, name);
  const typed = ['capture', '--driver', '3m', '--link', reader.link, '--seconds', '2', '--out', out];
  expect(await runShelfwise(typed, { cwd: folder })).toMatchObject({ status: 0 });
  return out;
}

describe('capture and replay', () => {
  test('the same driver reads from the capture what it read from the reader', async () => {
    tags = [book()];
    const file = await capture('book.ndjson');
    const { status, stdout } = await runShelfwise(['replay', file, '--speed', '0'], { cwd: folder });
    expect(status).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.filter(({ kind }) => kind === 'cycle').length).toBeGreaterThan(1);
    expect(events.find(({ kind }) => kind === 'read')).toMatchObject({
      ids: { uid: BOOK },
      content: { itemId: '32112000000013' },
    });
  });

  test("a patron's card leaves no trace", async () => {
    tags = [book(), card()];
    const file = await capture('card.ndjson');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('may be a patron card');
    expect(text).not.toContain(CARD);
    // The last block of a number that only the card has.
    expect(text).not.toContain(toHex(new TextEncoder().encode(CARD_NUMBER.slice(-3))));
    // What is only about the book is there: the question for its memory.
    expect(text).toContain(`D6000D02${BOOK}`);
  });

  test('a damaged capture is named with its line', async () => {
    tags = [book()];
    const lines = readFileSync(await capture('damaged.ndjson'), 'utf8').split('\n');
    lines[2] = '{"ms":1,"from":"nobody"}';
    const file = join(folder, 'damaged.ndjson');
    writeFileSync(file, lines.join('\n'));
    const { status, stderr } = await runShelfwise(['replay', file, '--speed', '0'], { cwd: folder });
    expect(status).not.toBe(0);
    expect(stderr).toContain('line 3 of the capture');
  });

  test('a reader that is not there is a sentence', async () => {
    const typed = ['capture', '--driver', '3m', '--link', 'tcp://127.0.0.1:1', '--seconds', '2'];
    const { status, stderr } = await runShelfwise(typed, { cwd: folder });
    expect(status).toBe(1);
    expect(stderr).toContain('DRV_LINK_LOST');
  });
});
