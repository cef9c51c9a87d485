import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CONNECT_BYTES_MAX,
  FrameScanner,
  PACKET_BYTES_MAX,
  TOPIC_BYTES_MAX,
  type FrameRefusal,
} from '#broker/guard/frame-scanner.ts';
import { connectPacket, DISCONNECT, packet, PINGREQ, publishPacket } from '#test/broker/support/mqtt-packets.ts';

const CONNECT = connectPacket({ clientId: 'demo:gw-1', username: 'demo:gw-1', password: 'secret' });
const TOPIC = 'shelfwise/v1/demo/gateways/gw-1/observations';

interface Seen {
  readonly scannedBytes: number;
  readonly refusal: FrameRefusal | undefined;
  readonly connects: number;
}

/** Everything, in the given pieces, until the first refusal. */
function scanAll(pieces: readonly Uint8Array[]): Seen {
  const scanner = new FrameScanner();
  let scannedBytes = 0;
  let connects = 0;
  for (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      const outcome = scanner.scan(piece.subarray(at));
      at += outcome.scannedBytes;
      scannedBytes += outcome.scannedBytes;
      if (outcome.isConnectComplete) connects += 1;
      if (outcome.refusal !== undefined) return { scannedBytes, refusal: outcome.refusal, connects };
    }
  }
  return { scannedBytes, refusal: undefined, connects };
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...pieces, bytes.subarray(at)];
}

describe('what the frame scanner lets through', () => {
  test.each([
    ['a publish at QoS 1', publishPacket(TOPIC, 'x')],
    ['a publish at QoS 0 without payload', publishPacket('a', '', 0)],
    ['a publish of the largest size', publishPacket(TOPIC, new Uint8Array(PACKET_BYTES_MAX - TOPIC.length - 8))],
    ['the longest topic', publishPacket('t'.repeat(TOPIC_BYTES_MAX), 'x')],
    ['eight levels', publishPacket('a/b/c/d/e/f/g/h', 'x')],
    ['a ping and a farewell', join(PINGREQ, DISCONNECT)],
    ['a subscribe', packet(0x82, [0, 1, 0, 1, 0x61, 0])],
    ['an acknowledgement', packet(0x40, [0, 1])],
  ])('%s', (_name, bytes) => {
    const all = join(CONNECT, bytes);
    expect(scanAll([all])).toEqual({ scannedBytes: all.length, refusal: undefined, connects: 1 });
  });
});

describe('what the frame scanner refuses', () => {
  test.each<readonly [string, FrameRefusal, Uint8Array]>([
    ['a publish first', 'first-packet-not-connect', publishPacket(TOPIC, 'x')],
    ['an HTTP request', 'first-packet-not-connect', new TextEncoder().encode('GET / HTTP/1.1\r\n')],
    ['a TLS greeting', 'first-packet-not-connect', Uint8Array.of(0x16, 3, 1, 2, 0)],
    ['a CONNECT that announces 200 MB', 'connect-too-large', packet(0x10, [], 200_000_000)],
    ['a CONNECT one byte too large', 'connect-too-large', packet(0x10, [], CONNECT_BYTES_MAX - 2)],
    ['a CONNECT with flags in its first byte', 'first-packet-not-connect', packet(0x11, [], 20)],
    ['an empty CONNECT', 'packet-malformed', packet(0x10, [])],
    ['a second CONNECT', 'connect-twice', join(CONNECT, CONNECT)],
    ['a length of five digits', 'packet-malformed', join(CONNECT, Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 1))],
    ['a publish of 10 MB', 'packet-too-large', join(CONNECT, packet(0x32, [], 10_000_000))],
    ['a publish one byte too large', 'packet-too-large', join(CONNECT, packet(0x32, [], PACKET_BYTES_MAX - 3))],
    ['a subscribe of 5 kB', 'packet-too-large', join(CONNECT, packet(0x82, [], 5_000))],
    ['QoS 3', 'packet-malformed', join(CONNECT, packet(0x36, [0, 1, 0x61, 0, 1]))],
    ['a subscribe with wrong flags', 'packet-malformed', join(CONNECT, packet(0x80, [0, 1, 0, 1, 0x61, 0]))],
    ['a ping with a body', 'packet-malformed', join(CONNECT, packet(0xc0, [1]))],
    ['the reserved type 0', 'packet-type-refused', join(CONNECT, packet(0x00, []))],
    ['the reserved type 15', 'packet-type-refused', join(CONNECT, packet(0xf0, []))],
    ['a CONNACK from a client', 'packet-type-refused', join(CONNECT, packet(0x20, [0, 0]))],
    ['half of a QoS 2 handshake', 'packet-type-refused', join(CONNECT, packet(0x62, [0, 1]))],
    ['an empty topic', 'topic-refused', join(CONNECT, publishPacket('', 'xx'))],
    ['a topic of 257 bytes', 'topic-refused', join(CONNECT, publishPacket('t'.repeat(TOPIC_BYTES_MAX + 1), 'x'))],
    ['65,535 slashes', 'topic-refused', join(CONNECT, publishPacket('/'.repeat(65_535), ''))],
    ['nine levels', 'topic-refused', join(CONNECT, publishPacket('a/b/c/d/e/f/g/h/i', 'x'))],
    ['NUL in a topic', 'topic-refused', join(CONNECT, publishPacket(Uint8Array.of(0x61, 0, 0x62), 'x'))],
    ['a topic longer than its packet', 'packet-malformed', join(CONNECT, packet(0x32, [0, 9, 0x61, 0, 1]))],
  ])('%s: %s', (_name, refusal, bytes) => {
    expect(scanAll([bytes]).refusal).toBe(refusal);
  });

  test('an announcement is enough: no byte of the body is waited for', () => {
    const scanner = new FrameScanner();
    expect(scanner.scan(packet(0x10, [], 200_000_000)).refusal).toBe('connect-too-large');
  });
});

describe('laws of the frame scanner', () => {
  const packets = fc.oneof(
    fc.constantFrom(CONNECT, PINGREQ, DISCONNECT, packet(0x40, [0, 7]), packet(0x82, [0, 1, 0, 1, 0x61, 0])),
    fc
      .tuple(fc.constantFrom('a', TOPIC, 'a/b/c/d/e/f/g/h', 'a/b/c/d/e/f/g/h/i'), fc.uint8Array({ maxLength: 200 }))
      .map(([topic, payload]) => publishPacket(topic, payload)),
    fc.uint8Array({ minLength: 1, maxLength: 20 }),
  );
  const sizes = fc.array(fc.constantFrom(0, 1, 2, 3, 7, 100), { maxLength: 60 });

  test('however the bytes are cut, the verdict and its place are the same', () => {
    fc.assert(
      fc.property(fc.array(packets, { maxLength: 6 }), sizes, (parts, pieces) => {
        const all = join(CONNECT, ...parts);
        const whole = scanAll([all]);
        expect(scanAll(cut(all, pieces))).toEqual(whole);
        expect(scanAll(Array.from(all, (byte) => Uint8Array.of(byte)))).toEqual(whole);
      }),
    );
  });

  test('no bytes make it throw, and it never looks past what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { scannedBytes, refusal } = scanAll([bytes]);
        expect(scannedBytes).toBeLessThanOrEqual(bytes.length);
        if (refusal === undefined) expect(scannedBytes).toBe(bytes.length);
      }),
    );
  });
});
