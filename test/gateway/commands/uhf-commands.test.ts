/**
 * Promise: a UHF tag is renamed only by whole words that were read back, the result names the old and the new EPC, tags of
 * other trades are left alone, and one that left half renamed is found again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildPc } from '#contract/codec/uhf-library/pc-word.ts';
import { readUhfTag } from '#contract/codec/tag/read-uhf.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok } from '#contract/result.ts';
import type { CommandKind, WriteTagResult } from '#contract/wire/commands.ts';
import type { CommandOutcome } from '#gateway/commands/command-desk.ts';
import { createExecutor } from '#gateway/commands/execute-command.ts';
import type { HeardTag, ReaderPort } from '#gateway/commands/reader-port.ts';
import { createTagSecrets } from '#gateway/commands/tag-secrets.ts';
import { createTornWrites } from '#gateway/commands/torn-writes.ts';
import type { AccessFault, Gen2Place, UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import { Outbox } from '#gateway/outbox/outbox.ts';
import { clock, silentLog } from '#test/gateway/fakes/world.ts';

/** DE-290, number 4711, secured: the example of the ISIL form. */
const ISIL_EPC = `19E9F871${(4711).toString(16).toUpperCase().padStart(16, '0')}00000001`;
const FACTORY_EPC = 'E2801170000002071A2B3C4D';
const GS1_EPC = '30340242201D8840009EFDF7';

let folder = '';
let outbox: Outbox;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-uhf-'));
  const limits = { bytesMax: 1e9, ageMsMax: 1e12, isClockSynced: () => true };
  outbox = new Outbox({ path: join(folder, 'outbox.db'), clock, log: silentLog, ...limits });
});
afterEach(async () => {
  outbox.close();
  await rm(folder, { recursive: true, force: true });
});

/** One Gen2 tag by its EPC bank: CRC, PC, EPC; it answers to as many words as its PC says. */
class FakeGen2 {
  readonly bank: Uint8Array;
  epcBytesMax = 32;
  readonly writes: number[] = [];
  /** `none`: it falls silent at any password. */
  password: string | undefined;
  /** Bits of the PC word that the tag sets itself. */
  ownPcBits = 0;
  fail: (kind: 'read' | 'write', count: number) => AccessFault['code'] | 'lost' | undefined = () => undefined;
  #count = 0;

  constructor(epc: string, pc = buildPc(epc.length / 2)) {
    this.bank = new Uint8Array(36);
    this.bank.set([pc >> 8, pc & 0xff, ...(fromHex(epc) ?? [])], 2);
  }

  get pc(): number {
    return ((this.bank[2] ?? 0) << 8) | (this.bank[3] ?? 0);
  }

  get epc(): string {
    return toHex(this.bank.slice(4, 4 + 2 * (this.pc >> 11)));
  }

  readonly access: UhfTagAccess = {
    kind: 'uhf',
    readWords: async (place, words) => {
      const fault = await this.#step('read', place);
      if (fault !== undefined) return err({ code: fault === 'lost' ? 'unanswered' : fault, detail: 'fake' });
      if (place.bank === 2) return ok(Uint8Array.from({ length: 2 * words }, (_, at) => 0xe2 + at));
      if (place.bank !== 1) return err({ code: 'no-such-block', detail: 'fake' });
      if (this.password === 'none' && place.password !== undefined) return err({ code: 'no-tag', detail: 'fake' });
      return ok(this.bank.slice(2 * place.firstWord, 2 * (place.firstWord + words)));
    },
    writeWords: async (place, data) => {
      const fault = await this.#step('write', place);
      if (fault !== undefined && fault !== 'lost') return err({ code: fault, detail: 'fake' });
      const given = place.password === undefined ? undefined : toHex(place.password);
      if (this.password !== undefined && given !== (this.password === 'none' ? undefined : this.password))
        return err({ code: 'wrong-password', detail: 'fake' });
      if (2 * place.firstWord >= 4 + this.epcBytesMax) return err({ code: 'no-such-block', detail: 'fake' });
      this.writes.push(place.firstWord);
      this.bank.set(data, 2 * place.firstWord);
      this.bank[2] = ((this.bank[2] ?? 0) & 0xf9) | (this.ownPcBits >> 8);
      return fault === 'lost' ? err({ code: 'unanswered', detail: 'fake' }) : ok(undefined);
    },
  };

  async #step(kind: 'read' | 'write', place: Gen2Place): Promise<AccessFault['code'] | 'lost' | undefined> {
    await Promise.resolve();
    this.#count += 1;
    const fault = this.fail(kind, this.#count);
    return place.epc === this.epc ? fault : 'no-tag';
  }
}

async function run(
  tag: FakeGen2,
  kind: CommandKind,
  args: object,
  {
    uhf = {},
    secrets = {},
    heard = [],
    forMs = 5000,
  }: { uhf?: object; secrets?: Record<string, string>; heard?: HeardTag[]; forMs?: number } = {},
): Promise<CommandOutcome> {
  const reader = { isOpen: true, access: tag.access, heard: () => heard } as unknown as ReaderPort;
  const profile = tagProfile.parse({ version: 1, uhf });
  const execute = createExecutor({
    reader: () => reader,
    profile: () => profile,
    secrets: createTagSecrets(secrets, outbox, clock),
    torn: createTornWrites(outbox, clock),
  });
  const at = new Date().toISOString();
  return execute(
    { id: 'c', kind, target: 'r', args: { ...args }, issuedAt: at, deadline: at },
    AbortSignal.timeout(forMs),
  );
}

test('the bit of the EPC: one word, the result names the tag before and after', async () => {
  const tag = new FakeGen2(ISIL_EPC);
  const uhf = { security: 'epc-bit' };
  const opened = await run(tag, 'set-security', { tag: `epc:${ISIL_EPC}`, secured: false }, { uhf });
  const lent = `${ISIL_EPC.slice(0, -1)}0`;
  expect(opened).toMatchObject({
    outcome: 'done',
    result: {
      tag: `epc:${ISIL_EPC}`,
      newTag: `epc:${lent}`,
      steps: [{ mark: 'epc-bit', isDone: true }],
      content: { itemId: '4711', isil: 'DE-290' },
    },
  });
  expect(tag.epc).toBe(lent);
  expect(tag.writes).toEqual([9]);
  // By its old name nobody answers any more.
  expect(await run(tag, 'set-security', { tag: `epc:${ISIL_EPC}`, secured: true }, { uhf })).toMatchObject({
    code: 'no-tag',
  });
});

test('the AFI of the PC word: the EPC stays; a lost answer is looked at again, not written twice', async () => {
  const tag = new FakeGen2('41064C2D73CB4E00', buildPc(8, 0x07));
  tag.fail = (kind, count) => (kind === 'write' && count < 4 ? 'lost' : undefined);
  const epc = tag.epc;
  const done = await run(tag, 'set-security', { tag: `epc:${epc}`, secured: false }, { uhf: { security: 'pc-afi' } });
  expect(done).toMatchObject({
    outcome: 'done',
    result: { newTag: `epc:${epc}`, steps: [{ mark: 'pc-afi', isDone: true }] },
  });
  expect([tag.epc, tag.pc & 0x1ff, tag.writes]).toEqual([epc, 0x1c2, [1]]);
});

test('tags of other trades are left alone, and a profile without a mark writes none', async () => {
  for (const security of ['epc-bit', 'pc-afi', 'none']) {
    const tag = new FakeGen2(GS1_EPC);
    const done = await run(tag, 'set-security', { tag: `epc:${GS1_EPC}`, secured: true }, { uhf: { security } });
    expect([done.outcome, done.code, tag.writes]).toEqual(['refused', 'not-supported', []]);
  }
});

const content = { itemId: '31234567', isil: 'DE-29' };

test('a chip from the factory is programmed word by word, the length last, and secured', async () => {
  const tag = new FakeGen2(FACTORY_EPC);
  const uhf = { format: 'uii', security: 'pc-afi' };
  const done = await run(tag, 'write-tag', { tag: `epc:${FACTORY_EPC}`, content, secured: true }, { uhf });
  expect(done).toMatchObject({
    outcome: 'done',
    result: { isWritten: true, format: 'uii', security: { steps: [{ isDone: true }] } },
  });
  expect((done.result as WriteTagResult).newTag).toBe(`epc:${tag.epc}`);
  expect(readUhfTag({ epc: fromHex(tag.epc) ?? new Uint8Array(0), pc: tag.pc }).content).toMatchObject(content);
  expect(tag.pc & 0x1ff).toBe(0x107);
  const gs1 = new FakeGen2(GS1_EPC);
  const args = { tag: `epc:${GS1_EPC}`, content };
  expect(await run(gs1, 'write-tag', args, { uhf })).toMatchObject({ code: 'tag-not-blank' });
  expect(await run(gs1, 'write-tag', args)).toMatchObject({ code: 'tag-not-blank' });
  expect(await run(gs1, 'write-tag', { ...args, overwrite: true })).toMatchObject({ code: 'format-unknown' });
  expect(gs1.writes).toEqual([]);
});

test('torn after any word: found under the name it has then, and finished by the next try', async () => {
  const uhf = { format: 'uii' };
  const whole = new FakeGen2(FACTORY_EPC);
  await run(whole, 'write-tag', { tag: `epc:${FACTORY_EPC}`, content }, { uhf });
  expect(whole.writes.length).toBeGreaterThan(3);
  for (let leavesAfter = 1; leavesAfter < whole.writes.length; leavesAfter += 1) {
    const tag = new FakeGen2(FACTORY_EPC);
    tag.fail = () => (tag.writes.length >= leavesAfter ? 'no-tag' : undefined);
    const torn = await run(tag, 'write-tag', { tag: `epc:${FACTORY_EPC}`, content }, { uhf, forMs: 150 });
    expect(torn).toMatchObject({ outcome: 'failed', result: { isWritten: false, isTorn: true } });
    tag.fail = () => undefined;
    const name = leavesAfter % 2 === 0 ? tag.epc : FACTORY_EPC;
    const again = await run(tag, 'write-tag', { tag: `epc:${name}`, content }, { uhf });
    expect([again.outcome, again.code, tag.epc, tag.pc]).toEqual(['done', undefined, whole.epc, whole.pc]);
  }
}, 30_000);

test('the access password goes along, and a refused one is not shown again', async () => {
  const tag = new FakeGen2(ISIL_EPC);
  tag.password = '0BADCAFE';
  const uhf = { security: 'epc-bit', passwords: { access: 'gen2-1' } };
  const args = { tag: `epc:${ISIL_EPC}`, secured: false };
  expect(await run(tag, 'set-security', args, { uhf })).toMatchObject({ outcome: 'refused', code: 'secret-missing' });
  const wrong = await run(tag, 'set-security', args, { uhf, secrets: { 'gen2-1': 'DEADBEEF' } });
  expect(wrong).toMatchObject({ outcome: 'failed', code: 'wrong-password' });
  const reads = tag.writes.length;
  expect(await run(tag, 'set-security', args, { uhf, secrets: { 'gen2-1': '0BADCAFE' } })).toMatchObject({
    code: 'wrong-password',
  });
  expect(tag.writes.length).toBe(reads);
  const other = { ...uhf, passwords: { access: 'gen2-2' } };
  expect(await run(tag, 'set-security', args, { uhf: other, secrets: { 'gen2-2': '0BADCAFE' } })).toMatchObject({
    outcome: 'done',
  });
});

test('a tag without a password is written without one, though the profile names one', async () => {
  const tag = new FakeGen2(FACTORY_EPC);
  tag.password = 'none';
  const uhf = { format: 'uii', security: 'pc-afi', passwords: { access: 'gen2-1' } };
  const secrets = { 'gen2-1': '0BADCAFE' };
  const args = { tag: `epc:${FACTORY_EPC}`, content, secured: true };
  expect(await run(tag, 'write-tag', args, { uhf, secrets })).toMatchObject({ outcome: 'done' });
});

test.each([
  ['lent by its AFI, to the bit', '41064C2D73CB4E00', 0xc2, 'epc-bit', 'isil-epc', '0'],
  ['in stock by its AFI, to the bit', '41064C2D73CB4E00', 0x07, 'epc-bit', 'isil-epc', '1'],
] as const)('%s: writing anew keeps whether it is lent', async (_name, epc, afi, security, format, bit) => {
  const tag = new FakeGen2(epc, buildPc(epc.length / 2, afi));
  const uhf = { security };
  const args = { tag: `epc:${epc}`, content: { itemId: '4711', isil: 'DE-290' }, format, overwrite: true };
  expect(await run(tag, 'write-tag', args, { uhf })).toMatchObject({ outcome: 'done' });
  expect(tag.epc.slice(-1)).toBe(bit);
});

test('a bit form under a profile that looks at the AFI gets the AFI too', async () => {
  const tag = new FakeGen2(FACTORY_EPC);
  const args = { tag: `epc:${FACTORY_EPC}`, content: { itemId: '4711', isil: 'DE-290' }, format: 'isil-epc' };
  expect(await run(tag, 'write-tag', args, { uhf: { security: 'pc-afi' } })).toMatchObject({ outcome: 'done' });
  expect([tag.epc, tag.pc]).toEqual([ISIL_EPC, buildPc(16, 0x07)]);
});

test('a tag with too little room for the EPC is refused as it was', async () => {
  const tag = new FakeGen2(FACTORY_EPC);
  tag.epcBytesMax = 12;
  const before = [...tag.bank];
  const args = { tag: `epc:${FACTORY_EPC}`, content: { itemId: '4711', isil: 'DE-290' }, format: 'isil-epc' };
  const done = await run(tag, 'write-tag', args);
  expect([done.outcome, done.code, done.result, tag.writes]).toEqual(['refused', 'no-such-block', undefined, []]);
  expect([...tag.bank]).toEqual(before);
});

test('bits of the PC word that the tag sets itself are neither written nor asked back', async () => {
  const tag = new FakeGen2(FACTORY_EPC);
  tag.ownPcBits = 0x0400;
  const uhf = { format: 'uii', security: 'pc-afi' };
  const args = { tag: `epc:${FACTORY_EPC}`, content, secured: false };
  expect(await run(tag, 'write-tag', args, { uhf })).toMatchObject({ outcome: 'done' });
  expect(tag.pc & 0x7ff).toBe(0x5c2);
});

test('what would not be read back as the item is not written', async () => {
  const tag = new FakeGen2(FACTORY_EPC);
  const args = { tag: `epc:${FACTORY_EPC}`, content: { itemId: '31234567' }, format: 'uii' };
  const afi = { secured: [0xda], unsecured: [0x21] };
  expect(await run(tag, 'write-tag', args, { uhf: { afi } })).toMatchObject({
    outcome: 'refused',
    code: 'content-invalid',
  });
  expect(tag.writes).toEqual([]);
});

/** First four bytes, by `openssl dgst -sha512` over the bytes and the secret. */
const DERIVED = { 'isil-epc': '01579548', tid: '9CC0480B' } as const;
const SECRET = 'a long secret';

test.each(['isil-epc', 'tid'] as const)(
  'a password of its own follows from its %s and the secret',
  async (accessFrom) => {
    const tag = new FakeGen2(ISIL_EPC);
    tag.password = DERIVED[accessFrom];
    const uhf = { security: 'epc-bit', passwords: { access: 'gen2-1', accessFrom } };
    const secrets = { 'gen2-1': SECRET };
    // Lent and returned: the bit lies behind what the password follows from.
    for (const [name, secured] of [
      [ISIL_EPC, false],
      [`${ISIL_EPC.slice(0, -1)}0`, true],
    ] as const) {
      const done = await run(tag, 'set-security', { tag: `epc:${name}`, secured }, { uhf, secrets });
      expect(done).toMatchObject({ outcome: 'done' });
      expect(JSON.stringify(done)).not.toMatch(new RegExp(`${tag.password}|${SECRET}`));
    }
    expect(await run(tag, 'set-security', { tag: `epc:${ISIL_EPC}`, secured: false }, { uhf })).toMatchObject({
      code: 'secret-missing',
    });
    // Another EPC would leave the tag with a password that nobody can work out; the TID stays.
    const args = { tag: `epc:${ISIL_EPC}`, format: 'uii' };
    const converted = await run(tag, 'write-tag', args, { uhf, secrets });
    expect([converted.outcome, converted.code, tag.epc === ISIL_EPC]).toEqual(
      accessFrom === 'tid' ? ['done', undefined, false] : ['refused', 'not-supported', true],
    );
  },
);

test('a text to derive from is no password, and a password that is none is missing', async () => {
  const tag = new FakeGen2(ISIL_EPC);
  const uhf = { security: 'epc-bit', passwords: { access: 'gen2-1' } };
  const args = { tag: `epc:${ISIL_EPC}`, secured: false };
  const done = await run(tag, 'set-security', args, { uhf, secrets: { 'gen2-1': 'ABCDEF0123' } });
  expect([done.code, tag.writes]).toEqual(['secret-missing', []]);
});

test('what lies there is what was heard; one tag is read bank by bank', async () => {
  const tag = new FakeGen2(ISIL_EPC);
  const heard = [
    { epc: ISIL_EPC, pc: '4000', antenna: 2, rssiDbm: -51 },
    { epc: GS1_EPC, pc: '3000', antenna: 1, rssiDbm: undefined },
  ];
  const uhf = { security: 'epc-bit' };
  expect(await run(tag, 'list-tags', {}, { heard, uhf })).toMatchObject({
    outcome: 'done',
    result: {
      tags: [
        {
          standing: 'item',
          content: { itemId: '4711', format: 'isil-epc' },
          security: { state: 'secured' },
          antenna: 2,
        },
        { standing: 'other', security: { state: 'unknown' }, antenna: 1 },
      ],
      patronCards: 0,
    },
  });
  expect(await run(tag, 'read-tag', { tag: `epc:${ISIL_EPC}` }, { uhf })).toMatchObject({
    outcome: 'done',
    result: {
      recognised: { format: 'uhf-library', confidence: 0.9, evidence: ['form isil-epc'] },
      banks: { pc: '4000', epc: ISIL_EPC, tid: 'E2E3E4E5E6E7E8E9EAEBECED' },
    },
  });
});
