/** What the rows of a room are and which of them some news touches: one small function per kind of room. */
import type { Fact, FactKind } from '#contract/domain/fact.ts';
import type { ChangeRow, Room, ShelfRow } from '#contract/wire/live.ts';
import { devicesOf } from '#dashboard/server/devices.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { spaceRows } from '#dashboard/server/space.ts';
import { isoOrNull, viewItems } from '#dashboard/server/whereabouts.ts';
import { gatesSource } from './gate-room.ts';
import type { LibraryNews } from './library-news.ts';
import type { Rows, RoomSource } from './room-rows.ts';
import { findSource, sweepSource, sweepsSource } from './sweep-rooms.ts';

const NOTHING: Rows = new Map();

/** `undefined` when there is no such room. */
export function roomSource(room: Room, sources: Sources, news: LibraryNews): RoomSource | undefined {
  switch (room.kind) {
    case 'floor':
      return news.plan()?.index.place(room.floor)?.kind === 'floor' ? floorSource(room, news) : undefined;
    case 'space':
      return spaceSource(room.library, sources, news);
    case 'work-list':
      return workListSource(room.library, sources);
    case 'devices':
      return devicesSource(room.library, sources);
    case 'gates':
      return gatesSource(room.library, { sources, news });
    case 'item':
      return sources.registry.item(room.library, room.item) === undefined ? undefined : itemSource(room, sources);
    case 'sweeps':
      return sweepsSource(room.library, news);
    case 'sweep':
      return news.state()?.sweep(room.library, room.session) === undefined
        ? undefined
        : sweepSource(room.library, room.session, { sources, news });
    case 'find':
      return findSource(room.library, room.wand, { sources, news });
  }
}

const STATES = ['live', 'unscheduled', 'blind', 'dead'] as const;

function floorSource(room: { readonly library: string; readonly floor: string }, news: LibraryNews): RoomSource {
  function shelfRows(places: readonly string[]): Rows {
    const counts = news.state()?.placeCounts(room.library, places);
    if (counts === undefined) return NOTHING;
    return new Map(
      places.map((place) => [place, { ...(counts.get(place) ?? { items: 0, wrong: 0 }), ...heard(place) }]),
    );
  }

  /** The best of its antennas speaks for a shelf; one that has never reported says no more than one off its schedule. */
  function heard(place: string): Pick<ShelfRow, 'state' | 'lastHeardAt'> {
    const rows = (news.plan()?.index.readPointsAt(place) ?? []).map(({ id }) => news.readPointRow(id));
    if (rows.length === 0) return { state: 'unequipped', lastHeardAt: null };
    const state = STATES.find((wanted) => rows.some((row) => (row?.state ?? 'unscheduled') === wanted)) ?? 'dead';
    const lastHeardMs = Math.max(0, ...rows.map((row) => row?.lastHeardMs ?? 0));
    return { state, lastHeardAt: lastHeardMs === 0 ? null : isoOrNull(lastHeardMs) };
  }

  function placesOf(fact: Fact): readonly (string | null | undefined)[] {
    if (fact.kind === 'antenna-state' || fact.kind === 'zone-level') return [];
    if (fact.from != null || fact.to != null) return [fact.from, fact.to];
    return [news.state()?.item(room.library, fact.subject)?.place];
  }

  const isHere = (place: string): boolean => {
    const path = news.plan()?.index.pathToRoot(place) ?? [];
    return path[0]?.kind === 'shelf' && path.some((above) => above.id === room.floor);
  };

  return {
    all: () => shelfRows(news.plan()?.shelvesUnder(room.floor) ?? []),
    touched({ facts, readPoints }) {
      const places = new Set(facts.flatMap(placesOf));
      for (const id of readPoints)
        for (const place of news.plan()?.index.readPoint(id)?.places ?? []) places.add(place);
      const here = [...places].filter((place) => place != null && isHere(place)) as string[];
      return here.length === 0 ? NOTHING : shelfRows(here);
    },
  };
}

function spaceSource(library: string, sources: Sources, news: LibraryNews): RoomSource {
  const all = (): Rows => {
    const state = news.state();
    return state === undefined ? NOTHING : spaceRows(library, news.plan(), state, sources.clock.nowMs());
  };
  return {
    all,
    // A value turns stale without a fact. Zones are dozens; reading all of them is one query.
    touched: ({ facts, isSecond }) => (isSecond || facts.some((fact) => fact.kind === 'zone-level') ? all() : NOTHING),
  };
}

const LIST_FACTS: ReadonlySet<FactKind> = new Set([
  'item-misshelved',
  'item-shelved-right',
  'item-ticked-off',
  'work-raised',
  'work-cleared',
  'work-ticked-off',
]);

function workListSource(library: string, sources: Sources): RoomSource {
  let changedAt = isoNow(sources);
  let tickOffs = sources.tickOffs.changes(library);
  return {
    all: () => new Map([['work-list', { changedAt } satisfies ChangeRow]]),
    touched({ facts }) {
      const ticked = sources.tickOffs.changes(library);
      if (ticked === tickOffs && !facts.some((fact) => LIST_FACTS.has(fact.kind))) return NOTHING;
      tickOffs = ticked;
      changedAt = isoNow(sources);
      return this.all();
    },
  };
}

/** What moves all the time; without it two answers that look the same are the same. */
const RESTLESS: ReadonlySet<string> = new Set(['lastHeardAt', 'statusAt', 'at', 'behind', 'outboxDepth']);
/** Seconds after which the page is fetched again although nothing broke: its ages should move on. */
const REFRESH_SECONDS = 15;

function devicesSource(library: string, sources: Sources): RoomSource {
  let changedAt = isoNow(sources);
  let last = signature();
  let quietSeconds = 0;

  function signature(): string {
    return JSON.stringify(devicesOf(sources, library), (key, value: unknown) =>
      RESTLESS.has(key) ? undefined : value,
    );
  }

  return {
    all: () => new Map([['devices', { changedAt } satisfies ChangeRow]]),
    touched({ isSecond }) {
      if (!isSecond) return NOTHING;
      quietSeconds += 1;
      const now = signature();
      if (now === last && quietSeconds < REFRESH_SECONDS) return NOTHING;
      last = now;
      quietSeconds = 0;
      changedAt = isoNow(sources);
      return this.all();
    },
  };
}

function itemSource(room: { readonly library: string; readonly item: string }, sources: Sources): RoomSource {
  const all = (): Rows => new Map([[room.item, viewItems(sources, room.library).whereabouts(room.item)]]);
  return {
    all,
    // "Last seen" moves without a fact.
    touched: ({ facts, isSecond }) => (isSecond || facts.some((fact) => fact.subject === room.item) ? all() : NOTHING),
  };
}

function isoNow({ clock }: Pick<Sources, 'clock'>): string {
  return new Date(clock.nowMs()).toISOString();
}
