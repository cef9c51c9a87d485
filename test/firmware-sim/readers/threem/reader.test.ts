import { afterEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBasicBlock } from '#contract/codec/iso28560-3/basic-block.ts';
import { decodeAnswer, type ThreemAnswer } from '#contract/codec/threem/answer.ts';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { openFrame, THREEM_SHAPE } from '#contract/codec/threem/framer.ts';
import { encodeCommand, type ThreemCommand } from '#contract/codec/threem/command.ts';
import { fromHex } from '#contract/hex.ts';
import type { Pad } from '#sim/readers/threem/answer-command.ts';
import { programTag, type HfTag } from '#sim/readers/hf-tag.ts';
import type { LineDevice } from '#sim/readers/line-device.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { openSerial, openSerialPair } from '#sim/readers/serial-line.ts';

const UID = 'E00401B7E3B9B7FF';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function newTag(): HfTag {
  return programTag({ uid: UID, barcode: '32112000000013', isil: 'DE-SW1' });
}

function padOf(tags: readonly HfTag[], isGlitch: () => boolean = () => false): Pad {
  return { tags: () => tags, isGlitch };
}

/** Sends bytes and gives the first answer. */
type Ask = (bytes: Uint8Array) => Promise<ThreemAnswer>;

function asker(write: (bytes: Uint8Array) => void, onData: (receive: (chunk: Uint8Array) => void) => void): Ask {
  const framer = new SerialFramer(THREEM_SHAPE);
  let take: (answer: ThreemAnswer) => void = () => undefined;
  onData((chunk) => {
    for (const event of framer.feed(chunk)) {
      const answer = event.kind === 'frame' ? decodeAnswer(openFrame(event.bytes)) : undefined;
      if (answer?.ok === true) take(answer.value);
    }
  });
  return async (bytes) => {
    const answer = new Promise<ThreemAnswer>((resolve) => (take = resolve));
    write(bytes);
    return answer;
  };
}

async function overTcp(pad: Pad): Promise<{ ask: Ask; reader: LineDevice }> {
  const reader = await startThreemReader({ id: 'desk-1', pad, on: { kind: 'tcp' } });
  closing.push(() => reader.close());
  const socket = connect(Number(new URL(reader.link).port), '127.0.0.1');
  closing.push(() => socket.destroy());
  const ask = asker(
    (bytes) => socket.write(bytes),
    (receive) => socket.on('data', receive),
  );
  return { ask, reader };
}

const readAll: ThreemCommand = { kind: 'read-blocks', uid: UID, firstBlock: 0, blockCount: 9 };

describe('the pad reader', () => {
  test('answers the probe of the protocol text', async () => {
    const { ask } = await overTcp(padOf([]));
    const answer = await ask(fromHex('D5 0005 04 00 11 8C66') ?? new Uint8Array());
    expect(answer).toMatchObject({ kind: 'probe', vendor: 10 });
  });

  test('hears the tags on the pad, by AFI too, and their memory holds the barcode and the owner', async () => {
    const { ask } = await overTcp(padOf([newTag()]));
    const inventory = await ask(encodeCommand({ kind: 'inventory', afi: 0, options: 5 }));
    expect(inventory).toMatchObject({ kind: 'inventory', tags: [{ uid: UID }] });
    expect(await ask(encodeCommand({ kind: 'inventory', afi: 0xc2, options: 5 }))).toMatchObject({ tags: [] });
    const answer = await ask(encodeCommand(readAll));
    if (answer.kind !== 'read-blocks') throw new Error(answer.kind);
    const memory = Uint8Array.from(answer.blocks.flatMap(({ data }) => [...data]));
    const tag = decodeBasicBlock(memory);
    expect(tag.ok && { id: tag.value.itemId, isil: tag.value.isil, confidence: tag.value.confidence }).toEqual({
      id: '32112000000013',
      isil: 'DE-SW1',
      confidence: 'crc',
    });
  });

  test('security is set and read back; a written block stays written', async () => {
    const { ask } = await overTcp(padOf([newTag()]));
    expect(await ask(encodeCommand({ kind: 'get-afi', uid: UID }))).toMatchObject({ afi: 0x07 });
    expect(await ask(encodeCommand({ kind: 'write-afi', uid: UID, afi: 0xc2 }))).toEqual({
      kind: 'write-afi',
      uid: UID,
    });
    expect(await ask(encodeCommand({ kind: 'get-afi', uid: UID }))).toMatchObject({ afi: 0xc2 });
    const data = Uint8Array.of(1, 2, 3, 4);
    await ask(encodeCommand({ kind: 'write-blocks', uid: UID, firstBlock: 27, data }));
    const read = await ask(encodeCommand({ kind: 'read-blocks', uid: UID, firstBlock: 27, blockCount: 1 }));
    expect(read).toMatchObject({ blocks: [{ block: 27, data }] });
  });

  test.each([
    ['a tag that is not there', { kind: 'get-afi', uid: 'E004010000000000' }, 0x06],
    ['memory that is not there', { kind: 'read-blocks', uid: UID, firstBlock: 27, blockCount: 2 }, 0x11],
    ['a command it does not know', { kind: 'other', command: 0x77, data: new Uint8Array(0) }, 0x02],
    ['an option it does not have', { kind: 'inventory', afi: 0, options: 0x80 }, 0x31],
  ] as const)('%s is refused', async (_name, command, error) => {
    const { ask } = await overTcp(padOf([newTag()]));
    expect(await ask(encodeCommand(command))).toMatchObject({ kind: 'failed', error });
  });

  test('a tag at the edge of the field fails now and then', async () => {
    let count = 0;
    const { ask } = await overTcp(padOf([newTag()], () => (count += 1) % 2 === 1));
    expect(await ask(encodeCommand(readAll))).toMatchObject({ kind: 'failed', error: 0x15 });
    expect(await ask(encodeCommand(readAll))).toMatchObject({ kind: 'read-blocks' });
  });

  test('noise and damaged frames get no answer, the next good one does', async () => {
    const { ask } = await overTcp(padOf([]));
    const noise = fromHex('00FF D6 0003 11 FFFF') ?? new Uint8Array();
    const good = encodeCommand({ kind: 'version' });
    expect(await ask(Uint8Array.of(...noise, ...good))).toMatchObject({ kind: 'version' });
  });

  test('unplugged it is gone, plugged it is back at the same port', async () => {
    const { reader } = await overTcp(padOf([]));
    const { link } = reader;
    await reader.unplug();
    await reader.plug();
    expect(reader.link).toBe(link);
  });
});

const hasSocat = ((): boolean => {
  try {
    execFileSync('socat', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

(hasSocat ? describe : describe.skip)('over a serial line', () => {
  test('the same answers come out of a pseudo terminal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-pad-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const pair = await openSerialPair(folder);
    closing.push(() => pair.close());
    const on = { kind: 'serial', path: pair.device, linkPath: pair.gateway } as const;
    const reader = await startThreemReader({ id: 'desk-1', pad: padOf([newTag()]), on });
    closing.push(() => reader.close());
    expect(reader.link).toBe(`serial://${pair.gateway}?baud=19200`);
    const line = await openSerial(pair.gateway, 19_200);
    closing.push(() => line.close());
    const ask = asker(
      (bytes) => {
        line.write(bytes);
      },
      (receive) => {
        line.onData(receive);
      },
    );
    expect(await ask(encodeCommand({ kind: 'inventory', afi: 0, options: 5 }))).toMatchObject({ tags: [{ uid: UID }] });
  });
});
