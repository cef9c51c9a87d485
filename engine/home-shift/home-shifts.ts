/**
 * The questions "moved by N shelves: accept?" of one library, over time.
 *
 *     nothing --a run stands on--> asked --no--> rejected --the run has gone, or grows--> nothing
 *                                    \--the run has gone (also by a new plan after yes)--> nothing
 *
 * While a question is asked its items have no lines of their own. Looking goes through every item, so it is done at the
 * sweep and when many lines are about to come at once, never for a single sighting.
 */
import type { HomeShift } from '#contract/domain/home-shift.ts';
import type { PlanIndex } from '#contract/domain/plan-index.ts';
import type { HomeShiftChange, HomeShiftRow } from '#contract/domain/state-rows.ts';
import type { WorkBook } from '#engine/conditions/work-book.ts';
import type { MemoryRow } from '#engine/engine-rows.ts';
import type { ShelvingState } from '#engine/shelving/shelving.ts';
import { findHomeShifts, HOME_SHIFT_RULES, type StandingItem } from './find-home-shifts.ts';
import { type ShelfSequence, sequenceShelves } from './shelf-sequence.ts';

/** Lines come one by one while staff move books; looking at each of them would find half a run. */
const LOOK_AGAIN_MS = 15_000;
/** A "yes" without the plan that belongs to it is asked again. */
const REOPEN_MS = 900_000;

/** What a question needs to know of an item. */
export interface ShelvedItem extends Pick<ShelvingState, 'place' | 'wrongSinceMs'> {
  readonly home: readonly string[];
}

interface Looks {
  /** When it was last looked because of lines about to come, and how many of them there were since. */
  lookedMs: number;
  fallingDue: number;
}

const NO_SHELVES: ReadonlySet<string> = new Set();

export class HomeShifts {
  readonly #library: string;
  readonly #book: WorkBook;
  #sequence: ShelfSequence | undefined;
  #planVersion = 0;
  #open: ReadonlyMap<string, HomeShiftRow> = new Map();
  #rejected: ReadonlyMap<string, HomeShift> = new Map();
  /** Made of the open questions: where the items of a shelf stand by them. */
  #standOn: ReadonlyMap<string, string> = new Map();
  #looks: Looks = { lookedMs: 0, fallingDue: 0 };
  readonly #touched = new Set<string>();
  readonly #touchedRejected = new Set<string>();
  #haveLooksChanged = false;

  constructor(library: string, book: WorkBook) {
    this.#library = library;
    this.#book = book;
  }

  usePlan(index: PlanIndex): void {
    this.#sequence = sequenceShelves(index);
    this.#planVersion = index.plan.version;
  }

  /** Whether an open question speaks for this item. */
  isAsked({ home, place }: Pick<ShelvedItem, 'home' | 'place'>): boolean {
    if (this.#standOn.size === 0 || place === null) return false;
    return home.some((shelf) => this.#standOn.get(shelf) === place);
  }

  /** As many lines as a question needs items are about to come: better to look first. */
  isTimeToLook(fallingDue: number, nowMs: number): boolean {
    if (fallingDue === 0) return false;
    this.#looks.fallingDue += fallingDue;
    this.#haveLooksChanged = true;
    if (this.#looks.fallingDue < HOME_SHIFT_RULES.items || nowMs < this.#looks.lookedMs + LOOK_AGAIN_MS) return false;
    this.#looks = { lookedMs: nowMs, fallingDue: 0 };
    return true;
  }

  /** Asks what is to be asked now; gives the shelves whose items are to be judged again. */
  look(items: Iterable<ShelvedItem>, nowMs: number): ReadonlySet<string> {
    const sequence = this.#sequence;
    if (sequence === undefined) return NO_SHELVES;
    const found = findHomeShifts(this.#standing(items, sequence), sequence);
    this.#forgetAnswers(found);
    const asked = found.filter((shift) => ![...this.#rejected.values()].some((no) => isPart(shift, no)));
    return this.#ask(asked, nowMs);
  }

  /** Recorded on the line; the plan that follows takes the question away. */
  accept({ id }: HomeShift, atMs: number): void {
    this.#book.tickOff('home-shift', id, { atMs, outcome: 'done' });
  }

  reject(shift: HomeShift, nowMs: number): ReadonlySet<string> {
    this.#rejected = new Map([...this.#rejected, [shift.id, shift]]);
    this.#touchedRejected.add(shift.id);
    const rest = [...this.#open.values()].map((row) => row.shift).filter((open) => !isPart(open, shift));
    return this.#ask(rest, nowMs);
  }

  takeChange(slice: string): { readonly homeShifts: readonly HomeShiftChange[]; readonly memory: MemoryRow[] } {
    const library = this.#library;
    const homeShifts = [...this.#touched].map((id) => ({ library, id, row: this.#open.get(id) ?? null }));
    const bodyOf = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));
    const memory = [
      ...homeShifts.map(({ id, row }) => ({ slice, key: `open ${id}`, body: bodyOf(row) })),
      ...[...this.#touchedRejected].map((id) => ({
        slice,
        key: `rejected ${id}`,
        body: bodyOf(this.#rejected.get(id)),
      })),
      ...(this.#haveLooksChanged ? [{ slice, key: 'looks', body: JSON.stringify(this.#looks) }] : []),
    ];
    this.#touched.clear();
    this.#touchedRejected.clear();
    this.#haveLooksChanged = false;
    return { homeShifts, memory };
  }

  recall(bodies: readonly (readonly [key: string, body: string])[]): void {
    const open = new Map<string, HomeShiftRow>();
    const rejected = new Map<string, HomeShift>();
    for (const [key, body] of bodies) {
      const value: unknown = JSON.parse(body);
      if (key === 'looks') this.#looks = value as Looks;
      else if (key.startsWith('open ')) open.set(key.slice('open '.length), value as HomeShiftRow);
      else rejected.set(key.slice('rejected '.length), value as HomeShift);
    }
    this.#open = open;
    this.#rejected = rejected;
    this.#standOn = standOnOf(open.values());
  }

  /** Items that are shown on a shelf, sure or not: one that wavers is outvoted. One that an antenna over its home hears is at home. */
  *#standing(items: Iterable<ShelvedItem>, sequence: ShelfSequence): Iterable<StandingItem> {
    for (const { home, place, wrongSinceMs } of items) {
      if (place === null || sequence.rankOf(place) === undefined) continue;
      yield { home, place: wrongSinceMs === 0 ? (home[0] ?? place) : place };
    }
  }

  /** Puts these in the place of what was asked; one that goes on in part keeps its age. */
  #ask(shifts: readonly HomeShift[], nowMs: number): ReadonlySet<string> {
    const before = this.#open;
    const rows = shifts.map((shift): HomeShiftRow => {
      const older = [...before.values()].filter((row) => isOverlapping(row.shift, shift));
      const sinceMs = Math.min(nowMs, ...older.map((row) => row.sinceMs));
      return { library: this.#library, shift, sinceMs, planVersion: this.#planVersion };
    });
    this.#open = new Map(rows.map((row) => [row.shift.id, row]));
    this.#standOn = standOnOf(rows);
    const shelves = new Set<string>();
    // In the order of their names: a restart brings them back in that one.
    for (const [id, { shift }] of [...before].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (this.#open.has(id)) continue;
      this.#touched.add(id);
      this.#book.clear('home-shift', id, nowMs);
      for (const shelf of shift.shelves) shelves.add(shelf);
    }
    for (const row of rows) {
      const known = before.get(row.shift.id);
      if (JSON.stringify(known) !== JSON.stringify(row)) this.#touched.add(row.shift.id);
      if (known === undefined) for (const shelf of row.shift.shelves) shelves.add(shelf);
      this.#raise(row, nowMs);
    }
    return shelves;
  }

  #raise({ shift, sinceMs }: HomeShiftRow, nowMs: number): void {
    const line = {
      kind: 'home-shift',
      subject: shift.id,
      item: null,
      place: shift.standOn[0] ?? null,
      confidence: Math.round((shift.shifted / shift.items) * 100) / 100,
      reason: { rule: 'run-moved', shelves: shift.offset },
    } as const;
    this.#book.raise(line, { atMs: sinceMs, nowMs, reopenMs: REOPEN_MS });
  }

  /** A "no" holds as long as something of that run still stands so; after that the same would be news. */
  #forgetAnswers(found: readonly HomeShift[]): void {
    for (const [id, no] of this.#rejected) {
      if (found.some((shift) => isOverlapping(shift, no))) continue;
      this.#rejected = new Map([...this.#rejected].filter(([other]) => other !== id));
      this.#touchedRejected.add(id);
    }
  }
}

function standOnOf(rows: Iterable<HomeShiftRow>): ReadonlyMap<string, string> {
  return new Map([...rows].flatMap(({ shift }) => shift.shelves.map((shelf, i) => [shelf, shift.standOn[i] ?? ''])));
}

/** Whether the whole of `shift` was said by the other one already. */
function isPart(shift: HomeShift, other: HomeShift): boolean {
  const said = new Map(other.shelves.map((shelf, i) => [shelf, other.standOn[i]]));
  return shift.shelves.every((shelf, i) => said.get(shelf) === shift.standOn[i]);
}

function isOverlapping(shift: HomeShift, other: HomeShift): boolean {
  const said = new Map(other.shelves.map((shelf, i) => [shelf, other.standOn[i]]));
  return shift.shelves.some((shelf, i) => said.get(shelf) === shift.standOn[i]);
}
