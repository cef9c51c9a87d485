/**
 * The journal: what the broker accepted, in order, durable before it is acknowledged. One process appends (the broker);
 * any number of others on the same host read. Behind this interface so that a log server can take its place.
 */
import type { JournalEntry, JournalEntryKind } from '#contract/domain/journal-entry.ts';

/** What is handed in; the offset is given by the journal. */
export interface NewEntry {
  readonly library: string;
  readonly kind: JournalEntryKind;
  readonly receivedAtMs: number;
  readonly source: string;
  /** With both set, the entry is recognised when it comes again; with `null`, every append counts. */
  readonly epoch: string | null;
  readonly seq: number | null;
  readonly shiftMs: number;
  readonly body: string;
}

/** Who counts: one outbox file, or one registry file, of one sender. */
export interface Sender {
  readonly library: string;
  readonly source: string;
  readonly epoch: string;
}

export type Appended =
  | { readonly outcome: 'stored'; readonly offset: number }
  /** Known from before; nothing was written. */
  | { readonly outcome: 'duplicate' };

export interface JournalWriter extends JournalReader {
  /**
   * Appends in call order and resolves once the entry is on the disk (group commit over all callers).
   *
   * Errors: `STO_UNAVAILABLE` (disk full or broken: nothing of this call was stored, do not acknowledge),
   * `STO_BAD_VALUE` (NUL or half a surrogate pair in a text: it never can be stored as it is).
   */
  append(entry: NewEntry): Promise<Appended>;
  /**
   * Drops the oldest entries while they are older than `olderThanMs` (an age) or the file holds more than `bytesMax`; never
   * one at or after `beforeOffset`. Returns how many went, at most 10,000 a call: call again while it returns that many.
   */
  trim(options: { readonly beforeOffset: number; readonly olderThanMs: number; readonly bytesMax: number }): number;
  /** Called after each commit with the newest offset, for readers in the same process. Returns the way to stop it. */
  onCommit(listener: (offset: number) => void): () => void;
  close(): Promise<void>;
}

export interface JournalReader {
  /** Entries after `offset`, oldest first, at most `limit`. */
  readAfter(offset: number, limit: number): readonly JournalEntry[];
  /** 0 when empty. */
  lastOffset(): number;
  /** Offset of the oldest entry still kept; `lastOffset() + 1` when empty. */
  firstOffset(): number;
  /** Whether this number of this sender is in the journal, or was before it was trimmed. */
  holds(sender: Sender, seq: number): boolean;
  close(): Promise<void>;
}
