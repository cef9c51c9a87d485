/** One line of the journal: everything the engine ever learns, in the order in which the broker accepted it. */
export type JournalEntryKind =
  /** A gateway's envelope as it came, JSON text (contract/wire/envelope.ts). */
  | 'batch'
  /** Raw bytes of a third-party sensor: `{device, payload: base64}` as JSON text. */
  | 'device'
  /** What people and other roles told us (contract/wire/input.ts). */
  | 'input'
  /** One a second: the engine's only clock. `library` is `*`. */
  | 'tick'
  /** What could not be read: `{topic, code, detail, payload: base64}` as JSON text. */
  | 'dead-letter';

export interface JournalEntry {
  /** Rises by one, from 1. */
  readonly offset: number;
  readonly library: string;
  readonly kind: JournalEntryKind;
  /** Unix milliseconds of the broker's clock when the entry was accepted. */
  readonly receivedAtMs: number;
  /** Gateway or device id, `dashboard`, or `broker` for ticks. */
  readonly source: string;
  /** `null` for entries without a sequence (devices, ticks, dead letters). */
  readonly epoch: string | null;
  readonly seq: number | null;
  /** Milliseconds to add to every time inside the entry; 0 unless the gateway's clock is wrong. */
  readonly shiftMs: number;
  /** JSON text. */
  readonly body: string;
}
