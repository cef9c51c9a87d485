/** The catalogue as the engine needs it: which copy a tag belongs to, and where each copy is at home. */
import { createHomeFinder, type HomeFinder } from '#contract/domain/call-number/home-shelves.ts';
import type { Item } from '#contract/domain/item.ts';
import type { PlanIndex } from '#contract/domain/plan-index.ts';
import { useClass } from '#contract/domain/use-class.ts';
import { HF, UHF } from '#engine/conditions/listening.ts';
import { newItem, type ItemRecord } from './item-record.ts';

const NO_HOME: readonly string[] = [];

export class Holdings {
  readonly #byBarcode = new Map<string, ItemRecord>();
  #byTag = new Map<string, ItemRecord>();
  #byHome: Map<string, Set<ItemRecord>> | undefined;
  /** Tags that the catalogue gives to several copies, with the barcodes in order; the last of them has the tag. */
  shared: ReadonlyMap<string, readonly string[]> = new Map();
  /** Copies whose tags the catalogue names. */
  taggedItems = 0;
  readonly #classes = new Map<string, string>();
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
    this.taggedItems += Number(item.tags.length > 0) - Number(record.techs !== 0);
    this.#describe(record, item);
    for (const [tag, owner] of this.#byTag) if (owner === record) this.#byTag.delete(tag);
    const shared = new Map(this.shared);
    for (const [tag, barcodes] of this.shared) {
      const rest = barcodes.filter((barcode) => barcode !== item.barcode);
      if (rest.length === barcodes.length) continue;
      const heir = this.#byBarcode.get(rest.at(-1) ?? '');
      if (heir !== undefined) this.#byTag.set(tag, heir);
      if (rest.length > 1) shared.set(tag, rest);
      else shared.delete(tag);
    }
    for (const tag of item.tags) this.#give(tag, record, shared);
    this.shared = shared;
    return record;
  }

  /** Takes a version of the catalogue (or the same one under another plan); gives the copies that are no longer in it. */
  load(items: Iterable<Item>, index: PlanIndex | undefined): ItemRecord[] {
    const finder = index === undefined ? undefined : createHomeFinder(index);
    const homes = new Map<string, readonly string[]>();
    const gone = new Set(this.#byBarcode.keys());
    this.#byTag = new Map();
    this.#byHome = undefined;
    const shared = new Map<string, readonly string[]>();
    this.taggedItems = 0;
    for (const item of items) {
      const found = finder?.homeShelves(item) ?? NO_HOME;
      const homeKey = found.join(' ');
      const home = homes.get(homeKey) ?? found;
      homes.set(homeKey, home);
      let record = this.#byBarcode.get(item.barcode);
      if (record === undefined) this.#byBarcode.set(item.barcode, (record = newItem(item.barcode, home)));
      record.home = home;
      this.#describe(record, item);
      this.taggedItems += Number(item.tags.length > 0);
      gone.delete(item.barcode);
      for (const tag of item.tags) this.#give(tag, record, shared);
    }
    this.shared = shared;
    return [...gone].flatMap((barcode) => {
      const record = this.#byBarcode.get(barcode);
      this.#byBarcode.delete(barcode);
      return record === undefined ? [] : [record];
    });
  }

  #give(tag: string, record: ItemRecord, shared: Map<string, readonly string[]>): void {
    const owner = this.#byTag.get(tag);
    if (owner === undefined || owner === record) {
      this.#byTag.set(tag, record);
      return;
    }
    const barcodes = [...new Set([...(shared.get(tag) ?? [owner.barcode]), record.barcode])].sort();
    shared.set(tag, barcodes);
    // The last one in order, however they came.
    if (barcodes.at(-1) === record.barcode) this.#byTag.set(tag, record);
  }

  #describe(record: ItemRecord, item: Item): void {
    record.techs = item.tags.reduce((techs, tag) => techs | (tag.startsWith('uid:') ? HF : UHF), 0);
    const name = `${item.scheme} ${useClass(item.scheme, item.callNumber)}`;
    // One string for all items of a class.
    record.useClass = this.#classes.get(name) ?? name;
    this.#classes.set(record.useClass, record.useClass);
  }
}
