/**
 * Which books of a sweep belong to the row that was swept. Going through all books in the order of their keys, the places
 * of one row rise steadily; what shines over from the shelf above or below rises on a line of its own, and a stray book
 * stands on no line at all. Each such line is a track; the row is the longest chain of tracks that follow each other both
 * in key and in place.
 */

/** A book as it is looked for a row: its number, and where in the sweep it was heard. Given in the order of the keys. */
export interface PlacedBook {
  readonly book: number;
  readonly at: number;
}

interface Track {
  readonly members: number[];
  /** Positions within the given list. */
  first: number;
  last: number;
  /** Places of the newest members: their median is where the next one is expected. */
  readonly recent: number[];
}

export interface Row {
  /** Positions within the given list. */
  readonly members: ReadonlySet<number>;
  /** Lines beside the row, long enough to be more than chance. */
  readonly others: readonly (readonly number[])[];
}

const RECENT = 7;
const ESTABLISHED_BOOKS = 4;
/** A track that nobody joined for so many books is over. */
const IDLE_BOOKS_MAX = 40;
const REACH_MIN = 12;
const REACH_MAX = 60;
/** Fewer than this share of all books may be chance. */
const TRACK_SHARE_MIN = 0.02;
const TRACK_BOOKS_MIN = 5;

export function findRow(books: readonly PlacedBook[]): Row {
  const reach = Math.min(REACH_MAX, Math.max(REACH_MIN, books.length / 6));
  const booksMin = Math.max(TRACK_BOOKS_MIN, books.length * TRACK_SHARE_MIN);
  const tracks = followTracks(books, reach).filter((track) => track.members.length >= booksMin);
  const chain = cutEnds(
    longestChain(
      tracks.map((track) => extentOf(track, books)),
      reach,
    ),
    tracks,
  );
  return {
    members: new Set(tracks.flatMap((track, i) => (chain.has(i) ? track.members : []))),
    others: tracks.filter((_, i) => !chain.has(i)).map((track) => track.members),
  };
}

function followTracks(books: readonly PlacedBook[], reach: number): Track[] {
  const all: Track[] = [];
  let open: Track[] = [];
  books.forEach(({ at }, position) => {
    open = open.filter((track) => position - track.last <= IDLE_BOOKS_MAX);
    let nearest: Track | undefined;
    let least = Infinity;
    for (const track of open) {
      const gap = Math.abs(at - median(track.recent));
      const strangeness = strangenessOf(track, position) + gap / reach;
      if (gap <= reach && strangeness < least) [nearest, least] = [track, strangeness];
    }
    if (nearest === undefined) {
      nearest = { members: [], first: position, last: position, recent: [] };
      all.push(nearest);
      open.push(nearest);
    }
    nearest.members.push(position);
    nearest.last = position;
    nearest.recent.push(at);
    if (nearest.recent.length > RECENT) nearest.recent.shift();
  });
  return all;
}

/** A stray that the row comes to pass must not draw the row's books to itself. */
function strangenessOf({ members, last }: Track, position: number): number {
  return (members.length < ESTABLISHED_BOOKS ? 1 : 0) + (position - last) / IDLE_BOOKS_MAX;
}

interface Extent {
  readonly size: number;
  readonly firstKey: number;
  readonly lastKey: number;
  readonly from: number;
  readonly to: number;
}

/** Without its outermost tenth: single strays join a track that they pass by. */
function extentOf({ members, first, last }: Track, books: readonly PlacedBook[]): Extent {
  const places = members.map((position) => books[position]?.at ?? 0).sort((a, b) => a - b);
  return {
    size: members.length,
    firstKey: first,
    lastKey: last,
    from: places[Math.floor(places.length * 0.1)] ?? 0,
    to: places[Math.floor(places.length * 0.9)] ?? 0,
  };
}

/** Tracks come in the order of their first keys. */
function longestChain(extents: readonly Extent[], reach: number): ReadonlySet<number> {
  const best: { readonly size: number; readonly before: number }[] = [];
  let end = -1;
  extents.forEach((own, i) => {
    let size = 0;
    let before = -1;
    for (let j = 0; j < i; j += 1) {
      const other = extents[j];
      if (other === undefined || own.firstKey < other.lastKey - reach || own.from < other.to - reach) continue;
      if ((best[j]?.size ?? 0) > size) [size, before] = [best[j]?.size ?? 0, j];
    }
    best.push({ size: size + own.size, before });
    if (end < 0 || size + own.size > (best[end]?.size ?? 0)) end = i;
  });
  const chain = new Set<number>();
  for (let at = end; at >= 0; at = best[at]?.before ?? -1) chain.add(at);
  return chain;
}

/**
 * What shines over from the next shelf ends where the row ends, so the last piece of its track would pass for the row's
 * end: a piece with more strange books before it than it has itself is not part of the row.
 */
function cutEnds(chain: ReadonlySet<number>, tracks: readonly Track[]): ReadonlySet<number> {
  const order = [...chain].sort((a, b) => a - b);
  const sizeOf = (i: number | undefined): number => tracks[i ?? -1]?.members.length ?? 0;
  const core = order.reduce((best, i, at) => (sizeOf(i) > sizeOf(order[best]) ? at : best), 0);
  const isApart = (inner: number | undefined, outer: number | undefined): boolean => {
    const [a, b] = [tracks[inner ?? -1], tracks[outer ?? -1]];
    return a === undefined || b === undefined || Math.max(b.first - a.last, a.first - b.last) > b.members.length;
  };
  let to = core;
  while (to + 1 < order.length && !isApart(order[to], order[to + 1])) to += 1;
  let from = core;
  while (from > 0 && !isApart(order[from], order[from - 1])) from -= 1;
  return new Set(order.slice(from, to + 1));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
