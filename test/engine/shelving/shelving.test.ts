/** Stories of one book: time in seconds, where it stands, and what the work list learns. */
import { describe, expect, test } from '@jest/globals';
import { SHELVING_RULES, stepShelving, tickOff, type ShelvingState } from '#engine/shelving/shelving.ts';

const start = (): ShelvingState & { place: string | null } => ({
  place: 'shelf-9',
  confidence: 0.97,
  misshelved: false,
  wrongSinceMs: 0,
  wrongPlace: null,
  tickedOffMs: 0,
});

describe('misshelved', () => {
  const at = (
    state: ShelvingState,
    seconds: number,
    view: Partial<{ isWrong: boolean; isAsked: boolean; cyclesSeen: number; isLive: boolean }> = {},
  ) =>
    stepShelving(
      state,
      { nowMs: seconds * 1000, isWrong: true, isAsked: false, cyclesSeen: 5, isLive: true, ...view },
      SHELVING_RULES,
    );

  test('a line appears after the dwell, once, and goes when the book leaves', () => {
    const state = start();
    expect(at(state, 100)).toEqual({ againMs: 145_000 });
    expect(at(state, 144)).toEqual({ againMs: 145_000 });
    expect(at(state, 145).event).toEqual({ kind: 'item-misshelved', rule: 'outside-home' });
    expect(at(state, 200)).toEqual({});
    expect(at(state, 210, { isWrong: false }).event?.kind).toBe('item-shelved-right');
    expect(at(state, 220, { isWrong: false })).toEqual({});
  });

  test('a question about the whole run takes the line back, and no brings it at once', () => {
    const state = start();
    at(state, 100);
    at(state, 145);
    expect(at(state, 150, { isAsked: true }).event).toEqual({ kind: 'item-shelved-right', rule: 'home-shift-asked' });
    expect(at(state, 160, { isAsked: true })).toEqual({});
    expect(state.misshelved).toBe(false);
    expect(at(state, 170).event).toEqual({ kind: 'item-misshelved', rule: 'outside-home' });
  });

  test.each([
    ['too few cycles', { cyclesSeen: 2 }],
    ['a dead antenna', { isLive: false }],
  ])('no line from %s', (_name, view) => {
    const state = start();
    at(state, 100, view);
    expect(at(state, 1000, view)).toEqual({});
    expect(at(state, 1001).event?.kind).toBe('item-misshelved');
  });

  test('no line from a place that is not sure', () => {
    const state = { ...start(), confidence: 0.5 };
    at(state, 100);
    expect(at(state, 1000)).toEqual({});
  });

  test('a book in passing makes no line', () => {
    const state = start();
    at(state, 100);
    expect(at(state, 130, { isWrong: false })).toEqual({});
    expect(at(state, 150)).toEqual({ againMs: 195_000 });
  });

  test('ticked off: hidden at once, back after a quarter of an hour if it is still there', () => {
    const state = start();
    at(state, 100);
    at(state, 145);
    expect(tickOff(state, 200_000)).toBe(true);
    expect(tickOff(state, 201_000)).toBe(false);
    expect(at(state, 300)).toEqual({ againMs: 1_100_000 });
    expect(at(state, 1100).event).toEqual({ kind: 'item-misshelved', rule: 'still-there-after-tick-off' });
  });

  test('ticked off and gone: the radio agrees', () => {
    const state = start();
    at(state, 100);
    at(state, 145);
    tickOff(state, 200_000);
    expect(at(state, 230, { isWrong: false }).event?.kind).toBe('item-shelved-right');
    expect(state.tickedOffMs).toBe(0);
  });

  test('carried to another wrong shelf, the line names that one', () => {
    const state = start();
    at(state, 100);
    at(state, 145);
    state.place = 'shelf-4';
    expect(at(state, 150).event?.kind).toBe('item-misshelved');
    expect(state.wrongPlace).toBe('shelf-4');
  });
});
