/** Journal entries that hold raw bytes: sensors of others, and what could not be read. */
import { Buffer } from 'node:buffer';
import type { NewEntry } from '#store/journal/journal.ts';
import type { Principal } from '#broker/access/principal.ts';

export interface DeadLetter {
  readonly principal: Principal;
  readonly topic: string;
  readonly code: string;
  readonly detail: string;
  /** At most a packet of 256 KiB, since the guard lets nothing larger in. */
  readonly payload: Uint8Array;
}

/** What could not be read, kept as it came: a person, or a mended decoder, may still make something of it. */
export function deadLetterEntry(letter: DeadLetter, receivedAtMs: number): NewEntry {
  const { principal, topic, code, detail, payload } = letter;
  return {
    library: principal.library,
    kind: 'dead-letter',
    receivedAtMs,
    source: principal.device,
    epoch: null,
    seq: null,
    shiftMs: 0,
    body: JSON.stringify({ topic, code, detail: detail.slice(0, 500), payload: base64(payload) }),
  };
}

/** Raw bytes of a third-party sensor; what they mean is decided by the engine's decoders. */
export function deviceEntry(principal: Principal, payload: Uint8Array, receivedAtMs: number): NewEntry {
  return {
    library: principal.library,
    kind: 'device',
    receivedAtMs,
    source: principal.device,
    epoch: null,
    seq: null,
    shiftMs: 0,
    body: JSON.stringify({ device: principal.device, payload: base64(payload) }),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
