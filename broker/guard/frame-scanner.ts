/**
 * Looks at the raw bytes of one MQTT 3.1.1 client before any library does. It keeps a few numbers and no bytes, so that
 * what a client announces costs nothing until it is allowed.
 *
 *     byte 0        type (high 4 bits), flags (low 4 bits)
 *     1..4 bytes    remaining length, 7 bits each, least significant first, high bit: more follow
 *     PUBLISH only  topic length (16 bits, big-endian), topic, the rest
 *
 * Source: MQTT Version 3.1.1, OASIS Standard, chapters 2 and 3.
 */

/** A CONNECT of ours is under 1 KB: name, secret of 43 characters, a will with a status. */
export const CONNECT_BYTES_MAX = 4_096;
/** A batch is at most 250,000 bytes; topic and header go on top. */
export const PACKET_BYTES_MAX = 262_144;
/** Every packet that is no PUBLISH: a gateway subscribes to three topics of at most 256 bytes. */
export const CONTROL_BYTES_MAX = 4_096;
/** The longest topic of ours has 160 bytes. */
export const TOPIC_BYTES_MAX = 256;
/** `shelfwise/v1/{library}/gateways/{gateway}/observations` has six. */
export const TOPIC_LEVELS_MAX = 8;

export type FrameRefusal =
  | 'first-packet-not-connect'
  | 'connect-too-large'
  | 'connect-twice'
  | 'packet-too-large'
  | 'packet-malformed'
  | 'packet-type-refused'
  | 'topic-refused';

const CONNECT = 1;
const PUBLISH = 3;
/** Protocol name, level, flags, keep-alive and an empty client id. */
const CONNECT_BYTES_MIN = 12;
const SLASH = 0x2f;

/** Flags and exact length of what a client may send; QoS 2 is not spoken here, so its three packets are missing. */
const CONTROL_PACKETS: ReadonlyMap<number, { readonly flags: number; readonly lengthBytes: number | undefined }> =
  new Map([
    [4, { flags: 0, lengthBytes: 2 }],
    [8, { flags: 2, lengthBytes: undefined }],
    [10, { flags: 2, lengthBytes: undefined }],
    [12, { flags: 0, lengthBytes: 0 }],
    [14, { flags: 0, lengthBytes: 0 }],
  ]);

type Stage = 'header' | 'length' | 'topic-length' | 'topic' | 'rest';

export interface ScanOutcome {
  /** Bytes looked at: all of them, or up to the end of CONNECT. */
  readonly scannedBytes: number;
  readonly refusal: FrameRefusal | undefined;
  /** The first packet has just ended; call again for what follows once the client is accepted. */
  readonly isConnectComplete: boolean;
}

export class FrameScanner {
  #stage: Stage = 'header';
  #isConnectSeen = false;
  #type = 0;
  #flags = 0;
  #remainingBytes = 0;
  #lengthDigits = 0;
  #topicBytes = 0;
  #topicLengthDigits = 0;
  #topicLevels = 0;

  /** Looks at the next bytes of the connection, cut anywhere. After a refusal the connection cannot be resynchronised. */
  scan(chunk: Uint8Array): ScanOutcome {
    let at = 0;
    while (at < chunk.length) {
      let refusal: FrameRefusal | undefined;
      if (this.#stage === 'rest') {
        const take = Math.min(this.#remainingBytes, chunk.length - at);
        at += take;
        this.#remainingBytes -= take;
      } else {
        refusal = this.#step(chunk[at] ?? 0);
        at += 1;
      }
      if (refusal !== undefined) return { scannedBytes: at, refusal, isConnectComplete: false };
      if (this.#stage === 'rest' && this.#remainingBytes === 0) {
        this.#stage = 'header';
        if (this.#type === CONNECT) return { scannedBytes: at, refusal: undefined, isConnectComplete: true };
      }
    }
    return { scannedBytes: at, refusal: undefined, isConnectComplete: false };
  }

  #step(byte: number): FrameRefusal | undefined {
    switch (this.#stage) {
      case 'header':
        return this.#beginPacket(byte);
      case 'length':
        return this.#takeLengthDigit(byte);
      case 'topic-length':
        return this.#takeTopicLengthDigit(byte);
      case 'topic':
        return this.#takeTopicByte(byte);
      case 'rest':
        return undefined;
    }
  }

  #beginPacket(byte: number): FrameRefusal | undefined {
    this.#type = byte >> 4;
    this.#flags = byte & 0x0f;
    this.#remainingBytes = 0;
    this.#lengthDigits = 0;
    this.#stage = 'length';
    if (!this.#isConnectSeen) {
      this.#isConnectSeen = true;
      return byte === CONNECT << 4 ? undefined : 'first-packet-not-connect';
    }
    if (this.#type === CONNECT) return 'connect-twice';
    if (this.#type === PUBLISH) return (this.#flags & 0b0110) === 0b0110 ? 'packet-malformed' : undefined;
    const expected = CONTROL_PACKETS.get(this.#type);
    if (expected === undefined) return 'packet-type-refused';
    return expected.flags === this.#flags ? undefined : 'packet-malformed';
  }

  #takeLengthDigit(byte: number): FrameRefusal | undefined {
    this.#remainingBytes += (byte & 0x7f) * 128 ** this.#lengthDigits;
    this.#lengthDigits += 1;
    if ((byte & 0x80) !== 0) return this.#lengthDigits === 4 ? 'packet-malformed' : undefined;
    const packetBytes = 1 + this.#lengthDigits + this.#remainingBytes;
    if (this.#type === CONNECT) {
      this.#stage = 'rest';
      if (packetBytes > CONNECT_BYTES_MAX) return 'connect-too-large';
      return this.#remainingBytes < CONNECT_BYTES_MIN ? 'packet-malformed' : undefined;
    }
    if (this.#type === PUBLISH) {
      this.#topicBytes = 0;
      this.#topicLengthDigits = 0;
      this.#stage = 'topic-length';
      if (packetBytes > PACKET_BYTES_MAX) return 'packet-too-large';
      return this.#remainingBytes < 3 ? 'packet-malformed' : undefined;
    }
    this.#stage = 'rest';
    if (packetBytes > CONTROL_BYTES_MAX) return 'packet-too-large';
    const lengthBytes = CONTROL_PACKETS.get(this.#type)?.lengthBytes;
    return lengthBytes === undefined || lengthBytes === this.#remainingBytes ? undefined : 'packet-malformed';
  }

  #takeTopicLengthDigit(byte: number): FrameRefusal | undefined {
    this.#topicBytes = this.#topicBytes * 256 + byte;
    this.#topicLengthDigits += 1;
    this.#remainingBytes -= 1;
    if (this.#topicLengthDigits < 2) return undefined;
    this.#topicLevels = 1;
    this.#stage = 'topic';
    if (this.#topicBytes === 0 || this.#topicBytes > TOPIC_BYTES_MAX) return 'topic-refused';
    const packetIdBytes = (this.#flags & 0b0110) === 0 ? 0 : 2;
    return this.#topicBytes + packetIdBytes > this.#remainingBytes ? 'packet-malformed' : undefined;
  }

  #takeTopicByte(byte: number): FrameRefusal | undefined {
    if (byte === SLASH) this.#topicLevels += 1;
    if (byte === 0 || this.#topicLevels > TOPIC_LEVELS_MAX) return 'topic-refused';
    this.#remainingBytes -= 1;
    this.#topicBytes -= 1;
    if (this.#topicBytes === 0) this.#stage = 'rest';
    return undefined;
  }
}
