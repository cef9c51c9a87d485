/** MQTT 3.1.1 packets written by hand, good and bad, so that tests do not depend on what a client library would send. */

export function packet(first: number, body: Uint8Array | readonly number[], lengthBytes?: number): Uint8Array {
  const bytes = body instanceof Uint8Array ? body : Uint8Array.from(body);
  return Uint8Array.from([first, ...lengthDigits(lengthBytes ?? bytes.length), ...bytes]);
}

export function lengthDigits(value: number): number[] {
  const digits: number[] = [];
  let rest = value;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    digits.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return digits;
}

function field(text: string | Uint8Array): number[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
}

export interface ConnectOptions {
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly keepaliveSeconds?: number;
  readonly isClean?: boolean;
}

export function connectPacket({ clientId, username, password, ...rest }: ConnectOptions): Uint8Array {
  const flags =
    (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40) | ((rest.isClean ?? true) ? 2 : 0);
  const keepalive = rest.keepaliveSeconds ?? 60;
  return packet(0x10, [
    ...field('MQTT'),
    4,
    flags,
    keepalive >> 8,
    keepalive & 0xff,
    ...field(clientId),
    ...(username === undefined ? [] : field(username)),
    ...(password === undefined ? [] : field(password)),
  ]);
}

export function publishPacket(
  topic: string | Uint8Array,
  payload: string | Uint8Array,
  qos: 0 | 1 | 2 = 1,
): Uint8Array {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const head = [...field(topic), ...(qos === 0 ? [] : [0, 1])];
  const body = new Uint8Array(head.length + bytes.length);
  body.set(head);
  body.set(bytes, head.length);
  return packet(0x30 | (qos << 1), body);
}

export const PINGREQ = packet(0xc0, []);
export const DISCONNECT = packet(0xe0, []);
