/** Who is looked for: what is remembered of silent items, and the lines that follow. */
import type { ConditionSettings } from '#contract/domain/condition-settings.ts';
import type { WorkKind, WorkOutcome } from '#contract/domain/work-entry.ts';
import type { ItemRecord } from '#engine/library/item-record.ts';
import { judgeAbsence, NO_ABSENCE, noteRound, type AbsenceMemory, type AbsenceVerdict } from './absence.ts';
import type { ConditionsPort } from './conditions-port.ts';
import type { IlsSide } from './ils-side.ts';
import { HF, UHF, type Listening } from './listening.ts';
import type { TagMark } from './tag-marks.ts';
import type { WorkBook, WorkLine } from './work-book.ts';

const ABSENCE_KINDS = ['search', 'missing', 'unseen', 'untagged', 'dead-tag'] as const;
/** An antenna over more places than this does not listen at any of them in particular. */
const PLACES_MAX = 8;
/** Of a home of many shelves, so large a share must have listened; there is always a shelf that is empty or deaf. */
const SHELVES_SHARE = 0.75;
/** These leave the shelf with a reader. */
const WAYS_OUT: ReadonlySet<string> = new Set(['desk', 'kiosk', 'gate']);

/** What the absences need of the conditions around them. */
interface AbsenceContext {
  readonly nowMs: number;
  readonly holdUntilMs: number;
  readonly settings: ConditionSettings;
  readonly book: WorkBook;
  readonly ils: IlsSide;
  readonly listening: Listening;
  readonly marks: readonly (TagMark | undefined)[];
  raise(line: WorkLine, atMs: number): void;
}

export class Absences {
  readonly memories = new Map<string, AbsenceMemory>();
  readonly touched = new Set<string>();
  /** When a wand last read a shelf and heard enough of its items. */
  readonly swept = new Map<string, number>();
  readonly touchedSwept = new Set<string>();
  /** Copies whose tags the catalogue names. */
  taggedItems = 0;
  /** When the first catalogue came: since then its copies could have been heard. */
  firstKnownMs = 0;
  /** Copies that came later. */
  readonly touchedKnown = new Set<ItemRecord>();
  readonly #conditions: AbsenceContext;
  readonly #port: ConditionsPort;

  constructor(conditions: AbsenceContext, port: ConditionsPort) {
    this.#conditions = conditions;
    this.#port = port;
  }

  /** Whether it is looked for, or listed apart: then hearing it is news. */
  isOpen(item: ItemRecord): boolean {
    if (this.memories.has(item.barcode)) return true;
    const kinds = this.#conditions.book.kindsOf(item.barcode);
    return kinds.size > 0 && ABSENCE_KINDS.some((kind) => kinds.has(kind));
  }

  noteKnown(item: ItemRecord, atMs: number): void {
    if (item.knownMs !== 0) return;
    if (this.firstKnownMs === 0) this.firstKnownMs = atMs;
    item.knownMs = atMs;
    if (atMs !== this.firstKnownMs) this.touchedKnown.add(item);
  }

  forget(barcode: string): void {
    if (this.memories.delete(barcode)) this.touched.add(barcode);
  }

  /** A wand read a shelf: `items` are those of its own that it heard there. */
  noteSweep(shelf: string, items: number, atMs: number): void {
    if (items < this.#conditions.settings.neighbours || (this.swept.get(shelf) ?? 0) >= atMs) return;
    this.swept.set(shelf, atMs);
    this.touchedSwept.add(shelf);
  }

  /** Staff looked. */
  answer(
    item: ItemRecord,
    kind: WorkKind,
    { atMs, outcome }: { readonly atMs: number; readonly outcome: WorkOutcome },
  ): void {
    const memory = this.memories.get(item.barcode) ?? NO_ABSENCE;
    if (kind !== 'search' && kind !== 'missing' && kind !== 'unseen') return;
    if (outcome === 'not-found') this.#remember(item, noteRound(memory, atMs));
    else this.#remember(item, { ...NO_ABSENCE, foundMs: atMs });
  }

  judge(item: ItemRecord): void {
    const { nowMs, holdUntilMs, settings, book } = this.#conditions;
    const memory = this.memories.get(item.barcode) ?? NO_ABSENCE;
    const isHeardAgain = item.lastSeenMs > Math.max(memory.searchSinceMs, memory.foundMs);
    const isPresent = item.condition === 'present' && item.place !== null;
    if (!isPresent && nowMs < holdUntilMs) return;
    const verdict = judgeAbsence(this.#view(item, isPresent), isHeardAgain ? NO_ABSENCE : memory, settings);
    this.#remember(item, verdict.memory);
    const kinds = book.kindsOf(item.barcode);
    if (kinds.size > 0) {
      for (const kind of ABSENCE_KINDS) if (kind !== verdict.kind) book.clear(kind, item.barcode, nowMs);
    }
    if (verdict.kind !== undefined) this.#raise(item, verdict, verdict.kind);
  }

  #raise(item: ItemRecord, verdict: AbsenceVerdict, kind: WorkKind): void {
    const { nowMs, settings, ils } = this.#conditions;
    const { lastPlace, lastSeenMs, barcode } = item;
    const isShelf = lastPlace !== null && this.#port.place(lastPlace)?.kind === 'shelf';
    const place = isShelf ? lastPlace : (item.home[0] ?? null);
    const { status } = ils.of(barcode);
    const reason = {
      ...verdict.reason,
      ...(lastSeenMs === 0 ? {} : { lastSeenAt: new Date(lastSeenMs).toISOString() }),
      ...(lastPlace === null ? {} : { lastPlace }),
      ...(kind === 'search' ? { hoursListened: settings.hoursListened } : {}),
      ...(status === 'unknown' ? {} : { ilsStatus: status }),
    };
    this.#conditions.raise({ kind, subject: barcode, item: barcode, place, confidence: null, reason }, nowMs);
  }

  #view(item: ItemRecord, isPresent: boolean): Parameters<typeof judgeAbsence>[0] {
    const { nowMs, ils, marks } = this.#conditions;
    const word = ils.of(item.barcode);
    const techs = this.#techsOf(item);
    const lastKind = item.lastPlace === null ? undefined : this.#port.place(item.lastPlace)?.kind;
    return {
      nowMs,
      isPresent,
      isTagged: techs !== 0 || item.lastSeenMs !== 0,
      isCatalogueTagged: this.taggedItems > 0,
      knownMs: item.knownMs,
      lastSeenMs: item.lastSeenMs,
      ils: word.status,
      ilsSinceMs: word.sinceMs,
      isProbablyLent:
        (lastKind !== undefined && WAYS_OUT.has(lastKind)) ||
        item.tags.some((tag) => marks[tag]?.security === 'unsecured'),
      hoursListened: (sinceMs, enough) => this.#hoursListened(item, techs, { sinceMs, enough }),
      wasLookedAt: (sinceMs) =>
        item.home.some(
          (shelf) => (this.swept.get(shelf) ?? 0) > sinceMs || this.#hoursAt(shelf, techs, { sinceMs, enough: 1 }) > 0,
        ),
      sweptMs: item.home.length === 0 ? 0 : Math.min(...item.home.map((shelf) => this.swept.get(shelf) ?? 0)),
    };
  }

  #techsOf(item: ItemRecord): number {
    return item.tags.reduce((techs, tag) => techs | (this.#port.tagKey(tag).startsWith('uid:') ? HF : UHF), item.techs);
  }

  /** Hours in which enough shelves of the home listened, and the one it last stood on among them. */
  #hoursListened(item: ItemRecord, techs: number, span: Span): number {
    if (item.home.length === 0) return 0;
    // Without a known tag, whatever the antennas there hear would do.
    const wanted = techs === 0 ? HF | UHF : techs;
    const counts = item.home.map((shelf) => this.#hoursAt(shelf, wanted, span)).sort((a, b) => b - a);
    const enough = counts[Math.ceil(counts.length * SHELVES_SHARE) - 1] ?? 0;
    const { lastPlace } = item;
    if (lastPlace === null || !item.home.includes(lastPlace)) return enough;
    return Math.min(enough, this.#hoursAt(lastPlace, wanted, span));
  }

  /** All antennas of a shelf must have listened: it may stand before the one that did not. */
  #hoursAt(shelf: string, techs: number, { sinceMs, enough }: Span): number {
    const { listening } = this.#conditions;
    const ears = this.#port
      .readPointsAt(shelf)
      .filter(({ id, places }) => places.length <= PLACES_MAX && listening.canHear(id, techs));
    if (ears.length === 0) return 0;
    return Math.min(...ears.map(({ id }) => listening.hoursSince(id, sinceMs, enough)));
  }

  #remember(item: ItemRecord, memory: AbsenceMemory): void {
    const known = this.memories.get(item.barcode) ?? NO_ABSENCE;
    if (JSON.stringify(known) === JSON.stringify(memory)) return;
    const isNothing = memory.searchSinceMs === 0 && memory.foundMs === 0;
    if (isNothing) this.memories.delete(item.barcode);
    else this.memories.set(item.barcode, memory);
    this.touched.add(item.barcode);
  }
}

interface Span {
  readonly sinceMs: number;
  readonly enough: number;
}
