/**
 * One round of an HF reader, the same for every family: inventory, then the memory and AFI of new tags, then what may be
 * told. Each answered inventory is one scan cycle. HF readers measure no RSSI.
 *
 *     inventory -> memory and AFI of new tags -> reads, cycle
 */
import type { Clock } from '#contract/clock.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import {
  isCard,
  isTold,
  learnMemory,
  TagMemory,
  wantsAfi,
  wantsMemory,
  wantsMoreMemory,
  type KnownTag,
} from '#gateway/drivers/hf-memory.ts';
import type { HfTagAccess } from '#gateway/drivers/tag-access.ts';

/** The basic block has 34 bytes; the smallest tags have 32. */
const MEMORY_BYTES = [36, 32] as const;
const BLOCK_BYTES = 4;
/** Read further, where the first blocks do not tell what the tag is: in steps, up to the size of most library tags. */
const MORE_BLOCKS = { step: 8, end: 28 } as const;

export interface HfPollerOptions {
  readonly access: HfTagAccess;
  readonly antenna: number;
  /** Tags whose memory is read in one round, so that a big stack does not stop the inventory. */
  readonly memoryReadsPerPoll: number;
  readonly clock: Clock;
}

export class HfPoller {
  readonly #options: HfPollerOptions;
  readonly #memory = new TagMemory();
  /** As told by the inventory of this round. */
  readonly #dsfids = new Map<string, number>();
  /** For the driver to give away: what is written through it is read again, though the tag never left the field. */
  readonly access: HfTagAccess;

  constructor(options: HfPollerOptions) {
    this.#options = options;
    this.access = watchWrites(options.access, (uid) => {
      this.#memory.forget(uid);
    });
  }

  /** Errors: those of the access. */
  async poll(): Promise<readonly ReaderEvent[]> {
    const { access, antenna, clock } = this.#options;
    const inventory = await access.inventory();
    const atMs = clock.nowMs();
    if (!inventory.ok) {
      // Without an answer there was no opportunity to be read; the line counts the silence.
      if (inventory.error.code === 'unanswered') return [];
      return [{ kind: 'vendor', name: 'inventory-failed', detail: inventory.error.detail, atMs }];
    }
    const tags = this.#memory.update(inventory.value.map(({ uid }) => uid));
    for (const { uid, dsfid } of inventory.value) if (dsfid !== undefined) this.#dsfids.set(uid, dsfid);
    const events = await this.#learn(tags);
    this.#dsfids.clear();
    for (const tag of tags) if (isTold(tag)) events.push(this.#read(tag, atMs));
    events.push({ kind: 'cycle', antennas: [antenna], atMs: clock.nowMs() });
    return events;
  }

  #read({ uid, afi, content }: KnownTag, atMs: number): ReaderEvent {
    const { antenna } = this.#options;
    return { kind: 'read', antenna, count: 1, firstMs: atMs, lastMs: atMs, ids: { uid, afi }, content };
  }

  /** Reads the memory of a few new tags, and the AFI of the one that was asked longest ago. */
  async #learn(tags: readonly KnownTag[]): Promise<ReaderEvent[]> {
    const { clock, memoryReadsPerPoll } = this.#options;
    const events: ReaderEvent[] = [];
    const unread = tags.filter(wantsMemory);
    // The least tried first, so that one unreadable tag does not keep the others waiting.
    unread.sort((a, b) => a.reads - b.reads);
    for (const tag of unread.slice(0, memoryReadsPerPoll)) {
      await this.#readMemory(tag);
      if (isTold(tag)) await this.#readAfi(tag);
      if (isCard(tag)) events.push({ kind: 'vendor', name: 'patron-card-kept', detail: '', atMs: clock.nowMs() });
    }
    const uptimeMs = clock.uptimeMs();
    const [oldest] = tags.filter((tag) => wantsAfi(tag, uptimeMs)).sort((a, b) => a.afiUptimeMs - b.afiUptimeMs);
    if (oldest !== undefined) await this.#readAfi(oldest);
    return events;
  }

  async #readMemory(tag: KnownTag): Promise<void> {
    for (const bytes of MEMORY_BYTES) {
      const where = { uid: tag.uid, firstBlock: 0, blockCount: bytes / BLOCK_BYTES };
      const blocks = await this.#options.access.readBlocks(where);
      if (blocks.ok) {
        const marks = { dsfid: this.#dsfids.get(tag.uid) };
        const isShort = bytes === MEMORY_BYTES[0] && wantsMoreMemory(blocks.value.data, marks);
        learnMemory(tag, isShort ? await this.#readOn(tag.uid, blocks.value.data) : blocks.value.data, marks);
        return;
      }
      if (blocks.error.code === 'no-tag' || blocks.error.code === 'unanswered') break;
    }
    tag.reads += 1;
  }

  async #readOn(uid: string, start: Uint8Array): Promise<Uint8Array> {
    let memory = start;
    for (let firstBlock = start.length / BLOCK_BYTES; firstBlock < MORE_BLOCKS.end; firstBlock += MORE_BLOCKS.step) {
      const blockCount = Math.min(MORE_BLOCKS.step, MORE_BLOCKS.end - firstBlock);
      const more = await this.#options.access.readBlocks({ uid, firstBlock, blockCount });
      if (!more.ok) break;
      memory = Uint8Array.of(...memory, ...more.value.data);
    }
    return memory;
  }

  async #readAfi(tag: KnownTag): Promise<void> {
    const afi = await this.#options.access.readAfi(tag.uid);
    if (afi.ok) tag.afi = afi.value;
    tag.afiUptimeMs = this.#options.clock.uptimeMs();
  }
}

/** Everything goes through as it is; a write tells of its tag when it is over, however it ended. */
function watchWrites(access: HfTagAccess, changed: (uid: string) => void): HfTagAccess {
  const then = async (uid: string, write: ReturnType<HfTagAccess['writeAfi']>): ReturnType<HfTagAccess['writeAfi']> => {
    try {
      return await write;
    } finally {
      changed(uid);
    }
  };
  const watched: Pick<HfTagAccess, 'writeBlocks' | 'writeAfi'> = {
    writeBlocks: (what) => then(what.uid, access.writeBlocks(what)),
    writeAfi: (uid, afi) => then(uid, access.writeAfi(uid, afi)),
  };
  return new Proxy(access, {
    get(target, key) {
      if (key === 'writeBlocks' || key === 'writeAfi') return watched[key];
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
