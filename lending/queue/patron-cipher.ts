/**
 * The only form in which a patron's number touches a disk: AES-256-GCM under the branch's key, bound to the entry it
 * belongs to, so that two loans of one reader look like those of two.
 *
 *     | nonce 12 | tag 16 | cipher text, padded |
 *
 * The number is padded before it is encrypted: its length would tell cards of one kind from another.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { concatBytes } from '#contract/bytes.ts';
import { assert } from '#contract/assert.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A card's number is at most 64 characters, in UTF-8 up to 256 bytes. */
const PADDED_BYTES = 258;

export interface PatronCipher {
  seal(card: string, entryId: string): Uint8Array;
  /** Undefined where the key is another one or the bytes are damaged. */
  open(sealed: Uint8Array, entryId: string): string | undefined;
}

export function createPatronCipher(keyHex: string): PatronCipher {
  const key = Uint8Array.from(keyHex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  assert(key.length === 32, 'the key has 32 bytes');
  return {
    seal(card, entryId) {
      const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      cipher.setAAD(new TextEncoder().encode(entryId));
      const text = new TextEncoder().encode(card);
      assert(text.length <= PADDED_BYTES - 2, 'a card number is short');
      const padded = new Uint8Array(PADDED_BYTES);
      new DataView(padded.buffer).setUint16(0, text.length);
      padded.set(text, 2);
      const sealed = concatBytes([cipher.update(padded), cipher.final()]);
      return concatBytes([nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, entryId) {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      try {
        const decipher = createDecipheriv(ALGORITHM, key, nonce);
        decipher.setAAD(new TextEncoder().encode(entryId));
        decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const rest = sealed.subarray(NONCE_BYTES + TAG_BYTES);
        const padded = concatBytes([decipher.update(rest), decipher.final()]);
        const length = new DataView(padded.buffer, padded.byteOffset).getUint16(0);
        return new TextDecoder().decode(padded.subarray(2, 2 + length));
      } catch {
        // Another key, or damage: the caller makes a task of it.
        return undefined;
      }
    },
  };
}
