import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { crc16 } from '#contract/codec/crc16.ts';
import { isPatronCard, mayBePatronCard } from '#contract/codec/tag/patron-card.ts';
import { readTagMemory } from '#contract/codec/tag/read-tag.ts';
import type { TagReading } from '#contract/codec/tag/reading.ts';
import { fromHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const hf = (hex: string, registers: { afi?: number; dsfid?: number } = {}): TagReading =>
  readTagMemory({ hf: { memory: bytes(hex), ...registers } });
const uhf = (epc: string, pc?: number): TagReading => readTagMemory({ uhf: { epc: bytes(epc), pc } });

const OSLO = '110202 30333031303033343831353030330000 3802 4E4F 3032303330303030000000 0000';
const NO_CRC = '110101 31313232333334340000000000000000 0000 4445 373035000000000000';
const OBJECTS = '9100051C BE991A14 0201D014 0204B346 07441CB6 E2E335D6 830207AC C09EBAA0 6F6B0000';
const LONE = `1105 1CBE991A14 ${'00'.repeat(25)}`;
const THREE_M = `04110001 31333031323334353637000000000000 ${'00'.repeat(12)}`;

describe('HF tags', () => {
  test('with a CRC', () => {
    expect(hf(OSLO)).toEqual({
      format: 'iso28560-3',
      codec: 'iso28560-3',
      confidence: 1,
      evidence: ['crc'],
      content: {
        format: 'iso28560-3',
        itemId: '03010034815003',
        isil: 'NO-02030000',
        part: 2,
        parts: 2,
        usage: 1,
        crc: 'ok',
        confidence: 1,
      },
    });
  });

  test('without a CRC, and with a DSFID for or against it', () => {
    expect(hf(NO_CRC)).toMatchObject({ content: { itemId: '11223344', crc: 'absent', confidence: 0.7 } });
    expect(hf(NO_CRC, { dsfid: 0x3e }).confidence).toBe(0.8);
    expect(hf(NO_CRC, { dsfid: 0x06 })).toMatchObject({ format: 'unknown', confidence: 0.4 });
    expect(hf(NO_CRC, { dsfid: 0x06 }).content).toBeUndefined();
  });

  test('with objects', () => {
    expect(hf(OBJECTS)).toMatchObject({
      format: 'iso28560-2',
      confidence: 0.8,
      content: { itemId: '123456789012', isil: 'US-InU-Mu', part: 3, parts: 12 },
    });
    expect(hf(OBJECTS, { dsfid: 0x06, afi: 0x07 }).confidence).toBe(0.9);
    expect(hf(OBJECTS, { dsfid: 0x3e })).toMatchObject({ format: 'unknown' });
  });

  test('with a single object: zeros behind it, or the DSFID, must speak for it', () => {
    expect(hf(LONE)).toMatchObject({ format: 'iso28560-2', content: { itemId: '123456789012' }, confidence: 0.6 });
    expect(hf('1105 1CBE991A14')).toMatchObject({ format: 'unknown', confidence: 0.3 });
    expect(hf('1105 1CBE991A14', { dsfid: 0x06 })).toMatchObject({ content: { itemId: '123456789012' } });
  });

  test('whose memory was not read to the end of an object', () => {
    // Inside the shelf location; and behind it, where the content parameter still announces an owner.
    for (const size of [20, 24]) {
      const part = OBJECTS.replaceAll(' ', '').slice(0, 2 * size);
      expect(hf(part)).toMatchObject({ format: 'unknown', wantsMore: true });
    }
    expect(hf(OBJECTS).wantsMore).toBeUndefined();
  });

  test("in 3M's layout", () => {
    expect(hf(THREE_M, { afi: 0xda })).toMatchObject({
      format: '3m-tag',
      confidence: 0.85,
      content: { itemId: '1301234567', part: 1, parts: 1 },
    });
    expect(hf(THREE_M.replace('0411', '0421'))).toMatchObject({ format: 'unknown', confidence: 0.2 });
    expect(hf(THREE_M, { dsfid: 0x3e })).toMatchObject({ format: 'unknown' });
  });

  test.each([
    ['00'.repeat(28), undefined],
    [`${'55'.repeat(24)}${'00'.repeat(8)}`, '3m-tag'],
  ])('blank: %s', (hex, codec) => {
    expect(hf(hex)).toMatchObject({ format: 'blank', confidence: 1, ...(codec && { codec }) });
  });

  test.each([
    ['a wrong CRC', OSLO.replace('3802', '3803')],
    ['ASCII', '3132333435363738393031323334353637383930313233343536373839303132'],
    ['ones', 'FF'.repeat(32)],
    ['a short barcode', `6102 3132 ${'00'.repeat(28)}`],
    ['an object id twice', `1105 1CBE991A14 1105 1CBE991A15 ${'00'.repeat(18)}`],
    ['a set that does not count', `1105 1CBE991A14 1401 22 ${'00'.repeat(22)}`],
    ['something behind the objects', `1105 1CBE991A14 00 FF ${'00'.repeat(23)}`],
    ['nothing', ''],
  ])('unknown: %s', (_name, hex) => {
    expect(hf(hex)).toMatchObject({ format: 'unknown' });
    expect(hf(hex).content).toBeUndefined();
  });

  test('an item id that no observation can carry is left out', () => {
    const item = '1'.repeat(65);
    const data = [0, ...new TextEncoder().encode(item)];
    const head = [4 + data.length, 1, 0];
    const xor = [...head, ...data].reduce((sum, value) => sum ^ value, 0);
    const before = [0x11, 1, 1, 1, ...new Uint8Array(15)];
    const owner = [0x44, 0x45, 0x37, ...new Uint8Array(10)];
    const crc = crc16(Uint8Array.from([...before, ...owner]));
    const memory = Uint8Array.from([...before, crc & 0xff, crc >> 8, ...owner, ...head, xor, ...data, 0]);
    const reading = readTagMemory({ hf: { memory } });
    expect(reading).toMatchObject({ format: 'iso28560-3' });
    expect(reading.content).toBeUndefined();
  });
});

describe('patron cards', () => {
  /** A card in the fixed-length model with a right CRC. */
  const card = (head: number): Uint8Array => {
    const before = [head, 1, 1, ...new TextEncoder().encode('N000123456'), 0, 0, 0, 0, 0, 0];
    const owner = [0x4e, 0x4f, 0x31, ...new Uint8Array(10)];
    const crc = crc16(Uint8Array.from([...before, ...owner]));
    return Uint8Array.from([...before, crc & 0xff, crc >> 8, ...owner, 0, 0]);
  };
  const turned = (memory: Uint8Array): Uint8Array => memory.map((_, at) => memory[at ^ 3] ?? 0);
  const variants: [string, Uint8Array][] = [
    ['standard', card(0x18)],
    ['swapped nibbles', card(0x81)],
    ['reversed blocks', turned(card(0x18))],
    ['reversed blocks, swapped nibbles', turned(card(0x81))],
    ['objects', bytes(`1105 1CBE991A14 0501 80 ${'00'.repeat(22)}`)],
    ['objects, usage padded', bytes(`1105 1CBE991A14 8500 01 83 ${'00'.repeat(21)}`)],
    ['objects, usage as digits', bytes(`1105 1CBE991A14 6502 3830 ${'00'.repeat(21)}`)],
  ];

  test.each(variants)('%s', (_name, memory) => {
    expect(isPatronCard(memory)).toBe(true);
    const reading = readTagMemory({ hf: { memory } });
    expect(reading.format).toBe('patron-card');
    expect(reading.content).toBeUndefined();
  });

  test.each(variants)('%s, one byte damaged anywhere: never an item', (name, memory) => {
    let missed = 0;
    for (let at = 0; at < memory.length; at += 1) {
      for (const mask of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = memory.slice();
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        const reading = readTagMemory({ hf: { memory: damaged } });
        if (reading.content !== undefined && reading.content.usage !== 8 && !name.startsWith('objects')) missed += 1;
        if (!name.startsWith('objects')) expect(mayBePatronCard(damaged)).toBe(true);
      }
    }
    expect(missed).toBe(0);
  });

  test('of objects, the usage is found in a memory that is damaged elsewhere', () => {
    const damaged = bytes(`1145 1CBE991A14 0501 80 ${'00'.repeat(22)}`);
    expect(readTagMemory({ hf: { memory: damaged } })).toMatchObject({ format: 'patron-card' });
  });

  test('a book is none', () => {
    for (const hex of [OSLO, OBJECTS, THREE_M, LONE]) expect(mayBePatronCard(bytes(hex))).toBe(false);
  });
});

describe('UHF tags', () => {
  test('by ISO: owner, item and set as in the example of ISO/TS 28560-4', () => {
    expect(uhf('141CC04FC70BADB5C6E2DA1DED4DD319', 0x45c2)).toMatchObject({
      format: 'uhf-library',
      content: { itemId: '12345678', isil: 'CH-000134-1', part: 1, parts: 3 },
    });
  });

  test('a GS1 number is named, and no item is made of it', () => {
    const reading = uhf('3074257BF7194E4000001A85', 0x3000);
    expect(reading).toMatchObject({ format: 'epc', evidence: ['scheme SGTIN-96'] });
    expect(reading.content).toBeUndefined();
  });

  test('what has no known form is unknown, and zeros are blank', () => {
    expect(uhf('E2001234567890123456AAAA').format).toBe('unknown');
    expect(uhf('00'.repeat(12)).format).toBe('blank');
  });

  test('a tag with two chips: the surer one counts; nothing read is unknown', () => {
    const both = { hf: { memory: bytes('FF'.repeat(32)) }, uhf: { epc: bytes('3074257BF7194E4000001A85') } };
    expect(readTagMemory(both).format).toBe('epc');
    expect(readTagMemory({ ...both, hf: { memory: bytes(OSLO) } }).format).toBe('iso28560-3');
    expect(readTagMemory({})).toMatchObject({ format: 'unknown', confidence: 0 });
  });
});

test('nothing makes it throw', () => {
  const register = fc.option(fc.nat({ max: 255 }), { nil: undefined });
  const memory = fc.record({ memory: fc.uint8Array({ maxLength: 70 }), afi: register, dsfid: register });
  const chip = fc.record({
    epc: fc.uint8Array({ maxLength: 70 }),
    pc: fc.option(fc.nat({ max: 65535 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(memory, chip, (hfPart, uhfPart) => void readTagMemory({ hf: hfPart, uhf: uhfPart })),
    { numRuns: 3000 },
  );
});
