/**
 * Promise: whatever fails and wherever, a tag is never said to be written or secured when it is not, never carries
 * another item than the old or the new one, and is right after the next try.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeBasicBlock } from '#contract/codec/iso28560-3/basic-block.ts';
import { encodeTagContent } from '#contract/codec/tag/encode-content.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { tagProfile, type TagProfile } from '#contract/domain/tag-profile.ts';
import { COMMANDS, type CommandKind, type WriteTagResult } from '#contract/wire/commands.ts';
import type { CommandOutcome } from '#gateway/commands/command-desk.ts';
import { createExecutor } from '#gateway/commands/execute-command.ts';
import type { ReaderPort } from '#gateway/commands/reader-port.ts';
import { createTagSecrets } from '#gateway/commands/tag-secrets.ts';
import { createTornWrites } from '#gateway/commands/torn-writes.ts';
import { Outbox } from '#gateway/outbox/outbox.ts';
import { fakeHf, newTag, type FakeHf, type FakeHfTag } from './fake-hf.ts';
import { clock, silentLog } from '#test/gateway/fakes/world.ts';

const UID = 'E004010000000001';
const TAG = `uid:${UID}`;

let folder = '';
let outbox: Outbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-hf-'));
  openOutbox();
});
afterEach(async () => {
  outbox.close();
  await rm(folder, { recursive: true, force: true });
});

function openOutbox(): void {
  const limits = { bytesMax: 1e9, ageMsMax: 1e12, isClockSynced: () => true };
  outbox = new Outbox({ path: join(folder, 'outbox.db'), clock, log: silentLog, ...limits });
}

/** Runs one command on a pad; a new executor each time, as after a restart. */
async function run(
  pad: FakeHf,
  kind: CommandKind,
  args: object,
  {
    profile = {},
    secrets = {},
    forMs = 10_000,
  }: { profile?: object; secrets?: Record<string, string>; forMs?: number } = {},
): Promise<CommandOutcome> {
  const reader: ReaderPort = {
    isOpen: true,
    access: pad.access,
    heard: () => [],
    startScan: () => undefined,
    stopScan: () => Promise.resolve(),
    executeOwn: () => Promise.resolve(undefined),
  };
  const merged: TagProfile = tagProfile.parse({ version: 1, ...profile });
  const execute = createExecutor({
    reader: () => reader,
    profile: () => merged,
    secrets: createTagSecrets(secrets, outbox, clock),
    torn: createTornWrites(outbox, clock),
  });
  const at = new Date().toISOString();
  const command = { id: 'c', kind, target: 'pad', args: { ...args }, issuedAt: at, deadline: at };
  return execute(command, AbortSignal.timeout(forMs));
}

function written(itemId: string, usage = 1): Uint8Array {
  const memory = new Uint8Array(112);
  memory.set(encodeBasicBlock({ usage, parts: 1, part: 1, itemId, country: 'DE', institution: '29' }));
  return memory;
}

const content = { itemId: '31234567', isil: 'DE-29', usage: 1, part: 1, parts: 1 };
const itemOn = (tag: FakeHfTag): string | undefined =>
  readHfTag({ memory: tag.memory, dsfid: tag.dsfid }).content?.itemId;

test.each([
  ['an item', () => written('31234567'), 'item', { format: 'iso28560-3', confidence: 1, evidence: ['crc'] }],
  ['a blank tag', () => new Uint8Array(112), 'blank', { format: 'blank', confidence: 1, evidence: ['all zeros'] }],
  ['noise', () => new Uint8Array(112).fill(0x6b), 'other', { format: 'unknown', confidence: 0 }],
])('reading tells what the format rests on: %s', async (_name, memory, standing, recognised) => {
  const done = await run(fakeHf(newTag(UID, memory())), 'read-tag', { tag: TAG });
  expect(done).toMatchObject({ outcome: 'done', result: { standing, recognised } });
  expect(COMMANDS['read-tag'].result.safeParse(done.result).success).toBe(true);
});

describe('writing', () => {
  test.each(['iso28560-3', 'iso28560-2', '3m-tag'] as const)(
    '%s on a blank tag, every block read back',
    async (format) => {
      const tag = newTag(UID);
      const plain = format === '3m-tag' ? { itemId: content.itemId } : content;
      const done = await run(fakeHf(tag), 'write-tag', { tag: TAG, content: plain, format });
      expect(done).toMatchObject({
        outcome: 'done',
        result: { isWritten: true, format, content: { itemId: '31234567' } },
      });
      const image = encodeTagContent(format, plain, { memoryBytes: 112, blockBytes: 4 });
      expect(image).toEqual({ ok: true, value: tag.memory });
    },
  );

  test('only what differs is written: the same again costs no write, a part number one block', async () => {
    const tag = newTag(UID, written('31234567'));
    const pad = fakeHf(tag);
    expect(await run(pad, 'write-tag', { tag: TAG, content })).toMatchObject({
      outcome: 'done',
      result: { changed: 0 },
    });
    expect(pad.steps).not.toContain('write');
    tag.memory[2] = 9;
    expect(await run(pad, 'write-tag', { tag: TAG, content, overwrite: true })).toMatchObject({
      result: { changed: 1 },
    });
    expect(pad.steps.filter((step) => step === 'write')).toHaveLength(1);
  });

  test('a fault at any place, any number of times short of giving up, changes nothing in the end', async () => {
    const faults = ['no-tag', 'read-failed', 'write-failed', 'unanswered', 'lost'] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(120), fc.constantFrom(...faults)), { maxLength: 12 }), async (list) => {
        const at = new Map(list);
        const tag = newTag(UID);
        const pad = fakeHf(tag);
        pad.fail = (_step, count) => at.get(count);
        const done = await run(
          pad,
          'write-tag',
          { tag: TAG, content, secured: true },
          { profile: { hf: { usesEas: true } } },
        );
        expect(done.outcome).toBe('done');
        expect([itemOn(tag), tag.afi, tag.isEasOn, tag.dsfid]).toEqual(['31234567', 7, true, 0x3e]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test.each([
    ['a blank tag', () => new Uint8Array(112), undefined],
    ['a tag of another item', () => written('99999999'), '99999999'],
    ['objects without a checksum', () => objects('99999999'), '99999999'],
  ] as const)(
    'torn at every place of %s: never a third item, and the next try repairs it, also after a restart',
    async (name, memory, before) => {
      for (let leavesAfter = 1; leavesAfter <= 14; leavesAfter += 1) {
        const tag = newTag(UID, memory());
        if (before !== undefined)
          tag.dsfid = readHfTag({ memory: tag.memory, dsfid: 6 }).format === 'iso28560-2' ? 6 : 0x3e;
        const pad = fakeHf(tag);
        let writes = 0;
        pad.fail = (step) => {
          if (step === 'write') writes += 1;
          if (writes > leavesAfter) return 'no-tag';
          // Every other one leaves between two blocks, the rest in the middle of one.
          const isCut = leavesAfter % 2 === 0 && writes === leavesAfter && step === 'write';
          return isCut ? 'torn' : undefined;
        };
        // The same format without a checksum: half of one number and half of the other would be a third.
        const format = name.startsWith('objects') ? 'iso28560-2' : 'iso28560-3';
        const args = { tag: TAG, content, overwrite: true, format };
        const torn = await run(pad, 'write-tag', args, { forMs: 300 });
        expect([before, undefined, '31234567']).toContain(itemOn(tag));
        if (torn.outcome !== 'done') {
          expect(torn).toMatchObject({ outcome: 'failed', result: { isWritten: false, isTorn: true } });
        }
        outbox.close();
        openOutbox();
        pad.fail = () => undefined;
        // Without overwrite, and even without the content: what was begun is known.
        const again = await run(
          pad,
          'write-tag',
          leavesAfter % 4 < 2 ? { tag: TAG, content, format } : { tag: TAG, format },
        );
        expect(again).toMatchObject({ outcome: 'done', result: { isWritten: true } });
        expect(itemOn(tag)).toBe('31234567');
      }
    },
    60_000,
  );

  test('a tag that leaves for good: failed within the tries, told as torn only if something was written', async () => {
    const tag = newTag(UID);
    const pad = fakeHf(tag);
    pad.tags.clear();
    expect(await run(pad, 'write-tag', { tag: TAG, content })).toMatchObject({ outcome: 'failed', code: 'no-tag' });
    expect(pad.steps.length).toBeLessThanOrEqual(10);
  });

  test('the time of the command ends the tries', async () => {
    const pad = fakeHf(newTag(UID));
    pad.fail = (step) => (step === 'write-afi' ? 'write-failed' : undefined);
    const startMs = performance.now();
    const done = await run(pad, 'set-security', { tag: TAG, secured: true }, { forMs: 150 });
    expect(done).toMatchObject({ outcome: 'failed', code: 'write-failed', result: { steps: [{ isDone: false }] } });
    expect(performance.now() - startMs).toBeLessThan(1500);
  });

  test("other items, unknown content, locked blocks and patrons' cards are left alone", async () => {
    const cases: [FakeHfTag, string, object][] = [
      [newTag(UID, written('99999999')), 'other-item', {}],
      [newTag(UID, new Uint8Array(112).fill(0x6b)), 'tag-not-blank', {}],
      [newTag(UID, written('CARD1', 8)), 'patron-card', { overwrite: true }],
      [Object.assign(newTag(UID), { locked: new Set([1]) }), 'locked', {}],
    ];
    const damaged = newTag(UID, written('CARD1', 8));
    damaged.memory[5] = 0;
    cases.push([damaged, 'patron-card', { overwrite: true }]);
    for (const [tag, code, more] of cases) {
      const before = tag.memory.slice();
      const pad = fakeHf(tag);
      const done = await run(pad, 'write-tag', { tag: TAG, content, ...more });
      expect([done.outcome, done.code]).toEqual(['refused', code]);
      expect(tag.memory).toEqual(before);
      expect(pad.steps).not.toContain('write');
      expect(JSON.stringify(done)).not.toContain('CARD');
    }
  });

  test('content that does not fit is refused before anything is written', async () => {
    const pad = fakeHf(newTag(UID));
    expect(await run(pad, 'write-tag', { tag: TAG, content, format: '3m-tag' })).toMatchObject({
      outcome: 'refused',
      code: 'content-invalid',
      detail: expect.stringContaining('isil') as unknown,
    });
    expect(await run(pad, 'write-tag', { tag: TAG, content, format: 'wax' })).toMatchObject({ code: 'format-unknown' });
    expect(await run(pad, 'write-tag', { tag: TAG, content: { ...content, usage: 8 } })).toMatchObject({
      code: 'args-invalid',
    });
    expect(await run(pad, 'write-tag', { tag: TAG })).toMatchObject({ code: 'nothing-to-keep' });
    expect(await run(pad, 'write-tag', { tag: 'epc:3034', content })).toMatchObject({ code: 'args-invalid' });
    expect(pad.steps).not.toContain('write');
  });

  test('what stands beside the content is lost only when somebody says so', async () => {
    const tag = newTag(UID);
    // ISO 28560-2, annex D, with a title behind it.
    const hex = '9100051CBE991A140202D002140204B3C60207441CB6E2E335D600000307ACC09EBAA06F6B7F020474657374';
    const before = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    tag.memory.set(before);
    const pad = fakeHf(tag);
    const convert = { tag: TAG, format: 'iso28560-3' };
    expect(await run(pad, 'read-tag', { tag: TAG })).toMatchObject({ result: { beside: ['Shelf location', 'Title'] } });
    const refused = { outcome: 'refused', code: 'elements-lost', detail: 'Shelf location, Title' };
    expect(await run(pad, 'write-tag', convert)).toEqual(refused);
    const again = { tag: TAG, content: { itemId: '123456789012' } };
    expect(await run(pad, 'write-tag', again)).toEqual(refused);
    expect(tag.memory.subarray(0, before.length)).toEqual(before);
    expect(pad.steps).not.toContain('write');
    expect(await run(pad, 'write-tag', { ...convert, overwrite: true })).toMatchObject({
      outcome: 'done',
      result: { content: { format: 'iso28560-3', itemId: '123456789012', isil: 'US-InU-Mu', part: 3, parts: 12 } },
    });
  });

  function objects(itemId: string): Uint8Array {
    const image = encodeTagContent(
      'iso28560-2',
      { itemId, isil: 'DE-29', usage: 1 },
      { memoryBytes: 112, blockBytes: 4 },
    );
    if (!image.ok) throw new Error(image.error.detail);
    return image.value;
  }
});

describe('security', () => {
  test('one mark done and the other failed is partial, and says which', async () => {
    const tag = Object.assign(newTag(UID, written('31234567')), { isEasOn: true });
    const pad = fakeHf(tag);
    pad.fail = (step) => (step === 'set-eas' ? 'write-failed' : undefined);
    const done = await run(
      pad,
      'set-security',
      { tag: TAG, secured: false },
      { profile: { hf: { usesEas: true } }, forMs: 300 },
    );
    expect(done).toMatchObject({
      outcome: 'failed',
      code: 'partial',
      result: {
        steps: [
          { mark: 'afi', isDone: true },
          { mark: 'eas', isDone: false, code: 'write-failed' },
        ],
        content: { itemId: '31234567' },
      },
    });
    expect(tag.afi).toBe(0xc2);
  });

  test('a lost answer is no failure, and a good answer without effect is no success', async () => {
    const tag = newTag(UID, written('31234567'));
    const pad = fakeHf(tag);
    pad.fail = (step) => (step === 'write-afi' ? 'lost' : undefined);
    expect(await run(pad, 'set-security', { tag: TAG, secured: true })).toMatchObject({ outcome: 'done' });
    const deaf = fakeHf(newTag(UID, written('31234567')));
    const { access } = deaf;
    Object.assign(access, { writeAfi: () => Promise.resolve({ ok: true, value: undefined }) });
    expect(await run(deaf, 'set-security', { tag: TAG, secured: true }, { forMs: 200 })).toMatchObject({
      outcome: 'failed',
      code: 'not-verified',
    });
  });

  test('a reader that goes away in the middle: what was done before is told', async () => {
    const tag = newTag(UID, written('31234567'));
    const pad = fakeHf(tag);
    const { AppError } = await import('#contract/errors.ts');
    Object.assign(pad.access, { setEas: () => Promise.reject(new AppError('DRV_LINK_LOST', 'cable')) });
    const done = await run(pad, 'set-security', { tag: TAG, secured: true }, { profile: { hf: { usesEas: true } } });
    expect(done).toMatchObject({
      code: 'partial',
      result: { steps: [{ isDone: true }, { isDone: false, code: 'reader-away' }] },
    });
  });
});

describe('passwords', () => {
  const profile = { hf: { passwords: { write: 'slix-1', easAfi: 'slix-1' } } };

  test('presented when the profile names them; a missing one is refused', async () => {
    const tag = Object.assign(newTag(UID), { password: '0badcafe' });
    const args = { tag: TAG, content, secured: true };
    expect(await run(fakeHf(tag), 'write-tag', args, { profile })).toMatchObject({
      outcome: 'refused',
      code: 'secret-missing',
    });
    const secrets = { 'slix-1': '0BADCAFE' };
    expect(await run(fakeHf(tag), 'write-tag', args, { profile, secrets })).toMatchObject({ outcome: 'done' });
    expect(itemOn(tag)).toBe('31234567');
  });

  test('a wrong one is shown once and never again, also after a restart; nothing of it is told', async () => {
    const tag = Object.assign(newTag(UID), { password: '0badcafe' });
    const pad = fakeHf(tag);
    const secrets = { 'slix-1': 'DEADBEEF' };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const done = await run(pad, 'write-tag', { tag: TAG, content }, { profile, secrets });
      expect(done).toMatchObject({ outcome: 'refused', code: 'wrong-password' });
      expect(JSON.stringify(done)).not.toMatch(/DEADBEEF/i);
      outbox.close();
      openOutbox();
    }
    expect(pad.steps.filter((step) => step === 'password')).toHaveLength(1);
    expect(tag.memory.every((byte) => byte === 0)).toBe(true);
  });
});

test('commands about tags of one reader run one after the other', async () => {
  const pad = fakeHf(newTag(UID), newTag('E004010000000002'));
  const reader = { isOpen: true, access: pad.access, heard: () => [] } as unknown as ReaderPort;
  const execute = createExecutor({
    reader: () => reader,
    profile: () => tagProfile.parse({ version: 1 }),
    secrets: createTagSecrets({}, outbox, clock),
    torn: createTornWrites(outbox, clock),
  });
  const at = new Date().toISOString();
  const ask = (id: string, itemId: string): Promise<CommandOutcome> =>
    execute(
      { id, kind: 'write-tag', target: 'pad', args: { tag: TAG, content: { itemId } }, issuedAt: at, deadline: at },
      AbortSignal.timeout(5000),
    );
  const outcomes = await Promise.all([ask('a', '111'), ask('b', '222'), ask('c', '111')]);
  expect(outcomes.map(({ outcome, code }) => code ?? outcome)).toEqual(['done', 'other-item', 'done']);
  expect((outcomes[2].result as WriteTagResult).changed).toBe(0);
});
