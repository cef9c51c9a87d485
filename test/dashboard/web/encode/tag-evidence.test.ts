import { describe, expect, it } from '@jest/globals';
import { EVIDENCE, EVIDENCE_WITH_VALUE, evidenceOf, readEvidence } from '#contract/codec/tag/evidence.ts';
import { encodeTagContent } from '#contract/codec/tag/encode-content.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { readUhfTag } from '#contract/codec/tag/read-uhf.ts';
import { fromHex } from '#contract/hex.ts';
import { evidenceWord, recognisedWord } from '#dashboard/web/encode/tag-evidence.ts';
import { languagesShipped, wordsOf } from '#test/dashboard/web/words/locale-files.ts';

const SENTENCES = [
  ...Object.values(EVIDENCE),
  ...(['dsfid', 'otherDsfid', 'afi'] as const).map((key) => evidenceOf(key, 0x3e)),
  evidenceOf('form', 'isil-epc'),
  evidenceOf('scheme', 'sgtin-96'),
];

describe('what speaks for a format', () => {
  it.each(languagesShipped())('has words in $name, each its own', ({ code }) => {
    const t = wordsOf(code);
    const words = SENTENCES.map((sentence) => evidenceWord(sentence, t));
    expect(words.filter((word, at) => word === SENTENCES[at])).toEqual([]);
    expect(new Set(words).size).toBe(SENTENCES.length);
    expect(evidenceWord(evidenceOf('afi', 0x7), t)).toContain('07');
    expect(recognisedWord('unknown', t)).not.toBe('unknown');
  });

  it('is found again with its value, and kept as it is where it is newer than this page', () => {
    for (const key of Object.keys(EVIDENCE_WITH_VALUE) as (keyof typeof EVIDENCE_WITH_VALUE)[]) {
      expect(readEvidence(evidenceOf(key, 'sgtin-96'))).toEqual({ key, value: 'sgtin-96' });
    }
    expect(evidenceWord('smells like a book', wordsOf('en'))).toBe('smells like a book');
    expect(readEvidence('afi ')).toBeUndefined();
  });

  it('is known for what the readers of tags really say', () => {
    const chip = { memoryBytes: 112, blockBytes: 4 };
    const formats = ['iso28560-3', 'iso28560-2', '3m-tag'] as const;
    const written = formats.map((format) => encodeTagContent(format, { itemId: '31234567' }, chip));
    const memories = written.map((bytes) => (bytes.ok ? bytes.value : new Uint8Array(0)));
    const found = [
      ...memories.map((memory) => readHfTag({ memory, afi: 0x07, dsfid: 0x3e })),
      readHfTag({ memory: new Uint8Array(32).fill(0x6b) }),
      readHfTag({ memory: new Uint8Array(32) }),
      ...['3034257BF7194E4000001A85', 'E28011606000020612345678', '00'.repeat(12)].map((epc) =>
        readUhfTag({ epc: fromHex(epc) ?? new Uint8Array(0) }),
      ),
    ].flatMap(({ evidence }) => evidence);
    expect(found.length).toBeGreaterThan(8);
    expect(found.filter((sentence) => readEvidence(sentence) === undefined)).toEqual([]);
  });
});
