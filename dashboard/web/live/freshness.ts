/** Whether what the screen shows can still be believed, and up to when. */
import type { RoomState } from './room-state.ts';

/** The server sends something every second; three missed mean the line is dead. */
export const SILENCE_MS_MAX = 3000;
/** The engine takes a tick in every second; an older journal time means broker or engine stand still. */
export const LAG_MS_MAX = 3000;

export interface Freshness {
  /** `waiting`: nothing came yet; `silent`: the line is dead; `stopped`: the broker or engine does not answer. */
  readonly state: 'waiting' | 'live' | 'silent' | 'stopped';
  readonly asOf: string | null;
}

export interface RoomHeard {
  readonly room: RoomState;
  /** By the client's own monotonic clock; `null` before the first message. */
  readonly heardAtMs: number | null;
  /** When the room was first asked for. */
  readonly openedAtMs: number;
}

/** The lag compares two times of the server, so a wrong clock of the tablet does no harm. */
export function freshnessOf({ room, heardAtMs, openedAtMs }: RoomHeard, nowMs: number): Freshness {
  const asOf = room.asOf ?? room.sentAt;
  if (heardAtMs === null) {
    return { state: nowMs - openedAtMs > SILENCE_MS_MAX ? 'silent' : 'waiting', asOf: null };
  }
  if (nowMs - heardAtMs > SILENCE_MS_MAX) return { state: 'silent', asOf };
  if (room.asOf === null || room.sentAt === null) return { state: 'stopped', asOf };
  const lagMs = Date.parse(room.sentAt) - Date.parse(room.asOf);
  return { state: lagMs > LAG_MS_MAX ? 'stopped' : 'live', asOf };
}

const SEVERITY = { live: 0, waiting: 1, stopped: 2, silent: 3 } as const;

/** The screen is as fresh as its stalest room. */
export function stalest(all: readonly Freshness[]): Freshness {
  return all.reduce<Freshness>((worst, each) => (SEVERITY[each.state] > SEVERITY[worst.state] ? each : worst), {
    state: all.length === 0 ? 'waiting' : 'live',
    asOf: all[0]?.asOf ?? null,
  });
}
