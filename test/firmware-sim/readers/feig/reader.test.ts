import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { FEIG_SHAPE } from '#contract/codec/feig/frame.ts';
import { feigFormat } from '#contract/codec/feig/format.ts';
import type { JsonObject } from '#contract/codec/format.ts';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { startFeigReader, type FeigReader, type FeigReaderOptions } from '#sim/readers/feig/reader.ts';
import { programTag, type HfTag } from '#sim/readers/hf-tag.ts';
import { until } from '#test/gateway/fakes/world.ts';

const UID = 'E00401B7E3B9B7FF';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function newTag(uid = UID): HfTag {
  return programTag({ uid, barcode: '32112000000013', isil: 'DE-SW1' });
}

interface Line {
  readonly reader: FeigReader;
  /** Everything the reader said, hex. */
  readonly said: string[];
  /** Sends a frame in hex, or a question in words; gives the next answer. */
  readonly ask: (question: string | JsonObject) => Promise<JsonObject>;
}

async function line(tags: readonly HfTag[], options: Partial<FeigReaderOptions> = {}): Promise<Line> {
  const pad = { tags: () => tags, isGlitch: () => false };
  const reader = await startFeigReader({ id: 'pad', pad, on: { kind: 'tcp' }, ...options });
  closing.push(() => reader.close());
  const socket = connect(Number(new URL(reader.link).port), '127.0.0.1');
  socket.on('error', () => undefined);
  closing.push(() => socket.destroy());
  const framer = new SerialFramer(FEIG_SHAPE);
  const said: string[] = [];
  socket.on('data', (chunk: Uint8Array) => {
    for (const event of framer.feed(new Uint8Array(chunk))) if (event.kind === 'frame') said.push(toHex(event.bytes));
  });
  return {
    reader,
    said,
    async ask(question) {
      const heard = said.length;
      socket.write(bytesOf(question));
      await until(() => said.length > heard);
      return read(said[heard] ?? '');
    },
  };
}

function bytesOf(question: string | JsonObject): Uint8Array {
  if (typeof question === 'string') return fromHex(question) ?? new Uint8Array(0);
  const encoded = feigFormat.encode({ direction: 'question', form: 'standard', address: 255, ...question });
  if (!encoded.ok) throw new Error(JSON.stringify(encoded.error));
  return encoded.value;
}

function read(hex: string): JsonObject {
  const decoded = feigFormat.decode(fromHex(hex) ?? new Uint8Array(0));
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  return decoded.value;
}

const FLAGS = { more: 0, notify: 0, presence: 0, antenna: 0 };
const ONE = { addressing: 1, uid: UID };

describe('the FEIG reader in host mode', () => {
  test('answers byte for byte, in the form it was asked in', async () => {
    const { ask, said } = await line([]);
    // Captured: software version asked in both forms; 03 04 … is what this device is.
    await ask('05 FF 65 E5 CB');
    await ask({ kind: 'inventory', ...FLAGS });
    expect(said[0]).toMatch(/^110065000304/);
    expect(said[1]?.slice(0, 8)).toBe('0600B001');
    expect(await ask({ kind: 'inventory', form: 'advanced', ...FLAGS })).toMatchObject({ form: 'advanced', status: 1 });
  });

  test('hears its tags, the rest with MORE; quiet ones no more until the field was off', async () => {
    const { ask } = await line([newTag(), newTag('E00401B7E3B9B700')], { tagsPerAnswer: 1 });
    expect(await ask({ kind: 'inventory', ...FLAGS })).toMatchObject({
      status: 0x94,
      tags: [{ id: UID, dsfid: 0x3e }],
    });
    expect(await ask({ kind: 'inventory', ...FLAGS, more: 1 })).toMatchObject({
      status: 0,
      tags: [{ id: 'E00401B7E3B9B700' }],
    });
    expect(await ask({ kind: 'stay-quiet', ...ONE })).toMatchObject({ status: 0 });
    expect(await ask({ kind: 'inventory', ...FLAGS })).toMatchObject({ tags: [{ id: 'E00401B7E3B9B700' }] });
    await ask({ kind: 'rf-reset' });
    expect(await ask({ kind: 'inventory', ...FLAGS })).toMatchObject({ tags: [{ id: UID }] });
  });

  test('gives and takes each block last byte first', async () => {
    const tag = newTag();
    const { ask } = await line([tag]);
    const blocks = { firstBlock: 1, blockCount: 1 };
    const read = await ask({ kind: 'read-blocks', ...ONE, security: 1, ...blocks });
    expect(read).toMatchObject({ blocks: [{ security: 0, data: toHex(tag.memory.slice(4, 8).reverse()) }] });
    const write = { kind: 'write-blocks', ...ONE, firstBlock: 27, blockCount: 1, blockBytes: 4, blocks: '01020304' };
    expect(await ask(write)).toMatchObject({ status: 0 });
    expect(toHex(tag.memory.slice(108))).toBe('04030201');
    expect(await ask({ ...write, firstBlock: 28 })).toMatchObject({ status: 0x95, isoError: 0x10 });
  });

  test('AFI, system information, EAS', async () => {
    const tag = newTag();
    const { ask } = await line([tag]);
    await ask({ kind: 'write-afi', ...ONE, afi: 0xc2 });
    expect(await ask({ kind: 'system-information', ...ONE })).toMatchObject({
      uid: UID,
      afi: 0xc2,
      dsfid: 0x3e,
      blockBytesLess1: 3,
      blocksLess1: 27,
    });
    await ask({ kind: 'reset-eas', ...ONE });
    expect(tag.isEasOn).toBe(false);
    expect(await ask({ kind: 'eas-alarm', ...ONE })).toMatchObject({ status: 1 });
    expect(await ask({ kind: 'eas-alarm', ...ONE, uid: 'E004010000000000' })).toMatchObject({ status: 1 });
  });

  test('has no buffer; noise and damaged frames get no answer, the next good one does', async () => {
    const { ask, said } = await line([]);
    expect(await ask({ kind: 'read-buffer-advanced', dataSetCount: 1 })).toMatchObject({ status: 0x82 });
    expect(await ask('00 01 05 FF 65 00 00 05 FF 65 E5 CB')).toMatchObject({ kind: 'software-version' });
    expect(said).toHaveLength(2);
  });

  test('one that knows advanced frames only says so', async () => {
    const { ask } = await line([], { frames: 'advanced' });
    expect(await ask({ kind: 'software-version' })).toMatchObject({ form: 'standard', status: 0x80 });
    expect(await ask({ kind: 'software-version', form: 'advanced' })).toMatchObject({ form: 'advanced', status: 0 });
  });
});

describe('the FEIG reader that collects', () => {
  test('gives the oldest again until they are cleared; a power cut loses all', async () => {
    const { ask, reader } = await line([], { mode: 'buffered', sizeMax: 3 });
    const readOne = { kind: 'read-buffer-advanced', dataSetCount: 1 };
    expect(await ask(readOne)).toMatchObject({ status: 0x92 });
    for (const digit of '1234') reader.pass({ tag: newTag(`E00401B7E3B9B70${digit}`) });
    expect(await ask(readOne)).toMatchObject({ status: 0x93, dataSets: [{ id: 'E00401B7E3B9B701' }] });
    expect(await ask(readOne)).toMatchObject({ dataSets: [{ id: 'E00401B7E3B9B701' }] });
    await ask({ kind: 'clear-buffer' });
    expect(await ask(readOne)).toMatchObject({ status: 0x94, dataSets: [{ id: 'E00401B7E3B9B702' }] });
    expect(await ask({ kind: 'read-buffer-info' })).toMatchObject({ tableSize: 3, tableLength: 2 });
    expect(await ask({ kind: 'inventory', ...FLAGS })).toMatchObject({ status: 0x82 });
    await ask({ kind: 'initialize-buffer' });
    expect(reader.waiting).toBe(0);
    reader.pass({ tag: newTag() });
    await reader.unplug();
    await reader.plug();
    expect(reader.waiting).toBe(0);
  });

  test('notifies, again until it is acknowledged, and keeps alive', async () => {
    const { said, ask, reader } = await line([], { mode: 'notification', acknowledgeMs: 30, keepAliveMs: 20 });
    await ask({ kind: 'software-version' });
    reader.pass({ tag: newTag() });
    const notified = (): JsonObject[] => said.map(read).filter(({ kind }) => kind === 'read-buffer-advanced');
    await until(() => notified().length >= 2 && said.map(read).some(({ kind }) => kind === 'reader-diagnostic'));
    expect(notified()[1]).toMatchObject({ direction: 'answer', form: 'advanced', dataSets: [{ id: UID }] });
    await ask({ kind: 'clear-buffer' });
    await until(() => reader.waiting === 0);
  });
});
