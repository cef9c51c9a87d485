/** Follows items that are in somebody's hands, and counts in-house uses by hour, shelf and class. */
import type { ConditionSettings } from '#contract/domain/condition-settings.ts';
import { GONE_BY_ILS } from '#contract/domain/ils-status.ts';
import type { UseRow } from '#contract/domain/state-rows.ts';
import { type ItemRecord, rounded } from '#engine/library/item-record.ts';
import type { ConditionsPort } from './conditions-port.ts';
import type { IlsWord } from './ils-side.ts';
import { AWAY_MS_MAX, putBack, SAME_USE_MS, takeAway, type InHouseRules, type Taken } from './in-house.ts';

const HOUR_MS = 3_600_000;
/** By the word of the ILS it was never lent: it may have been on a table for a weekend. */
const AWAY_BY_ILS_MS_MAX = 72 * HOUR_MS;

export class Uses {
  readonly taken = new Map<string, Taken>();
  readonly touched = new Set<string>();
  readonly #library: string;
  readonly #port: Pick<ConditionsPort, 'find' | 'place'>;
  #counted = new Map<string, UseRow>();

  constructor(library: string, port: Pick<ConditionsPort, 'find' | 'place'>) {
    this.#library = library;
    this.#port = port;
  }

  follow(
    item: ItemRecord,
    { from, atMs, heardShare }: { readonly from: string | null; readonly atMs: number; readonly heardShare: number },
    { ils, settings }: { readonly ils: IlsWord; readonly settings: ConditionSettings },
  ): void {
    const isKnownByIls = ils.status !== 'unknown';
    const rules: InHouseRules = {
      inHandMs: settings.inHandMinutes * 60_000,
      sameUseMs: SAME_USE_MS,
      awayMsMax: isKnownByIls ? AWAY_BY_ILS_MS_MAX : AWAY_MS_MAX,
    };
    if (from !== null) {
      const kind = this.#port.place(from)?.kind;
      // Straight from one shelf to another nobody had it in hand for long: a correction, or a tidying hand.
      if (item.place !== null && this.#port.place(item.place)?.kind === 'shelf') return;
      this.#keep(item, takeAway(this.taken.get(item.barcode), { place: from, kind, atMs, heardShare }, rules));
    }
    const known = this.taken.get(item.barcode);
    if (item.place === null || known === undefined) return;
    const wasLent = GONE_BY_ILS.has(ils.status) || (isKnownByIls ? ils.sinceMs > known.takenMs : known.mayBeLent);
    const kind = this.#port.place(item.place)?.kind;
    const { taken, isUse } = putBack(known, { place: item.place, kind, atMs, wasLent }, rules);
    this.#keep(item, taken);
    if (isUse) this.#count(item, known, atMs);
  }

  forget(barcode: string): void {
    if (this.taken.delete(barcode)) this.touched.add(barcode);
  }

  takeCounts(): UseRow[] {
    const rows = [...this.#counted.values()];
    this.#counted = new Map();
    return rows;
  }

  #keep(item: ItemRecord, taken: Taken | undefined): void {
    if (this.taken.get(item.barcode) === taken) return;
    if (taken === undefined) this.taken.delete(item.barcode);
    else this.taken.set(item.barcode, taken);
    this.touched.add(item.barcode);
  }

  #count(item: ItemRecord, { shelf, takenMs }: Taken, atMs: number): void {
    const hourMs = Math.floor(takenMs / HOUR_MS) * HOUR_MS;
    const [scheme = 'local', useClass = '?'] = item.useClass.split(' ');
    const key = `${hourMs} ${shelf} ${item.useClass}`;
    const uses = (this.#counted.get(key)?.uses ?? 0) + 1;
    this.#counted.set(key, { library: this.#library, hourMs, shelf, scheme, class: useClass, uses });
    this.#port.find({
      at: new Date(atMs).toISOString(),
      kind: 'in-house-use',
      subject: item.barcode,
      from: shelf,
      to: item.place,
      confidence: rounded(item.confidence),
      evidence: { rule: 'taken-and-put-back', competitors: [] },
    });
  }
}
