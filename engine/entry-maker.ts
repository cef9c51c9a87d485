/** Entries of a journal that no broker wrote: of a recording that is played back, of a laboratory. */
import type { JournalEntry, JournalEntryKind } from '#contract/domain/journal-entry.ts';
import { OBSERVATIONS_MAX } from '#contract/wire/envelope.ts';

export interface BatchOrigin {
  readonly source: string;
  readonly epoch: string;
  readonly atMs: number;
  readonly uptimeMs: number;
}

export class EntryMaker {
  readonly #library: string;
  readonly #seqs = new Map<string, number>();
  #offset = 0;

  constructor(library: string) {
    this.#library = library;
  }

  input(body: object, atMs: number): JournalEntry {
    return this.#entry('input', { source: 'broker', library: this.#library, atMs, body });
  }

  tick(atMs: number): JournalEntry {
    return this.#entry('tick', { source: 'broker', library: '*', atMs, body: {} });
  }

  /** What a gateway with a synchronised clock says at that moment. */
  *batches(
    observations: readonly { readonly kind: string }[],
    { source, epoch, atMs, uptimeMs }: BatchOrigin,
  ): Generator<JournalEntry> {
    const head = { epoch, sentAt: new Date(atMs).toISOString(), uptimeMs, clock: 'synced' };
    for (let from = 0; from < observations.length; from += OBSERVATIONS_MAX) {
      const seq = (this.#seqs.get(source) ?? 0) + 1;
      this.#seqs.set(source, seq);
      const body = { ...head, seq, observations: observations.slice(from, from + OBSERVATIONS_MAX) };
      yield this.#entry('batch', { source, library: this.#library, atMs, body });
    }
  }

  #entry(
    kind: JournalEntryKind,
    {
      source,
      library,
      atMs,
      body,
    }: { readonly source: string; readonly library: string; readonly atMs: number; readonly body: object },
  ): JournalEntry {
    this.#offset += 1;
    return {
      ...{ offset: this.#offset, library, kind, receivedAtMs: atMs, source },
      ...{ epoch: null, seq: null, shiftMs: 0, body: JSON.stringify(body) },
    };
  }
}
