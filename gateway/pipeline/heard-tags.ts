/** The UHF tags that a reader heard within the last seconds, for whoever asks what lies there now. */
import type { HeardTag } from '#gateway/commands/reader-port.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

/** One round of a reader with 16 antennas takes eight seconds; a tag may be missed in one. */
const HEARD_FOR_MS = 20_000;
/** A full room of shelves; beyond it the oldest go. */
const TAGS_MAX = 2000;

export class HeardTags {
  readonly #tags = new Map<string, HeardTag & { readonly atMs: number }>();

  take(events: readonly ReaderEvent[], uptimeMs: number): void {
    for (const event of events) {
      if (event.kind !== 'read' || event.ids.epc === undefined) continue;
      const { epc, pc } = event.ids;
      const { antenna, rssiDbm } = event;
      // Behind all others: the first is the one heard longest ago.
      this.#tags.delete(epc);
      this.#tags.set(epc, { epc, pc, antenna, rssiDbm, atMs: uptimeMs });
    }
    while (this.#tags.size > TAGS_MAX) this.#dropOldest();
  }

  /** Those heard last come first. */
  since(uptimeMs: number): readonly HeardTag[] {
    for (const [epc, { atMs }] of this.#tags) {
      if (uptimeMs - atMs <= HEARD_FOR_MS) break;
      this.#tags.delete(epc);
    }
    return [...this.#tags.values()].reverse();
  }

  #dropOldest(): void {
    const oldest = this.#tags.keys().next();
    if (oldest.done !== true) this.#tags.delete(oldest.value);
  }
}
