/** The catalogue as the engine needs it: which copy a tag belongs to, and where each copy is at home. */
import { createHomeFinder, type HomeFinder } from '#contract/domain/call-number/home-shelves.ts';
import type { Item } from '#contract/domain/item.ts';
import type { PlanIndex } from '#contract/domain/plan-index.ts';
import { newItem, type ItemRecord } from './item-record.ts';

const NO_HOME: readonly string[] = [];

export class Holdings {
  readonly #byBarcode = new Map<string, ItemRecord>();
  #byTag = new Map<string, ItemRecord>();
  #byHome: Map<string, Set<ItemRecord>> | undefined;
  /** Of the newest plan, for rows that come one by one. */
  #finder: { readonly index: PlanIndex; readonly homes: HomeFinder } | undefined;

  find(barcode: string): ItemRecord | undefined {
    return this.#byBarcode.get(barcode);
  }

  all(): Iterable<ItemRecord> {
    return this.#byBarcode.values();
  }

  /** The copy of a tag: by any of its ids, else by the barcode written on it. */
  ofTag(keys: readonly string[], barcode: string | undefined): ItemRecord | undefined {
    for (const key of keys) {
      const item = this.#byTag.get(key);
      if (item !== undefined) return item;
    }
    return barcode === undefined ? undefined : this.#byBarcode.get(barcode);
  }

  /** Copies at home on a shelf. The table is made when it is first asked for: without sweeps nobody needs it. */
  *atHome(shelf: string): Iterable<ItemRecord> {
    if (this.#byHome === undefined) {
      this.#byHome = new Map();
      for (const record of this.#byBarcode.values()) this.#addHome(record);
    }
    for (const record of this.#byHome.get(shelf) ?? []) if (record.home.includes(shelf)) yield record;
  }

  #addHome(record: ItemRecord): void {
    if (this.#byHome === undefined) return;
    for (const shelf of record.home) {
      const known = this.#byHome.get(shelf);
      if (known === undefined) this.#byHome.set(shelf, new Set([record]));
      else known.add(record);
    }
  }

  /** Takes one row in, new or changed. */
  put(item: Item, index: PlanIndex | undefined): ItemRecord {
    if (this.#finder?.index !== index) {
      this.#finder = index === undefined ? undefined : { index, homes: createHomeFinder(index) };
    }
    const home = this.#finder?.homes.homeShelves(item) ?? NO_HOME;
    let record = this.#byBarcode.get(item.barcode);
    if (record === undefined) this.#byBarcode.set(item.barcode, (record = newItem(item.barcode, home)));
    record.home = home;
    this.#addHome(record);
    for (const [tag, owner] of this.#byTag) if (owner === record) this.#byTag.delete(tag);
    for (const tag of item.tags) this.#byTag.set(tag, record);
    return record;
  }

  /** Takes a version of the catalogue (or the same one under another plan); gives the copies that are no longer in it. */
  load(items: Iterable<Item>, index: PlanIndex | undefined): ItemRecord[] {
    const finder = index === undefined ? undefined : createHomeFinder(index);
    const homes = new Map<string, readonly string[]>();
    const gone = new Set(this.#byBarcode.keys());
    this.#byTag = new Map();
    this.#byHome = undefined;
    for (const item of items) {
      const found = finder?.homeShelves(item) ?? NO_HOME;
      const homeKey = found.join(' ');
      const home = homes.get(homeKey) ?? found;
      homes.set(homeKey, home);
      let record = this.#byBarcode.get(item.barcode);
      if (record === undefined) this.#byBarcode.set(item.barcode, (record = newItem(item.barcode, home)));
      record.home = home;
      gone.delete(item.barcode);
      for (const tag of item.tags) this.#byTag.set(tag, record);
    }
    return [...gone].flatMap((barcode) => {
      const record = this.#byBarcode.get(barcode);
      this.#byBarcode.delete(barcode);
      return record === undefined ? [] : [record];
    });
  }
}
