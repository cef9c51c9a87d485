/**
 * Records what goes over a reader's wire, without patron cards.
 *
 * A family that reads library tags in the hand of patrons (HF) may have a card in its field. There, an exchange (what the
 * gateway asked, and all that came until it asked again) is written only when every tag it names was told by the
 * driver, which never tells of cards; it is held back until the capture ends, since a card is known for one only after
 * it was read. What cannot be decoded might name a card, and is withheld too.
 */
import type { Format, Json, StreamPiece } from '#contract/codec/format.ts';
import { toHex } from '#contract/hex.ts';
import type { CaptureEntry } from '#gateway/capture/capture-file.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

/** An hour of a busy LLRP reader at 10 kB/s is 36 MB. What comes after it is not recorded. */
export const CAPTURE_BYTES_MAX = 64 * 1024 * 1024;

export interface RecorderOptions {
  /** Of a family whose tags may be patron cards: how its frames are read. Absent: everything is written at once. */
  readonly cards?: Format | undefined;
  /** Milliseconds since some fixed moment. */
  readonly uptimeMs: () => number;
  /** Takes each entry that may be written, in order. */
  readonly write: (entry: CaptureEntry) => void;
}

interface Piece {
  readonly ms: number;
  readonly from: 'reader' | 'gateway';
  readonly bytes: Uint8Array;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #startedMs: number;
  readonly #told = new Set<string>();
  readonly #held: Piece[] = [];
  #bytes = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#startedMs = options.uptimeMs();
  }

  /** The bound is reached: nothing more is recorded. */
  get isFull(): boolean {
    return this.#bytes >= CAPTURE_BYTES_MAX;
  }

  /** Takes a piece of the wire. */
  hear(from: Piece['from'], bytes: Uint8Array): void {
    if (this.isFull) return;
    this.#bytes += bytes.length;
    const piece = {
      ms: Math.round((this.#options.uptimeMs() - this.#startedMs) * 10) / 10,
      from,
      bytes: bytes.slice(),
    };
    if (this.#options.cards === undefined) this.#options.write(entryOf(piece));
    else this.#held.push(piece);
  }

  /** Takes what the driver made of it. */
  note(events: readonly ReaderEvent[]): void {
    for (const event of events) {
      if (event.kind === 'read' && event.ids.uid !== undefined) this.#told.add(event.ids.uid);
    }
  }

  /** Writes what was held back. */
  finish(): void {
    const { cards, write } = this.#options;
    if (cards === undefined) return;
    for (const exchange of exchanges(this.#held)) {
      const isOpen = namesOnly(cards, exchange, this.#told);
      for (const piece of exchange) write(isOpen ? entryOf(piece) : withheldEntry(piece));
    }
    this.#held.length = 0;
  }
}

function entryOf({ ms, from, bytes }: Piece): CaptureEntry {
  return { ms, from, hex: toHex(bytes) };
}

function withheldEntry({ ms, from, bytes }: Piece): CaptureEntry {
  return { ms, from, withheld: 'may be a patron card', bytes: bytes.length };
}

/** Each begins with what the gateway sent. */
function* exchanges(pieces: readonly Piece[]): Generator<readonly Piece[]> {
  let exchange: Piece[] = [];
  for (const piece of pieces) {
    if (piece.from === 'gateway' && exchange.length > 0) {
      yield exchange;
      exchange = [];
    }
    exchange.push(piece);
  }
  if (exchange.length > 0) yield exchange;
}

/** Whether all of it can be read, and names no tag but those. */
function namesOnly(format: Format, exchange: readonly Piece[], told: ReadonlySet<string>): boolean {
  return (['gateway', 'reader'] as const).every((from) => {
    const bytes = exchange.flatMap((piece) => (piece.from === from ? [...piece.bytes] : []));
    if (bytes.length === 0) return true;
    const splitter = format.split?.();
    if (splitter === undefined) return false;
    const pieces = [...splitter.feed(Uint8Array.from(bytes)), ...splitter.end()];
    return pieces.every((piece) => isHarmless(format, piece, told));
  });
}

function isHarmless(format: Format, piece: StreamPiece, told: ReadonlySet<string>): boolean {
  if (piece.kind === 'fault') return false;
  const decoded = format.decode(piece.bytes);
  return decoded.ok && [...uidsIn(decoded.value)].every((uid) => told.has(uid));
}

/** A UID of ISO 15693 is 16 digits that begin with E0; wherever one stands, also in bytes that nobody named. */
const UID = /E0[0-9A-F]{14}/g;
/** The same, least significant byte first, as it travels on the air. */
const UID_REVERSED = /[0-9A-F]{14}E0/g;
const UID_DIGITS = 16;

function* uidsIn(value: Json): Generator<string> {
  if (typeof value === 'string') {
    if (value.length === UID_DIGITS) yield* value.match(UID) ?? [];
    else if (/^(?:[0-9A-F]{2})+$/.test(value)) yield* hiddenUids(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const field of Object.values(value)) yield* uidsIn(field);
  }
}

/** In raw bytes a UID may begin anywhere. What only looks like one withholds a frame too many, never one too few. */
function* hiddenUids(hex: string): Generator<string> {
  for (let at = 0; at + UID_DIGITS <= hex.length; at += 2) {
    const digits = hex.slice(at, at + UID_DIGITS);
    if (digits.search(UID) === 0) yield digits;
    if (digits.search(UID_REVERSED) === 0) yield (digits.match(/../g) ?? []).reverse().join('');
  }
}
