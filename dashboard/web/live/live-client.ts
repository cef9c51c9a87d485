import type { Diff, JoinAnswer, JoinRequest, Room } from '#contract/wire/live.ts';
import { freshnessOf, stalest, type Freshness } from './freshness.ts';
import { NEW_ROOM, startJoin, takeAnswer, takeDiff, type RoomState, type RoomStep } from './room-state.ts';

/** What we need of a socket.io client. */
export interface LiveSocket {
  readonly connected: boolean;
  on(event: 'connect' | 'disconnect', listener: () => void): unknown;
  on(event: 'diff', listener: (diff: Diff) => void): unknown;
  emit(event: 'join', request: JoinRequest, answer: (answer: JoinAnswer) => void): unknown;
  emit(event: 'leave', request: { room: Room }): unknown;
  disconnect(): unknown;
}

const FRESHNESS_CHECK_MS = 500;
/** An answer that was lost with the line is asked for again; a busy server is not hammered. */
const ANSWER_PATIENCE_MS = 5000;
const EVERY_ROW = '';

interface OpenRoom {
  readonly room: Room;
  readonly openedAtMs: number;
  users: number;
  state: RoomState;
  /** The server's string for the room, learnt from the first answer. */
  name: string | null;
  heardAtMs: number | null;
  /** Only the newest question counts; an answer to an older one is dropped. */
  question: number;
  askedAtMs: number;
  readonly listeners: Map<string, Set<() => void>>;
}

/** Live rooms of one signed-in person: joins them, keeps them gapless, and knows how old they are. */
export class LiveClient {
  readonly #socket: LiveSocket;
  readonly #nowMs: () => number;
  readonly #rooms = new Map<string, OpenRoom>();
  readonly #freshnessListeners = new Set<() => void>();
  #freshness: Freshness = { state: 'waiting', asOf: null };
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(socket: LiveSocket, nowMs: () => number) {
    this.#socket = socket;
    this.#nowMs = nowMs;
    socket.on('connect', () => {
      for (const open of this.#rooms.values()) this.#join(open);
    });
    socket.on('diff', (diff) => {
      this.#hear(diff);
    });
    this.#timer = setInterval(() => {
      this.#tick();
    }, FRESHNESS_CHECK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.disconnect();
  }

  /** Joins a room, or shares it with whoever joined it before. Call the answer to let go. */
  open(room: Room): () => void {
    const key = keyOf(room);
    let open = this.#rooms.get(key);
    if (open === undefined) {
      const nowMs = this.#nowMs();
      open = {
        room,
        users: 0,
        state: NEW_ROOM,
        name: null,
        heardAtMs: null,
        openedAtMs: nowMs,
        question: 0,
        askedAtMs: nowMs,
        listeners: new Map(),
      };
      this.#rooms.set(key, open);
      if (this.#socket.connected) this.#join(open);
    }
    const opened = open;
    opened.users += 1;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      opened.users -= 1;
      if (opened.users > 0) return;
      this.#rooms.delete(key);
      this.#socket.emit('leave', { room });
    };
  }

  stateOf(room: Room): RoomState {
    return this.#rooms.get(keyOf(room))?.state ?? NEW_ROOM;
  }

  /** Calls back when the row of `key` changed; without a key, when any did. */
  onRow(room: Room, key: string | null, listener: () => void): () => void {
    const open = this.#rooms.get(keyOf(room));
    if (open === undefined) return () => undefined;
    const name = key ?? EVERY_ROW;
    const listeners = open.listeners.get(name) ?? new Set();
    open.listeners.set(name, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) open.listeners.delete(name);
    };
  }

  freshness(): Freshness {
    return this.#freshness;
  }

  onFreshness(listener: () => void): () => void {
    this.#freshnessListeners.add(listener);
    return () => {
      this.#freshnessListeners.delete(listener);
    };
  }

  #join(open: OpenRoom): void {
    open.question += 1;
    open.askedAtMs = this.#nowMs();
    const { question } = open;
    const { since } = open.state;
    open.state = startJoin(open.state);
    this.#socket.emit('join', since === null ? { room: open.room } : { room: open.room, since }, (answer) => {
      if (question !== open.question) return;
      if (answer.ok) {
        open.name = answer.room;
        open.heardAtMs = this.#nowMs();
      }
      this.#apply(open, takeAnswer(open.state, answer));
    });
  }

  #hear(diff: Diff): void {
    for (const open of this.#rooms.values()) {
      // Before the first answer the name is unknown; such diffs are older than the snapshot on its way.
      if (open.name !== diff.room) continue;
      open.heardAtMs = this.#nowMs();
      this.#apply(open, takeDiff(open.state, diff));
      return;
    }
  }

  #apply(open: OpenRoom, step: RoomStep): void {
    open.state = step.next;
    if (step.changed === 'all') {
      for (const listeners of open.listeners.values()) for (const listener of listeners) listener();
    } else if (step.changed.length > 0) {
      for (const key of new Set(step.changed)) for (const listener of open.listeners.get(key) ?? []) listener();
      for (const listener of open.listeners.get(EVERY_ROW) ?? []) listener();
    }
    if (step.rejoins) this.#join(open);
    this.#judge();
  }

  #tick(): void {
    const nowMs = this.#nowMs();
    for (const open of this.#rooms.values()) {
      const isWaiting = open.state.at === 'joining' && nowMs - open.askedAtMs > ANSWER_PATIENCE_MS;
      if (isWaiting && this.#socket.connected) this.#join(open);
    }
    this.#judge();
  }

  #judge(): void {
    const nowMs = this.#nowMs();
    // A room we may not enter shows nothing, so it cannot make the screen stale.
    const entered = [...this.#rooms.values()].filter((open) => open.state.at !== 'refused');
    const next = stalest(entered.map((open) => freshnessOf({ ...open, room: open.state }, nowMs)));
    const isSame =
      next.state === this.#freshness.state && (next.state === 'live' || next.asOf === this.#freshness.asOf);
    if (isSame) return;
    this.#freshness = next;
    for (const listener of this.#freshnessListeners) listener();
  }
}

function keyOf(room: Room): string {
  return JSON.stringify(Object.entries(room).sort());
}
