/** Cutting a SIP2 line into messages. */
import { expect, test } from '@jest/globals';
import { Sip2Framer } from '#contract/codec/sip2/framer.ts';
import { GUIDE_ANSWERS, GUIDE_REQUESTS } from './guide.table.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

function framesOf(pieces: readonly Uint8Array[], bytesMax?: number): readonly string[] {
  const framer = new Sip2Framer(bytesMax);
  const found = [...pieces.flatMap((piece) => framer.feed(piece)), ...framer.end()];
  return found.map((piece) =>
    piece.kind === 'frame'
      ? `${String(piece.offsetBytes)}:${String.fromCharCode(...piece.bytes)}`
      : `${String(piece.error.offsetBytes)}!${piece.error.code}`,
  );
}

test('cut at every place: the same messages, whatever ends them', () => {
  const messages = [...GUIDE_REQUESTS.slice(0, 4), ...GUIDE_ANSWERS.slice(0, 2).map(([text]) => text)];
  const ends = ['\r', '\n', '\r\n', '\r\r\n', '\r'];
  let text = '';
  const wanted: string[] = [];
  for (const [at, message] of messages.entries()) {
    wanted.push(`${String(text.length)}:${message}`);
    text += message + (ends[at] ?? '');
  }
  const stream = latin(text);
  for (let at = 0; at <= stream.length; at += 1) {
    expect(framesOf([stream.subarray(0, at), stream.subarray(at)])).toEqual(wanted);
  }
  expect(framesOf(Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(wanted);
});

test('what grows too long is a fault once, and the next message is read', () => {
  const stream = latin(`941\r${'x'.repeat(30)}\r941AY3AZFDFA\r`);
  expect(framesOf([stream], 20)).toEqual(['0:941', '4!bad-length', '35:941AY3AZFDFA']);
  expect(
    framesOf(
      Array.from(stream, (byte) => Uint8Array.of(byte)),
      20,
    ),
  ).toEqual(framesOf([stream], 20));
});
