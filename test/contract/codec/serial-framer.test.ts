import { expect, test } from '@jest/globals';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { THREEM_SHAPE } from '#contract/codec/threem/framer.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const FRAME = 'D60007FE00000700AF19';

test('a frame is its own copy, also when the line gives buffers of Node that are used again', () => {
  const chunk = Buffer.from(fromHex(FRAME + FRAME) ?? []);
  const events = new SerialFramer(THREEM_SHAPE).feed(chunk);
  chunk.fill(0);
  expect(events.map((event) => (event.kind === 'frame' ? toHex(event.bytes) : event.kind))).toEqual([FRAME, FRAME]);
  const [first] = events;
  if (first?.kind !== 'frame') throw new Error('no frame');
  first.bytes.slice().fill(0);
  expect(toHex(first.bytes)).toBe(FRAME);
});

test('a long false start costs one look when it is complete, and the frame behind it is found', () => {
  let looks = 0;
  const counted = {
    ...THREEM_SHAPE,
    measure: (bytes: Uint8Array) => {
      looks += 1;
      return THREEM_SHAPE.measure(bytes);
    },
  };
  const framer = new SerialFramer(counted);
  const stream = fromHex(`D60800${'00'.repeat(1000)}${FRAME}`) ?? new Uint8Array();
  for (const byte of stream) framer.feed(Uint8Array.of(byte));
  expect(looks).toBeLessThan(10);
  const events = framer.flush();
  expect(events.filter(({ kind }) => kind === 'frame')).toHaveLength(1);
});
