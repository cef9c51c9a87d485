/**
 * All rooms of this server and what goes on in them. One pulse looks at what is new in each library that somebody watches
 * and tells each room; a room nobody is in costs nothing, but is remembered for a while for those who come back.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import {
  type Diff,
  DIFF_INTERVAL_MS,
  type JoinAnswer,
  type JoinRequest,
  type Room,
  roomName,
} from '#contract/wire/live.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { isoOrNull } from '#dashboard/server/whereabouts.ts';
import { followLibrary, type LibraryNews } from './library-news.ts';
import { createRoomLog, type RoomLog, type Stamp } from './room-log.ts';
import type { RoomSource } from './room-rows.ts';
import { roomSource } from './room-source.ts';

/** Longer than the ring's minute would keep rows that nobody can catch up on with diffs. */
const EMPTY_ROOM_KEPT_MS = 120_000;
const BEAT_MS = 1000;

export interface Rooms {
  /** `undefined` when there is no such room. */
  join(request: JoinRequest): JoinAnswer | undefined;
  /** To be called with the number of members after each join or leave. */
  countMembers(name: string, members: number): void;
  log(name: string): RoomLog | undefined;
  count(): number;
  /** Something may be new; the next pulse comes as soon as the last one is long enough ago. */
  wake(): void;
  close(): void;
}

interface OpenRoom {
  readonly library: string;
  readonly source: RoomSource;
  readonly log: RoomLog;
  members: number;
  emptySinceMs: number;
  lastSentMs: number;
}

export interface RoomsDeps {
  readonly sources: Sources;
  readonly log: Logger;
  send(diff: Diff): void;
  /** Called at the end of each pulse that somebody watches. */
  onPulse(): void;
}

export function createRooms(deps: RoomsDeps): Rooms {
  const { sources, log } = deps;
  const { clock } = sources;
  const epoch = randomUUID();
  const rooms = new Map<string, OpenRoom>();
  const libraries = new Map<string, LibraryNews>();
  let highestSeq = 0;
  let lastPulseMs = -Infinity;
  let lastBeatMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function stamp(): Stamp {
    return { at: new Date(clock.nowMs()).toISOString(), asOf: isoOrNull(sources.state.get()?.asOfMs()) };
  }

  function tell(room: OpenRoom, diff: Diff | undefined): void {
    if (diff === undefined) return;
    room.lastSentMs = clock.uptimeMs();
    deps.send(diff);
  }

  function newsOf(library: string): LibraryNews {
    const known = libraries.get(library) ?? followLibrary(sources, library);
    libraries.set(library, known);
    return known;
  }

  function openRoom(wanted: Room): OpenRoom | undefined {
    const name = roomName(wanted);
    const known = rooms.get(name);
    if (known !== undefined) {
      if (known.members === 0) known.log.replace(known.source.all(), stamp());
      return known;
    }
    const source = roomSource(wanted, sources, newsOf(wanted.library));
    if (source === undefined) return undefined;
    // Above every number a forgotten room of this name may have used: old and new numbers must not be confused.
    const room: OpenRoom = {
      library: wanted.library,
      source,
      log: createRoomLog(name, epoch, highestSeq),
      members: 0,
      emptySinceMs: clock.uptimeMs(),
      lastSentMs: clock.uptimeMs(),
    };
    room.log.replace(source.all(), stamp());
    rooms.set(name, room);
    return room;
  }

  function forgetEmptyRooms(nowMs: number): void {
    for (const [name, room] of rooms) {
      if (room.members > 0 || nowMs - room.emptySinceMs < EMPTY_ROOM_KEPT_MS) continue;
      highestSeq = Math.max(highestSeq, room.log.seq());
      rooms.delete(name);
    }
    const watched = new Set([...rooms.values()].map((room) => room.library));
    for (const library of libraries.keys()) if (!watched.has(library)) libraries.delete(library);
  }

  function pulse(): void {
    const nowMs = clock.uptimeMs();
    lastPulseMs = nowMs;
    const isSecond = nowMs - lastBeatMs >= BEAT_MS;
    if (isSecond) lastBeatMs = nowMs;
    const active = [...rooms.values()].filter((room) => room.members > 0);
    for (const library of new Set(active.map((room) => room.library))) {
      const news = newsOf(library).look(isSecond);
      for (const room of active.filter((entry) => entry.library === library)) {
        const { source } = room;
        tell(
          room,
          news.isEverything ? room.log.replace(source.all(), stamp()) : room.log.take(source.touched(news), stamp()),
        );
      }
    }
    for (const room of active) {
      if (clock.uptimeMs() - room.lastSentMs >= BEAT_MS) tell(room, room.log.beat(stamp()));
    }
    forgetEmptyRooms(nowMs);
    deps.onPulse();
  }

  function pulseSafely(): void {
    timer = undefined;
    try {
      pulse();
    } catch (error: unknown) {
      // A store that cannot be read now: screens see that nothing comes any more, and the next pulse tries again.
      log.warn({ err: error }, 'live pulse failed');
    }
    schedule(DIFF_INTERVAL_MS);
  }

  function schedule(delayMs: number): void {
    if (isClosed || rooms.size === 0 || timer !== undefined) return;
    timer = setTimeout(pulseSafely, delayMs);
  }

  return {
    join({ room: wanted, since }) {
      const room = openRoom(wanted);
      if (room === undefined) return undefined;
      schedule(DIFF_INTERVAL_MS);
      return room.log.answer(since, stamp());
    },
    countMembers(name, members) {
      const room = rooms.get(name);
      if (room === undefined) return;
      if (members === 0) room.emptySinceMs = clock.uptimeMs();
      room.members = members;
    },
    log: (name) => rooms.get(name)?.log,
    count: () => rooms.size,
    wake() {
      if (timer === undefined || clock.uptimeMs() - lastPulseMs < DIFF_INTERVAL_MS) return;
      clearTimeout(timer);
      timer = undefined;
      schedule(0);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
