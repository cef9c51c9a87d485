import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEPTH_MAX, isDeeperThan } from '#broker/intake/json-bounds.ts';
import { countInvalid, readBatch } from '#broker/intake/read-batch.ts';
import { BATCH_BYTES_MAX, OBSERVATIONS_MAX } from '#contract/wire/envelope.ts';
import { batchOf, scanOf } from '#test/broker/support/batches.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (value: unknown): ReturnType<typeof readBatch> => readBatch(bytes(JSON.stringify(value)));

describe('reading a batch', () => {
  test('keeps the text as it came, fields of a newer gateway included', () => {
    const text = ` ${JSON.stringify({ ...batchOf(7), colour: 'blue', observations: [{ kind: 'smell', of: 'dust' }] })}\n`;
    const batch = readBatch(bytes(text));
    expect(batch).toMatchObject({ ok: true, value: { text, envelope: { seq: 7, colour: 'blue' } } });
  });

  test.each<readonly [string, string | Uint8Array, string]>([
    ['nothing', '', 'batch-unreadable'],
    ['no JSON', 'hello', 'batch-unreadable'],
    ['a number', '1', 'batch-unreadable'],
    ['null', 'null', 'batch-unreadable'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'batch-unreadable'],
    ['deep nesting', '['.repeat(100_000), 'batch-unreadable'],
    [
      'deep nesting in a field',
      JSON.stringify(batchOf(1)).replace('}', `,"x":${'['.repeat(40)}${']'.repeat(40)}}`),
      'batch-unreadable',
    ],
    ['too many bytes', ' '.repeat(BATCH_BYTES_MAX + 1), 'payload-too-large'],
    [
      'a number too large for a double',
      JSON.stringify(batchOf(1)).replace(/"uptimeMs":\d+/, '"uptimeMs":1e999'),
      'batch-unreadable',
    ],
    ['no seq', JSON.stringify({ ...batchOf(1), seq: undefined }), 'batch-unreadable'],
    ['seq 0', JSON.stringify({ ...batchOf(1), seq: 0 }), 'batch-unreadable'],
    ['seq 1.5', JSON.stringify({ ...batchOf(1), seq: 1.5 }), 'batch-unreadable'],
    ['seq above what a double can count', JSON.stringify({ ...batchOf(1), seq: 2 ** 53 }), 'batch-unreadable'],
    ['seq as text', JSON.stringify({ ...batchOf(1), seq: '1' }), 'batch-unreadable'],
    ['no time', JSON.stringify({ ...batchOf(1), sentAt: 'yesterday' }), 'batch-unreadable'],
    ['an epoch with a slash', JSON.stringify({ ...batchOf(1), epoch: '../../etc/passwd' }), 'batch-unreadable'],
    ['an observation without kind', JSON.stringify({ ...batchOf(1), observations: [{}] }), 'batch-unreadable'],
    [
      '501 observations',
      JSON.stringify(
        batchOf(
          1,
          Array.from({ length: OBSERVATIONS_MAX + 1 }, () => scanOf()),
        ),
      ),
      'batch-unreadable',
    ],
  ])('refuses %s', (_name, payload, code) => {
    const batch = readBatch(typeof payload === 'string' ? bytes(payload) : payload);
    expect(batch).toMatchObject({ ok: false, error: { code } });
  });

  test('law: no bytes make it throw', () => {
    const almost = fc.tuple(fc.nat(400), fc.nat(255)).map(([at, byte]) => {
      const good = bytes(JSON.stringify(batchOf(1)));
      good[at % good.length] = byte;
      return good;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytes), almost), (payload) => {
        expect(typeof readBatch(payload).ok).toBe('boolean');
      }),
    );
  });
});

describe('observations inside a good envelope', () => {
  test('wrong ones are counted per kind; unknown kinds are none of our business', () => {
    const batch = read(
      batchOf(1, [scanOf(), { kind: 'tag' }, { kind: 'tag', id: 3 }, { kind: 'level' }, { kind: 'smell' }]),
    );
    if (!batch.ok) throw new Error(batch.error.detail);
    expect(countInvalid(batch.value.envelope.observations)).toEqual(
      new Map([
        ['tag', 2],
        ['level', 1],
      ]),
    );
  });

  test('nothing to say about good ones', () => {
    const batch = read(batchOf(1, [scanOf()]));
    if (!batch.ok) throw new Error(batch.error.detail);
    expect(countInvalid(batch.value.envelope.observations)).toBeUndefined();
  });
});

describe('depth of a document', () => {
  test.each([
    [`${'['.repeat(DEPTH_MAX)}${']'.repeat(DEPTH_MAX)}`, false],
    ['['.repeat(DEPTH_MAX + 1), true],
    [`"${'['.repeat(1_000)}"`, false],
    [`"\\"${'{'.repeat(1_000)}"`, false],
    [`"\\\\"${'{'.repeat(1_000)}`, true],
    [`[${'[],'.repeat(1_000)}[]]`, false],
  ])('%#', (text, expected) => {
    expect(isDeeperThan(bytes(text), DEPTH_MAX)).toBe(expected);
  });
});
