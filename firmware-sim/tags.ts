/**
 * The memory of every tag in the building. An item's tags are made when some reader first meets them, and keep what is
 * written to them; tags of no item are laid on the return desk by hand.
 */
import { newGen2Tag, type Gen2Tag } from '#sim/readers/gen2-tag.ts';
import { blankTag, programTag, type HfTag } from '#sim/readers/hf-tag.ts';
import { DESK } from '#sim/world/building.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import type { Stock } from '#sim/world/stock.ts';

/** The id in the tag of that kind: EPC for UHF, UID for HF. */
export function tagOf(tags: readonly string[], prefix: 'epc:' | 'uid:'): string | undefined {
  return tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
}

export class Tags {
  readonly #demo: DemoLibrary;
  readonly #stock: Stock;
  readonly #epcs: readonly (string | undefined)[];
  readonly #gen2 = new Map<number, Gen2Tag>();
  readonly #hf = new Map<number, HfTag>();
  /** Every tag that was ever laid on the desk. */
  readonly #loose = new Map<string, HfTag>();
  readonly #laid = new Set<string>();

  constructor(demo: DemoLibrary, stock: Stock) {
    this.#demo = demo;
    this.#stock = stock;
    this.#epcs = demo.items.map(({ tags }) => tagOf(tags, 'epc:'));
  }

  /** As it left the shop, whatever was written since. */
  epcOf(item: number): string | undefined {
    return this.#epcs[item];
  }

  gen2TagOf(item: number): Gen2Tag | undefined {
    const epc = this.#epcs[item];
    if (epc === undefined) return undefined;
    const tag = this.#gen2.get(item) ?? newGen2Tag({ epc });
    this.#gen2.set(item, tag);
    return tag;
  }

  /** HF tags that lie at a place. */
  hfTagsAt(place: string): readonly HfTag[] {
    const ofItems = [...this.#stock.itemsAt(place)].flatMap((item) => this.#hfTagOf(item) ?? []);
    const loose = place === DESK ? [...this.#laid].flatMap((uid) => this.#loose.get(uid) ?? []) : [];
    return [...ofItems, ...loose];
  }

  /** Lays a tag on the desk: a new one, or the one that was lifted. False where it lies there already. */
  layTag(uid: string): boolean {
    if (this.hfTagsAt(DESK).some((tag) => tag.uid === uid)) return false;
    if (!this.#loose.has(uid)) this.#loose.set(uid, blankTag(uid));
    this.#laid.add(uid);
    return true;
  }

  /** False where no tag of that name was laid. */
  liftTag(uid: string): boolean {
    return this.#laid.delete(uid);
  }

  #hfTagOf(item: number): HfTag | undefined {
    const uid = tagOf(this.#demo.items[item]?.tags ?? [], 'uid:');
    if (uid === undefined) return undefined;
    const barcode = this.#stock.barcodeOf(item);
    const tag = this.#hf.get(item) ?? programTag({ uid, barcode, isil: this.#demo.library.isil });
    this.#hf.set(item, tag);
    return tag;
  }
}
