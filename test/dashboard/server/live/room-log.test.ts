import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Diff, JoinAnswer } from '#contract/wire/live.ts';
import { createRoomLog, type RoomLog } from '#dashboard/server/live/room-log.ts';

const STAMP = { at: '2026-03-02T09:00:00.000Z', asOf: null };

type Known = Map<string, unknown>;

/** A screen as the contract wants it: applies diffs in order, takes a snapshot as the whole. */
function apply(known: Known, diffs: readonly Diff[]): Known {
  for (const [key, row] of diffs.flatMap((diff) => diff.rows)) {
    if (row === null) known.delete(key);
    else known.set(key, row);
  }
  return known;
}

function catchUp(known: Known, answer: JoinAnswer): Known {
  if (!answer.ok) throw new Error(answer.code);
  return answer.rows === undefined ? apply(known, answer.diffs ?? []) : new Map(answer.rows);
}

function everything(log: RoomLog): Known {
  return catchUp(new Map(), log.answer(undefined, STAMP));
}

describe('the log of a room', () => {
  test('says nothing when nothing is different', () => {
    const log = createRoomLog('r', 'e', 0);
    expect(log.take(new Map([['a', { items: 1 }]]), STAMP)?.seq).toBe(1);
    expect(log.take(new Map([['a', { items: 1 }]]), STAMP)).toBeUndefined();
    expect(log.take(new Map([['b', null]]), STAMP)).toBeUndefined();
    expect(log.seq()).toBe(1);
  });

  test('says the whole room when most of it changed', () => {
    const log = createRoomLog('r', 'e', 0);
    log.take(new Map(['a', 'b', 'c', 'd'].map((key) => [key, 0])), STAMP);
    expect(log.take(new Map(['a', 'b'].map((key) => [key, 1])), STAMP)?.rows).toHaveLength(2);
    expect(log.take(new Map(['a', 'b', 'c'].map((key) => [key, 2])), STAMP)?.rows).toHaveLength(4);
  });

  test('forgets beyond 600 diffs and then gives a snapshot', () => {
    const log = createRoomLog('r', 'e', 0);
    for (let i = 1; i <= 601; i += 1) log.take(new Map([['a', i]]), STAMP);
    expect(log.answer({ epoch: 'e', seq: 1 }, STAMP)).toMatchObject({ diffs: expect.anything() as unknown });
    expect(log.answer({ epoch: 'e', seq: 0 }, STAMP)).toMatchObject({ rows: [['a', 601]], seq: 601 });
    expect(log.answer({ epoch: 'e', seq: 602 }, STAMP)).toMatchObject({ rows: [['a', 601]] });
    expect(log.answer({ epoch: 'old', seq: 600 }, STAMP)).toMatchObject({ rows: [['a', 601]] });
  });

  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('take' as const),
      changes: fc.array(fc.tuple(key, fc.option(fc.nat(3))), { maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant('replace' as const), changes: fc.array(fc.tuple(key, fc.nat(3)), { maxLength: 5 }) }),
    fc.record({ kind: fc.constant('beat' as const) }),
  );

  test('law: whoever joins again with what they knew ends up knowing everything, whenever they left', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), (steps, leftAfter) => {
        const log = createRoomLog('r', 'e', 7);
        let known: Known = new Map();
        let seq = 7;
        steps.forEach((each, i) => {
          const diff =
            each.kind === 'beat'
              ? log.beat(STAMP)
              : each.kind === 'take'
                ? log.take(new Map(each.changes), STAMP)
                : log.replace(new Map(each.changes), STAMP);
          if (diff === undefined || i >= leftAfter) return;
          expect(diff.seq).toBe(seq + 1);
          seq = diff.seq;
          known = apply(known, [diff]);
        });
        known = catchUp(known, log.answer({ epoch: 'e', seq }, STAMP));
        expect([...known].sort()).toEqual([...everything(log)].sort());
      }),
    );
  });
});
