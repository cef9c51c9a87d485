/**
 * From what a sweep heard to what people should do: which shelves, what is missing on them, what stands wrong. Made anew from
 * the session whenever it changed, so that the answer never depends on the order in which reads arrived.
 */
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import type { Item } from '#contract/domain/item.ts';
import type { PlanIndex } from '#contract/domain/plan-index.ts';
import type { ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import {
  SWEEP_FINDINGS_MAX,
  SWEEP_NOT_FOUND_MAX,
  type SweepFinding,
  type SweepRow,
  type SweptShelf,
} from '#contract/domain/sweep.ts';
import type { ItemRecord } from '#engine/library/item-record.ts';
import { checkSweep, type SweepOrder } from '#engine/shelf-order/real-sweep.ts';
import { median } from '#engine/shelf-order/tracks.ts';
import { findStandings, type Standing } from './standing.ts';
import type { SweepSession, SweptTag } from './sweep-session.ts';

/** What a sweep is judged by. */
export interface SweepSurroundings {
  readonly library: string;
  readonly index: PlanIndex | undefined;
  readonly shelving: ShelvingSettings;
  itemOf(tag: SweptTag): ItemRecord | undefined;
  catalogued(barcodes: readonly string[]): ReadonlyMap<string, Item>;
  /** Copies at home on a shelf. */
  itemsAtHome(shelf: string): Iterable<ItemRecord>;
}

interface Placed extends Standing {
  place: string | null;
  at: number;
  weight: number;
}

interface Shelf {
  readonly place: string | null;
  readonly books: Placed[];
  shoneOver: number;
  isReversed: boolean;
}

export function sweepResult(session: SweepSession, around: SweepSurroundings): SweepRow {
  const { copies, strangers } = findStandings(session, around.index, (tag) => around.itemOf(tag));
  const shelves = shelve(copies.map(place));
  const findings: SweepFinding[] = [];
  dropShoneOver(shelves, around);
  const catalogue = around.catalogued(shelves.flatMap(({ books }) => books.map(({ item }) => item.barcode)));
  const order = orderOf(shelves, { around, catalogue, findings });
  findWrongShelves(shelves, order.positionError, findings);
  for (const { tag, place: where } of strangers) findings.push(strangerFinding(tag, where));
  findings.sort((a, b) => rankOf(a) - rankOf(b) || (b.distance ?? 0) - (a.distance ?? 0) || (a.id < b.id ? -1 : 1));
  const { rows, notFound } = compare(session, shelves, { around, read: new Set(copies.map(({ item }) => item)) });
  return {
    library: around.library,
    session: session.session,
    wand: session.wand,
    source: session.source,
    target: session.target,
    startedMs: session.startedMs,
    lastMs: session.lastMs,
    endedMs: session.endedMs,
    positionError: order.positionError,
    tagsRead: session.tags.size,
    itemsRead: copies.length,
    judged: order.judged,
    kept: order.kept,
    shelves: rows,
    findings: findings.slice(0, SWEEP_FINDINGS_MAX),
    findingCount: findings.length,
    notFound: notFound.slice(0, SWEEP_NOT_FOUND_MAX),
    notFoundCount: notFound.length,
  };
}

/** At its strongest guess, unless another good one is its home. */
function place(standing: Standing): Placed {
  const { guesses, item } = standing;
  const best = guesses.find((guess) => guess.place !== null && item.home.includes(guess.place)) ?? guesses[0];
  return { ...standing, place: best?.place ?? null, at: best?.at ?? 0, weight: best?.weight ?? 0 };
}

/** Shelves in the order in which they were swept. */
function shelve(copies: readonly Placed[]): Shelf[] {
  const shelves = new Map<string | null, Shelf>();
  for (const copy of [...copies].sort((a, b) => a.at - b.at || (a.item.barcode < b.item.barcode ? -1 : 1))) {
    const shelf = shelves.get(copy.place) ?? { place: copy.place, books: [], shoneOver: 0, isReversed: false };
    shelves.set(copy.place, shelf);
    shelf.books.push(copy);
  }
  const when = ({ books }: Shelf): number => median(books.map(({ at }) => at));
  return [...shelves.values()].sort((a, b) => when(a) - when(b));
}

/** Less than this share of what a book of the shelf usually gives is a book beside it. */
const SHONE_WEIGHT_SHARE = 0.4;

/** A book of a neighbouring shelf that is heard weakly stands where it belongs. */
function dropShoneOver(shelves: readonly Shelf[], { index }: SweepSurroundings): void {
  for (const shelf of shelves) {
    const { place: here } = shelf;
    if (here === null) continue;
    const usual = median(shelf.books.flatMap(({ item, weight }) => (item.home.includes(here) ? [weight] : [])));
    const isBeside = (home: readonly string[]): boolean =>
      home.some((other) => index?.isAdjacent(here, other) === true);
    const stays = shelf.books.filter(
      ({ item, weight }) => item.home.includes(here) || !isBeside(item.home) || weight > SHONE_WEIGHT_SHARE * usual,
    );
    shelf.shoneOver = shelf.books.length - stays.length;
    shelf.books.splice(0, shelf.books.length, ...stays);
  }
}

/** Above any length of a sweep in milliseconds. */
const SHELF_STEP = 1e9;

interface Ordering {
  readonly around: SweepSurroundings;
  readonly catalogue: ReadonlyMap<string, Item>;
  readonly findings: SweepFinding[];
}

/** Judges all books that stand on a shelf of their home as one row, shelf after shelf in the order of the plan. */
function orderOf(
  shelves: readonly Shelf[],
  { around, catalogue, findings }: Ordering,
): { readonly positionError: number; readonly judged: number; readonly kept: number } {
  const rows = new Map<string, { copy: Placed; key: string; at: number }[]>();
  const rank = planRank(shelves, around.index);
  for (const shelf of shelves) {
    const keyed = new Map<string, { copy: Placed; key: string }[]>();
    for (const copy of shelf.books) {
      if (copy.item.home.length > 0 && (shelf.place === null || !copy.item.home.includes(shelf.place))) continue;
      const item = catalogue.get(copy.item.barcode);
      if (item === undefined) continue;
      const key = shelfKey(item.scheme, item.callNumber, around.shelving);
      if (key.ok) keyed.set(item.scheme, [...(keyed.get(item.scheme) ?? []), { copy, key: key.value }]);
      else findings.push(finding('unparsable', copy, { detail: key.error.detail.slice(0, 200) }));
    }
    for (const [scheme, books] of keyed) {
      const isReversed = checkSweep(books.map(({ key, copy }) => ({ key, at: [copy.at] }))).isReversed;
      shelf.isReversed ||= isReversed;
      const base = (rank.get(shelf.place) ?? 0) * SHELF_STEP;
      const placed = books.map((book) => ({ ...book, at: base + (isReversed ? -book.copy.at : book.copy.at) }));
      rows.set(scheme, [...(rows.get(scheme) ?? []), ...placed]);
    }
    if (shelf.isReversed) findings.push(reversedFinding(shelf.place));
  }
  const sums = { positionError: 0, judged: 0, kept: 0 };
  for (const row of rows.values()) {
    const order = checkSweep(row.map(({ key, at }) => ({ key, at: [at] })));
    sums.positionError = Math.max(sums.positionError, order.positionError);
    sums.judged += order.kept + order.moves.length;
    sums.kept += order.kept;
    findings.push(
      ...moveFindings(
        row.map(({ copy }) => copy),
        order,
      ),
    );
  }
  return sums;
}

/** Shelves that are home to something come in the order of the plan, others when they were swept. */
function planRank(shelves: readonly Shelf[], index: PlanIndex | undefined): ReadonlyMap<string | null, number> {
  const order = new Map((index?.homeShelves ?? []).map((home, at) => [home.place, at]));
  const sorted = shelves
    .map((shelf, swept) => ({ shelf, swept }))
    .sort(
      (a, b) =>
        (order.get(a.shelf.place ?? '') ?? Infinity) - (order.get(b.shelf.place ?? '') ?? Infinity) ||
        a.swept - b.swept,
    );
  return new Map(sorted.map(({ shelf }, at) => [shelf.place, at + 1]));
}

function moveFindings(copies: readonly Placed[], { moves, certainty }: SweepOrder): SweepFinding[] {
  return moves.flatMap(({ index, after, distance }, i) => {
    const copy = copies[index];
    if (copy === undefined) return [];
    const behind = after === undefined ? null : (copies[after]?.item.barcode ?? null);
    return [finding('move', copy, { after: behind, distance, certainty: certainty[i] ?? 0.5 })];
  });
}

/** At least so many books at each end may as well stand on the next shelf. */
const END_BOOKS_MIN = 2;

function findWrongShelves(shelves: readonly Shelf[], positionError: number, findings: SweepFinding[]): void {
  shelves.forEach((shelf, i) => {
    if (shelf.place === null) return;
    const here = shelf.place;
    const ends = Math.max(END_BOOKS_MIN, positionError);
    shelf.books.forEach((copy, at) => {
      const { home } = copy.item;
      if (home.length === 0 || home.includes(here)) return;
      const atStart = at < ends ? shelves[i - 1]?.place : undefined;
      const atEnd = shelf.books.length - 1 - at < ends ? shelves[i + 1]?.place : undefined;
      const isEnd = [atStart, atEnd].some((other) => other !== undefined && other !== null && home.includes(other));
      findings.push(
        finding(isEnd ? 'shelf-end' : 'wrong-shelf', copy, {
          home: [...home].slice(0, 64),
          certainty: isEnd ? 0.5 : 0.95,
        }),
      );
    });
  });
}

function finding(kind: SweepFinding['kind'], copy: Placed, more: Partial<SweepFinding>): SweepFinding {
  return {
    id: `${kind}:${copy.item.barcode}`,
    kind,
    barcode: copy.item.barcode,
    tag: copy.tag,
    place: copy.place,
    after: null,
    home: [],
    distance: null,
    certainty: 1,
    detail: null,
    ...more,
  };
}

function reversedFinding(here: string | null): SweepFinding {
  return {
    id: `reversed:${here ?? ''}`,
    kind: 'reversed',
    barcode: null,
    tag: null,
    place: here,
    after: null,
    home: [],
    distance: null,
    certainty: 0.95,
    detail: null,
  };
}

/** As tags leave the factory: zeros, or the chip's own number in place of an EPC. */
const BLANK = /^epc:(?:0+|E28[0-9A-F]+|3008 ?33B2DDD90140[0-9A-F]*)$/;

function strangerFinding({ tag, barcode, isil }: SweptTag, here: string | null): SweepFinding {
  const isBlank = barcode === null && BLANK.test(tag);
  const kind = isBlank ? 'blank' : isil !== null ? 'foreign' : 'unknown';
  const detail = [isil === null ? '' : `owner ${isil}`, barcode === null ? '' : `item ${barcode}`];
  return {
    id: `${kind}:${tag}`,
    kind,
    barcode: null,
    tag,
    place: here,
    after: null,
    home: [],
    distance: null,
    certainty: 1,
    detail: detail.filter((part) => part !== '').join(', ') || null,
  };
}

const RANKS: readonly SweepFinding['kind'][] = ['reversed', 'wrong-shelf', 'move', 'foreign', 'shelf-end'];

function rankOf({ kind }: SweepFinding): number {
  const rank = RANKS.indexOf(kind);
  return rank < 0 ? RANKS.length : rank;
}

/** Expected against read. A copy that may stand on a shelf that was not swept, or was heard elsewhere, is not expected. */
function compare(
  { startedMs }: SweepSession,
  shelves: readonly Shelf[],
  { around, read }: { readonly around: SweepSurroundings; readonly read: ReadonlySet<ItemRecord> },
): { readonly rows: SweptShelf[]; readonly notFound: SweepRow['notFound'] } {
  const visited = new Set(shelves.flatMap(({ place: here }) => (here === null ? [] : [here])));
  const notFound: SweepRow['notFound'] = [];
  const rows = shelves.map((shelf) => {
    const here = shelf.place;
    let [expected, found] = [0, 0];
    for (const item of here === null ? [] : around.itemsAtHome(here)) {
      if (!item.home.every((other) => visited.has(other)) && item.place !== here) continue;
      if (item.place !== null && !visited.has(item.place)) continue;
      const own = item.place !== null && item.home.includes(item.place) ? item.place : item.home[0];
      if (own !== here) continue;
      expected += 1;
      if (read.has(item)) found += 1;
      else notFound.push({ barcode: item.barcode, place: here });
    }
    const times = shelf.books.map(({ at }) => startedMs + at);
    return {
      place: here,
      expected,
      read: found,
      heard: shelf.books.length,
      shoneOver: shelf.shoneOver,
      fromMs: Math.min(...times, Infinity) === Infinity ? startedMs : Math.min(...times),
      toMs: times.length === 0 ? startedMs : Math.max(...times),
      isReversed: shelf.isReversed,
    };
  });
  return { rows: rows.slice(0, 2000), notFound };
}
