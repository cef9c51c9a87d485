/** SIP2 messages against the guide's own samples, hand-made ones and the laws of the codec. */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SIP2_CHARSETS, bytesOf, plainText, type Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { sip2Checksum } from '#contract/codec/sip2/checksum.ts';
import type { Sip2Draft } from '#contract/codec/sip2/message.ts';
import { SIP2_LAYOUTS } from '#contract/codec/sip2/messages.table.ts';
import { readSip2, type ReadMessage } from '#contract/codec/sip2/read.ts';
import { writeSip2 } from '#contract/codec/sip2/write.ts';
import { GUIDE_ANSWERS, GUIDE_REQUESTS } from './guide.table.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const shown = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function read(text: string, charset: Sip2Charset = 'ascii', isStrict = false): ReadMessage {
  const result = readSip2(latin(text), { charset, isStrict });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function fault(text: string, isStrict = false): unknown {
  const result = readSip2(latin(text), { charset: 'ascii', isStrict });
  return result.ok ? result.value : { code: result.error.code, offset: result.error.offsetBytes };
}

describe('the guide', () => {
  test.each(GUIDE_REQUESTS)('request %s fits its checksum and comes back', (text) => {
    const message = read(text);
    expect(message.checksumValid).toBe(true);
    const written = writeSip2(message, 'ascii');
    expect(written.ok && shown(written.value)).toBe(text);
  });

  test.each(GUIDE_ANSWERS)('answer %s is read, checksum %s', (text, isFitting) => {
    const message = read(text);
    expect(message.checksumValid).toBe(isFitting);
    const written = writeSip2(message, 'ascii');
    expect(written.ok && shown(written.value).slice(0, -4)).toBe(text.slice(0, -4));
  });

  test('every part by its name', () => {
    expect(read(GUIDE_REQUESTS[7] ?? '')).toEqual({
      code: '11',
      name: 'Checkout',
      fixed: {
        scRenewalPolicy: 'Y',
        noBlock: 'N',
        transactionDate: '19960212    100514',
        nbDueDate: '19960212    100514',
      },
      fields: [
        ['AO', ''],
        ['AA', '104000000105'],
        ['AB', '000000000005792'],
        ['AC', ''],
      ],
      sequence: 3,
      checksumValid: true,
    });
    const info = read(GUIDE_ANSWERS[3]?.[0] ?? '');
    expect(info.fixed).toMatchObject({ transactionDate: '19980723 104009', holdItemsCount: '0001' });
    expect(info.fixed).toMatchObject({ chargedItemsCount: '0002', unavailableHoldsCount: '0000' });
    expect(info.fields.filter(([id]) => id === 'AU')).toEqual([
      ['AU', 'ChargeItem1'],
      ['AU', 'ChargeItem2'],
    ]);
  });

  test('the two messages that never change', () => {
    for (const text of ['97AZFEF5', '96AZFEF6']) {
      const message = read(text, 'ascii', true);
      expect(message).toMatchObject({ fixed: {}, fields: [], sequence: null, checksumValid: true });
      const written = writeSip2(
        { code: message.code, fixed: {}, fields: [], sequence: null, checksumValid: true },
        'ascii',
      );
      expect(written.ok && shown(written.value)).toBe(text);
    }
  });
});

describe('character sets', () => {
  // 17 + date + ABé|AY0AZ: é is E9, 82 and C3 A9.
  test.each([
    ['iso-8859-1', [0xe9]],
    ['ibm850', [0x82]],
    ['utf-8', [0xc3, 0xa9]],
  ] as const)('%s: text and checksum', (charset, bytes) => {
    const draft = {
      code: '17',
      fixed: { transactionDate: '20261124    120000' },
      fields: [['AB', 'é']],
      sequence: 0,
      checksumValid: true,
    } as const;
    const written = writeSip2(draft, charset);
    if (!written.ok) throw new Error(written.error.detail);
    const body = [...latin('1720261124    120000AB'), ...bytes, ...latin('|AY0AZ')];
    const sum = body.reduce((total, byte) => total + byte, 0);
    expect(shown(written.value)).toBe(String.fromCharCode(...body) + (0x10000 - sum).toString(16).toUpperCase());
    expect(readSip2(written.value, { charset, isStrict: true })).toMatchObject({
      value: { fields: [['AB', 'é']], checksumValid: true },
    });
  });

  test('what a set does not have is refused for identifiers and replaced in free text', () => {
    expect(bytesOf('漢', 'iso-8859-1')).toEqual({ missing: '漢' });
    expect(bytesOf('\ud800', 'utf-8')).toEqual({ missing: '\ud800' });
    expect(plainText('Čapek|漢\r\n', 'iso-8859-1')).toBe('Capek ?  ');
    expect(plainText('Čapek 漢', 'utf-8')).toBe('Čapek 漢');
  });

  test('IBM850 has its 128 upper characters, each once', () => {
    const upper = Uint8Array.from({ length: 128 }, (_, at) => 0x80 + at);
    const text = read(`1720261124    120000AB${shown(upper)}|`, 'ibm850').fields[0]?.[1] ?? '';
    expect(new Set(text).size).toBe(128);
    expect(bytesOf(text, 'ibm850')).toEqual({ bytes: upper });
    expect(text.startsWith('ÇüéâäàåçêëèïîìÄÅÉæÆ')).toBe(true);
  });

  test('a byte of another set is kept readable and said', () => {
    expect(read('1720261124    120000ABa\xe9|', 'utf-8')).toMatchObject({
      fields: [['AB', 'a\u{fffd}']],
      unreadableAt: 23,
    });
    expect(read('1720261124    120000AB\xe9|', 'ascii')).toMatchObject({ unreadableAt: 22 });
  });
});

describe('what is met in the field', () => {
  const DATE = '20261124    120000';

  test('is read leniently', () => {
    const plain = read(`17${DATE}AO|ABx|`);
    expect(plain).toMatchObject({ sequence: null, checksumValid: null });
    expect(read(`\n 17${DATE}AO|ABx|\r\n`)).toEqual(plain);
    expect(read(`\u00ef\u00bb\u00bf17${DATE}AO|ABx|`)).toEqual(plain);
    expect(read(`17${DATE}AO||ABx`)).toEqual(plain);
    expect(read(`1720261124 120000AO|ABx|`).fixed).toEqual({ transactionDate: '20261124 120000' });
    expect(read(`1720261124120000AO|ABx|`).fixed).toEqual({ transactionDate: '20261124120000' });
    expect(read(`1720261124   Z120000AO|ABx|`).fields).toEqual(plain.fields);
    expect(read('2300119960212    100239AOid_21|AA104000000105|AC|AD|AY2AZf271|')).toMatchObject({
      sequence: 2,
      checksumValid: true,
    });
  });

  test('no bar before AY; letters that only look like a checksum stay', () => {
    const body = `17${DATE}AO|ABx`;
    const sum = sip2Checksum(latin(`${body}AY1AZ`));
    expect(read(`${body}AY1AZ${sum}`)).toMatchObject({
      fields: [
        ['AO', ''],
        ['AB', 'x'],
      ],
      checksumValid: true,
    });
    expect(read(`17${DATE}AO|ABAZ1234`)).toMatchObject({
      fields: [
        ['AO', ''],
        ['AB', 'AZ1234'],
      ],
      checksumValid: null,
    });
    expect(read(`17${DATE}AO|ABx|AY1`)).toMatchObject({ sequence: 1, checksumValid: null });
    expect(read(`17${DATE}AO|ABx|AY1AZ12`)).toMatchObject({ sequence: 1, checksumValid: false });
  });

  test('strict reading takes none of it', () => {
    for (const text of [
      ` 17${DATE}AO|ABx|`,
      `17${DATE}AO|ABx|\r`,
      `17${DATE}AO|ABx`,
      `17${DATE}AO||`,
      `17${DATE}AB\t|`,
      `17${DATE}AB\xe9|`,
      `17${DATE}ABx|AY1`,
      '2300119960212    100239AOid_21|AA104000000105|AC|AD|AY2AZf271',
    ]) {
      expect(fault(text, true)).toMatchObject({ code: expect.stringMatching(/bad-value|unknown-type/) });
    }
    expect(fault(`17${DATE}AO|ABx|`, true)).toMatchObject({ code: '17' });
  });

  test('what cannot be read says where', () => {
    expect(fault('')).toEqual({ code: 'truncated', offset: 0 });
    expect(fault('1')).toEqual({ code: 'truncated', offset: 1 });
    expect(fault('77X')).toEqual({ code: 'unknown-type', offset: 0 });
    expect(fault('11YN20261124    12')).toEqual({ code: 'truncated', offset: 18 });
    expect(fault(`17${DATE}AO|A|`)).toEqual({ code: 'bad-value', offset: 23 });
    expect(fault(`17${DATE}A!x|`)).toEqual({ code: 'bad-value', offset: 20 });
    expect(fault(`17${DATE}ABx|AY1AZF00017${DATE}ABx|`)).toEqual({ code: 'bad-value', offset: 24 });
    expect(fault(`17${DATE}${'ABx|'.repeat(2001)}`)).toEqual({ code: 'bad-length', offset: 20 + 8000 });
    expect(fault(`17${DATE}AB${'x'.repeat(65_536)}|`)).toEqual({ code: 'bad-length', offset: 65_536 });
  });
});

describe('writing', () => {
  const draft = (changes: Partial<Sip2Draft>): Sip2Draft => ({
    code: '17',
    fixed: { transactionDate: '20261124    120000' },
    fields: [],
    sequence: null,
    checksumValid: null,
    ...changes,
  });
  const path = (given: Sip2Draft): string => {
    const written = writeSip2(given, 'ascii');
    return written.ok ? shown(written.value) : written.error.path;
  };

  test('refuses what would end a field or a message, and names it', () => {
    for (const bad of ['a|ABb', 'a\r17', 'a\nb', 'a\0', 'a\u007f', 'é']) {
      expect(
        path(
          draft({
            fields: [
              ['AO', ''],
              ['AB', bad],
            ],
          }),
        ),
      ).toBe('fields.1');
    }
    expect(path(draft({ fields: [['AB|', 'x']] }))).toBe('fields.0');
    expect(path(draft({ fields: [['AY', '1']] }))).toBe('fields.0');
    expect(path(draft({ fixed: { transactionDate: '2026' } }))).toBe('fixed.transactionDate');
    expect(path(draft({ fixed: { transactionDate: '20261124   |120000' } }))).toBe('fixed.transactionDate');
    expect(path(draft({ fixed: {} }))).toBe('fixed.transactionDate');
    expect(path(draft({ fixed: { ...draft({}).fixed, ok: '1' } }))).toBe('fixed.ok');
    expect(path(draft({ code: '77' }))).toBe('code');
    expect(path(draft({ sequence: 10 }))).toBe('sequence');
    expect(path(draft({ fields: Array.from({ length: 2001 }, () => ['AB', 'x'] as const) }))).toBe('fields');
  });
});

describe('laws', () => {
  const layouts = [...SIP2_LAYOUTS.values()];
  const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('|', '\r97', 'AZFEF5', '', 'é'));
  const drafts = fc
    .record({
      layout: fc.constantFrom(...layouts),
      fields: fc.array(fc.tuple(fc.stringMatching(/^[A-Z]{2}$/), value), { maxLength: 6 }),
      sequence: fc.option(fc.nat({ max: 9 })),
      checksumValid: fc.constantFrom(true, null),
    })
    .map(({ layout, ...rest }): Sip2Draft => ({
      code: layout.code,
      fixed: Object.fromEntries(layout.fixed.map(({ name, width }) => [name, 'Y'.padEnd(width)])),
      ...rest,
    }));

  test.each(SIP2_CHARSETS)('%s: what is written is read back as it was, or nothing is written', (charset) => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const written = writeSip2(draft, charset);
        const isClean = draft.fields.every(([id, text]) => !/[|\p{Cc}]/u.test(text) && id !== 'AY' && id !== 'AZ');
        if (!written.ok) return;
        // C1 controls end nothing in SIP2, but bars and line ends must never have got through.
        if (!isClean) expect(draft.fields.some(([, text]) => /[|\r\n\0]/.test(text))).toBe(false);
        expect(written.value.filter((byte) => byte === 0x0d || byte === 0x0a)).toHaveLength(0);
        const isStrict = draft.sequence === null || draft.checksumValid !== null;
        const back = readSip2(written.value, { charset, isStrict });
        expect(back).toMatchObject({ ok: true, value: draft });
      }),
      { numRuns: 400 },
    );
  });

  test('no damage throws; what is read leniently can be written, or says why not', () => {
    const samples = [...GUIDE_REQUESTS, ...GUIDE_ANSWERS.map(([text]) => text)].map(latin);
    const mutated = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 }),
        fc.nat(9),
      )
      .map(([bytes, changes, cut]) => {
        const copy = bytes.slice(0, bytes.length - cut);
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 60 })), fc.boolean(), (bytes, isStrict) => {
        const result = readSip2(bytes, { charset: 'utf-8', isStrict });
        if (!result.ok) {
          expect(result.error.offsetBytes).toBeLessThanOrEqual(bytes.length);
          return;
        }
        const { unreadableAt, ...message } = result.value;
        const written = writeSip2(message, 'utf-8');
        if (!written.ok) expect(unreadableAt).toBeDefined();
        else if (isStrict && message.checksumValid !== false) expect(shown(written.value)).toBe(shown(bytes));
      }),
      { numRuns: 1500 },
    );
  });
});
