import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Diff, JoinAnswer, JoinRequest, Room } from '#contract/wire/live.ts';
import { LiveClient, type LiveSocket } from '#dashboard/web/live/live-client.ts';

const ROOM: Room = { kind: 'floor', library: 'demo', floor: 'f1' };
const AT = '2026-03-01T12:00:00.000Z';

/** The server's side of one connection, in the hands of the test. */
class FakeSocket implements LiveSocket {
  connected = false;
  readonly joins: { readonly request: JoinRequest; readonly answer: (answer: JoinAnswer) => void }[] = [];
  readonly left: Room[] = [];
  readonly #listeners = new Map<string, ((value: never) => void)[]>();

  on(event: string, listener: (value: never) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  emit(event: string, request: never, answer?: (answer: JoinAnswer) => void): this {
    if (event === 'join' && answer !== undefined) this.joins.push({ request, answer });
    if (event === 'leave') this.left.push((request as { room: Room }).room);
    return this;
  }

  disconnect(): void {
    this.connected = false;
  }

  connect(): void {
    this.connected = true;
    this.tell('connect');
  }

  tell(event: string, value?: Diff): void {
    for (const listener of this.#listeners.get(event) ?? []) (listener as (value?: Diff) => void)(value);
  }

  answer(seq: number, rows: Diff['rows'], epoch = 'e1'): void {
    this.joins.at(-1)?.answer({ ok: true, room: 'r', epoch, seq, at: AT, asOf: AT, rows });
  }

  diff(seq: number, rows: Diff['rows'] = [], asOf = AT): void {
    this.tell('diff', { room: 'r', epoch: 'e1', seq, at: AT, asOf, rows });
  }
}

describe('LiveClient', () => {
  let socket: FakeSocket;
  let client: LiveClient;
  let nowMs: number;
  const pass = (ms: number): void => {
    nowMs += ms;
    jest.advanceTimersByTime(ms);
  };

  beforeEach(() => {
    jest.useFakeTimers();
    nowMs = 0;
    socket = new FakeSocket();
    client = new LiveClient(socket, () => nowMs);
  });
  afterEach(() => {
    client.close();
    jest.useRealTimers();
  });

  it('joins once for two users of a room and leaves with the last', () => {
    socket.connect();
    const first = client.open(ROOM);
    const second = client.open({ ...ROOM });
    expect(socket.joins).toHaveLength(1);
    first();
    first();
    expect(socket.left).toEqual([]);
    second();
    expect(socket.left).toEqual([ROOM]);
  });

  it('tells only those whose row changed', () => {
    socket.connect();
    client.open(ROOM);
    socket.answer(1, [
      ['a', 1],
      ['b', 1],
    ]);
    const a = jest.fn();
    const b = jest.fn();
    const any = jest.fn();
    client.onRow(ROOM, 'a', a);
    client.onRow(ROOM, 'b', b);
    client.onRow(ROOM, null, any);
    socket.diff(2, [['a', 2]]);
    expect([a, b, any].map((listener) => listener.mock.calls.length)).toEqual([1, 0, 1]);
    expect(client.stateOf(ROOM).rows.get('a')).toBe(2);
  });

  it('asks again with what it has after a gap', () => {
    socket.connect();
    client.open(ROOM);
    socket.answer(1, [['a', 1]]);
    socket.diff(3, [['a', 3]]);
    expect(socket.joins).toHaveLength(2);
    expect(socket.joins[1]?.request).toEqual({ room: ROOM, since: { epoch: 'e1', seq: 1 } });
    socket.answer(3, [['a', 3]]);
    expect(client.stateOf(ROOM).rows.get('a')).toBe(3);
  });

  it('asks again after each connection, and ignores an answer to an older question', () => {
    client.open(ROOM);
    expect(socket.joins).toHaveLength(0);
    socket.connect();
    socket.connect();
    expect(socket.joins).toHaveLength(2);
    socket.joins[0]?.answer({ ok: true, room: 'r', epoch: 'old', seq: 9, at: AT, asOf: AT, rows: [['a', 'old']] });
    expect(client.stateOf(ROOM).rows.size).toBe(0);
  });

  it('asks again when an answer never came', () => {
    socket.connect();
    client.open(ROOM);
    pass(6000);
    expect(socket.joins.length).toBeGreaterThanOrEqual(2);
  });

  it('goes grey after three seconds of silence and comes back by itself', () => {
    const states: string[] = [];
    client.onFreshness(() => states.push(client.freshness().state));
    socket.connect();
    client.open(ROOM);
    socket.answer(1, []);
    pass(3500);
    expect(client.freshness()).toEqual({ state: 'silent', asOf: AT });
    socket.diff(2);
    expect(states).toEqual(['live', 'silent', 'live']);
  });

  it('says that the engine stands still although the line is good', () => {
    socket.connect();
    client.open(ROOM);
    socket.answer(1, []);
    socket.diff(2, [], '2026-03-01T11:59:50.000Z');
    expect(client.freshness()).toEqual({ state: 'stopped', asOf: '2026-03-01T11:59:50.000Z' });
  });

  it('is not made stale by a room it may not enter', () => {
    const forbidden: Room = { kind: 'devices', library: 'demo' };
    socket.connect();
    client.open(ROOM);
    socket.answer(1, []);
    client.open(forbidden);
    socket.joins.at(-1)?.answer({ ok: false, code: 'LIV_FORBIDDEN', detail: 'no' });
    pass(1000);
    expect(client.freshness().state).toBe('live');
  });
});
