/**
 * One ISO 2709 record: leader (24 bytes), directory of 12 bytes a field, then the fields, each ended by 1E.
 *
 *     leader   00 length (5)  05 status  09 character coding (blank MARC-8, a Unicode)  12 base address (5)
 *     entry    tag (3)  length of the field (4)  start (5)
 *
 * The `marcjs` package reads the fields; it checks nothing, so everything it relies on is checked here before. Directories
 * whose lengths are wrong are common (a file converted to UTF-8, a field above 9,999 bytes); as long as there are as many
 * fields as entries, the fields themselves say where they end.
 *
 * Source: ISO 2709; MARC 21 record structure; UNIMARC (characters in 100 $a/26-29).
 */
import { Marc } from 'marcjs';
import type { MarcMapping } from '#contract/domain/marc-mapping.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { decodeMarc8 } from './marc8.ts';
import type { MarcRecord } from './record.ts';

const LEADER_BYTES = 24;
const ENTRY_BYTES = 12;
const FIELD_END = 0x1e;
const CODING_AT = 9;
const UNICODE = 0x61;

type Decode = (bytes: Uint8Array) => string | undefined;

/** Errors: a sentence for the list of records that did not come in. */
export function decodeIso2709(bytes: Uint8Array, mapping: MarcMapping): Result<MarcRecord, string> {
  const entries = readDirectory(bytes);
  if (!entries.ok) return entries;
  const decode = decoderOf(bytes, mapping);
  const sound = withSoundDirectory(bytes, entries.value);
  if (sound === undefined) return err('the directory does not fit the fields');
  let fault: string | undefined;
  const record = Marc.parse(
    {
      toString(_encoding, start, end) {
        const text = decode(sound.subarray(start, end));
        fault ??= text === undefined ? characterFault(bytes, mapping) : undefined;
        return text ?? '';
      },
    },
    'iso2709',
  );
  return fault === undefined ? ok(record) : err(fault);
}

interface Entry {
  readonly tag: string;
  readonly length: number;
  readonly start: number;
}

function readDirectory(bytes: Uint8Array): Result<{ base: number; entries: readonly Entry[] }, string> {
  if (bytes.length < LEADER_BYTES + 1) return err('shorter than a leader');
  const base = decimal(bytes, 12, 17);
  if (base === undefined) return err('leader/12-16 is no base address');
  if (base > bytes.length || bytes[base - 1] !== FIELD_END || (base - 1 - LEADER_BYTES) % ENTRY_BYTES !== 0) {
    return err('leader/12-16 does not point behind the directory');
  }
  const entries: Entry[] = [];
  for (let at = LEADER_BYTES; at < base - 1; at += ENTRY_BYTES) {
    const tag = String.fromCharCode(...bytes.subarray(at, at + 3));
    const length = decimal(bytes, at + 3, at + 7);
    const start = decimal(bytes, at + 7, at + 12);
    if (!/^[0-9A-Za-z]{3}$/.test(tag) || length === undefined || start === undefined) {
      return err(`entry ${entries.length + 1} of the directory cannot be read`);
    }
    entries.push({ tag, length, start });
  }
  return ok({ base, entries });
}

/** The record as it is if its lengths are right, else one with the fields found by their ends. */
function withSoundDirectory(
  bytes: Uint8Array,
  { base, entries }: { readonly base: number; readonly entries: readonly Entry[] },
): Uint8Array | undefined {
  const isSound = entries.every(({ length, start }) => {
    const end = base + start + length;
    return length > 0 && end <= bytes.length && bytes.subarray(base + start, end).indexOf(FIELD_END) === length - 1;
  });
  if (isSound) return bytes;
  const lengths: number[] = [];
  for (let from = base, at = bytes.indexOf(FIELD_END, from); at >= 0; at = bytes.indexOf(FIELD_END, from)) {
    lengths.push(at + 1 - from);
    from = at + 1;
  }
  // marcjs takes four and five digits for lengths and starts: more cannot be said in a directory.
  if (lengths.length !== entries.length || lengths.some((length) => length > 9999)) return undefined;
  const mended = bytes.slice();
  let start = 0;
  for (const [i, length] of lengths.entries()) {
    if (start > 99_999) return undefined;
    const text = String(length).padStart(4, '0') + String(start).padStart(5, '0');
    const at = LEADER_BYTES + i * ENTRY_BYTES + 3;
    for (let digit = 0; digit < text.length; digit += 1) mended[at + digit] = text.charCodeAt(digit);
    start += length;
  }
  return mended;
}

function decimal(bytes: Uint8Array, from: number, to: number): number | undefined {
  const text = String.fromCharCode(...bytes.subarray(from, to));
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function isDeclaredUtf8(bytes: Uint8Array, mapping: MarcMapping): boolean {
  // UNIMARC says its characters in 100 $a/26-27 (50: ISO 10646) and leaves leader/09 blank; programs rarely write either.
  return mapping.family === 'unimarc' || bytes[CODING_AT] === UNICODE;
}

function decoderOf(bytes: Uint8Array, mapping: MarcMapping): Decode {
  if (mapping.characters === 'declared' && !isDeclaredUtf8(bytes, mapping)) return decodeMarc8;
  const decoder = new TextDecoder(mapping.characters === 'declared' ? 'utf-8' : mapping.characters, {
    fatal: true,
    ignoreBOM: true,
  });
  return (part) => {
    try {
      return decoder.decode(part);
    } catch {
      // Bytes that are no text of that coding: the record is listed, the others come in.
      return undefined;
    }
  };
}

function characterFault(bytes: Uint8Array, mapping: MarcMapping): string {
  if (mapping.characters !== 'declared') return `it is not ${mapping.characters.toUpperCase()}`;
  if (isDeclaredUtf8(bytes, mapping)) {
    return mapping.family === 'unimarc'
      ? 'it is not UTF-8; name its characters'
      : 'leader/09 says Unicode, but it is not UTF-8';
  }
  return 'leader/09 is blank (MARC-8) and the record has characters beyond Latin; export it as Unicode (leader/09 = a)';
}
