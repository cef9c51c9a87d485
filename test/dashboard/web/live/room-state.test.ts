import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Diff, JoinAnswer } from '#contract/wire/live.ts';
import { NEW_ROOM, startJoin, takeAnswer, takeDiff, type RoomState } from '#dashboard/web/live/room-state.ts';

const AT = '2026-03-01T12:00:00.000Z';
type Rows = Diff['rows'];

const diff = (seq: number, rows: Rows = [], epoch = 'e1'): Diff => ({
  room: 'r',
  epoch,
  seq,
  at: AT,
  asOf: AT,
  rows,
});
const snapshot = (seq: number, rows: Rows, epoch = 'e1'): JoinAnswer => ({
  ok: true,
  room: 'r',
  epoch,
  seq,
  at: AT,
  asOf: AT,
  rows,
});
const joined = (seq: number, rows: Rows): RoomState => takeAnswer(NEW_ROOM, snapshot(seq, rows)).next;

describe('a live room', () => {
  it('takes the snapshot, then each diff in turn', () => {
    const first = takeAnswer(NEW_ROOM, snapshot(4, [['a', 1]]));
    expect(first).toMatchObject({ changed: 'all', rejoins: false });
    const second = takeDiff(
      first.next,
      diff(5, [
        ['b', 2],
        ['a', null],
      ]),
    );
    expect(second).toMatchObject({ changed: ['b', 'a'], rejoins: false });
    expect([...second.next.rows]).toEqual([['b', 2]]);
    expect(second.next.since).toEqual({ epoch: 'e1', seq: 5 });
  });

  it('keeps the rows as they are through an empty diff', () => {
    const before = joined(1, [['a', 1]]);
    const after = takeDiff(before, { ...diff(2), at: '2026-03-01T12:00:01.000Z' });
    expect(after.changed).toEqual([]);
    expect(after.next.rows).toBe(before.rows);
    expect(after.next.sentAt).toBe('2026-03-01T12:00:01.000Z');
  });

  it('joins again on a gap, and says nothing false meanwhile', () => {
    const before = joined(1, [['a', 1]]);
    const step = takeDiff(before, diff(3, [['a', 9]]));
    expect(step).toMatchObject({ rejoins: true, changed: [] });
    expect(step.next.rows.get('a')).toBe(1);
  });

  it('joins again when the server was started anew', () => {
    expect(takeDiff(joined(1, []), diff(2, [], 'e2')).rejoins).toBe(true);
  });

  it('passes over what it has already', () => {
    const step = takeDiff(joined(5, [['a', 1]]), diff(4, [['a', 0]]));
    expect(step).toMatchObject({ rejoins: false, changed: [] });
    expect(step.next.rows.get('a')).toBe(1);
  });

  it('closes a gap with the diffs of the answer', () => {
    const asking = startJoin(joined(1, [['a', 1]]));
    const answer: JoinAnswer = {
      ok: true,
      room: 'r',
      epoch: 'e1',
      seq: 3,
      at: AT,
      asOf: AT,
      diffs: [diff(2, [['a', 2]]), diff(3, [['b', 3]])],
    };
    const step = takeAnswer(asking, answer);
    expect(step).toMatchObject({ rejoins: false, changed: ['a', 'b'] });
    expect(step.next.since).toEqual({ epoch: 'e1', seq: 3 });
  });

  it('keeps diffs that overtook the answer, and drops those in the snapshot already', () => {
    let state = startJoin(NEW_ROOM);
    for (const each of [diff(7, [['a', 7]]), diff(8, [['a', 8]])]) state = takeDiff(state, each).next;
    const step = takeAnswer(state, snapshot(7, [['a', 7]]));
    expect(step.next.rows.get('a')).toBe(8);
    expect(step.next.since?.seq).toBe(8);
    expect(step.next.early).toEqual([]);
  });

  it('asks for a snapshot when diffs answer a room it does not have, but only once', () => {
    const empty: JoinAnswer = { ok: true, room: 'r', epoch: 'e9', seq: 3, at: AT, asOf: AT, diffs: [] };
    const first = takeAnswer(startJoin(joined(1, [])), empty);
    expect(first).toMatchObject({ rejoins: true });
    expect(takeAnswer(startJoin(first.next), empty)).toMatchObject({ rejoins: false, next: { at: 'refused' } });
  });

  it('stays out when it is refused', () => {
    const step = takeAnswer(NEW_ROOM, { ok: false, code: 'LIV_FORBIDDEN', detail: 'no' });
    expect(step).toMatchObject({ rejoins: false, next: { at: 'refused' } });
  });

  it('ends up with the rows of the server whatever is lost, doubled or late', () => {
    const change = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.option(fc.integer(), { nil: null }));
    const fate = fc.constantFrom('arrives', 'arrives', 'lost', 'doubled', 'late');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(change, { maxLength: 3 }), fate), { maxLength: 40 }), (script) => {
        const server = new Map<string, unknown>();
        let seq = 0;
        let state = takeAnswer(NEW_ROOM, snapshot(0, [])).next;
        const late: Diff[] = [];
        const deliver = (each: Diff): void => {
          const step = takeDiff(state, each);
          state = step.rejoins ? takeAnswer(startJoin(step.next), snapshot(seq, [...server])).next : step.next;
        };
        for (const [rows, what] of script) {
          seq += 1;
          for (const [key, row] of rows) {
            if (row === null) server.delete(key);
            else server.set(key, row);
          }
          const sent = diff(seq, rows);
          if (what === 'late') late.push(sent);
          if (what === 'arrives' || what === 'doubled') deliver(sent);
          if (what === 'doubled') deliver(sent);
          if (what === 'arrives') for (const old of late.splice(0)) deliver(old);
        }
        seq += 1;
        deliver(diff(seq));
        expect(new Map(state.rows)).toEqual(server);
      }),
    );
  });
});
