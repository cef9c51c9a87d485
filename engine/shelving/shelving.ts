/**
 * Misshelved: a shelf that is not in the item's home, for long enough and surely enough. Desks, trolleys and return slots
 * are never wrong; an item without a known home is never wrong either.
 */
export interface ShelvingRules {
  /** How long it must stand there: nobody wants a line for a book in somebody's hand. */
  readonly dwellMs: number;
  /** Cycles in which the antenna of that place heard it. */
  readonly cyclesSeen: number;
  readonly confidence: number;
  /** A line that staff ticked off comes back after this if the radio still says the same. */
  readonly tickedOffMs: number;
}

export const SHELVING_RULES: ShelvingRules = { dwellMs: 45_000, cyclesSeen: 3, confidence: 0.95, tickedOffMs: 900_000 };

/** The part of an item's state that these rules read and write. */
export interface ShelvingState {
  readonly place: string | null;
  readonly confidence: number;
  misshelved: boolean;
  /** 0: not standing wrong. */
  wrongSinceMs: number;
  /** The shelf that the work list names; null without a line. */
  wrongPlace: string | null;
  /** 0: not ticked off. */
  tickedOffMs: number;
}

export interface ShelvingView {
  readonly nowMs: number;
  /** On a shelf, with a known home, and not at home. */
  readonly isWrong: boolean;
  /** A question about the whole run speaks for it: no line of its own while nobody has answered. */
  readonly isAsked: boolean;
  readonly cyclesSeen: number;
  /** Whether the antenna there can speak now. */
  readonly isLive: boolean;
}

export interface ShelvingEvent {
  readonly kind: 'item-misshelved' | 'item-shelved-right';
  readonly rule: string;
}

/** Moves the state on; gives the fact it leads to, and when to look again. */
export function stepShelving(
  state: ShelvingState,
  view: ShelvingView,
  rules: ShelvingRules,
): { readonly event?: ShelvingEvent; readonly againMs?: number } {
  if (!view.isWrong) return leaveWrongShelf(state);
  if (state.wrongSinceMs === 0) state.wrongSinceMs = view.nowMs;
  if (view.isAsked) return holdBack(state);
  if (state.wrongPlace !== null && state.wrongPlace !== state.place) {
    // Carried from one wrong shelf to another: the line stays and names the new one; what was ticked off is past.
    state.wrongPlace = state.place;
    if (state.misshelved) return { event: { kind: 'item-misshelved', rule: 'outside-home' } };
    state.tickedOffMs = 0;
    state.wrongSinceMs = view.nowMs;
  }
  if (state.misshelved) return {};
  const dueMs = lineDueMs(state, rules);
  if (view.nowMs < dueMs) return { againMs: dueMs };
  const isSure = view.cyclesSeen >= rules.cyclesSeen * 0.9 && state.confidence >= rules.confidence && view.isLive;
  if (!isSure) return {};
  const rule = state.tickedOffMs === 0 ? 'outside-home' : 'still-there-after-tick-off';
  state.misshelved = true;
  state.wrongPlace = state.place;
  state.tickedOffMs = 0;
  return { event: { kind: 'item-misshelved', rule } };
}

/** When a wrong item may have its line. */
export function lineDueMs(state: ShelvingState, rules: ShelvingRules): number {
  const { wrongSinceMs, tickedOffMs } = state;
  return Math.max(wrongSinceMs + rules.dwellMs, tickedOffMs === 0 ? 0 : tickedOffMs + rules.tickedOffMs);
}

/** Staff say it is done: the line goes at once, and comes back only if the radio still disagrees after a while. */
export function tickOff(state: ShelvingState, atMs: number): boolean {
  if (!state.misshelved) return false;
  state.misshelved = false;
  state.tickedOffMs = atMs;
  return true;
}

/** It goes on standing wrong, so that its line comes at once when the answer is no. */
function holdBack(state: ShelvingState): { readonly event?: ShelvingEvent } {
  if (!state.misshelved) return {};
  state.misshelved = false;
  state.wrongPlace = null;
  return { event: { kind: 'item-shelved-right', rule: 'home-shift-asked' } };
}

function leaveWrongShelf(state: ShelvingState): { readonly event?: ShelvingEvent } {
  const had = state.misshelved || state.tickedOffMs !== 0;
  state.misshelved = false;
  state.wrongSinceMs = 0;
  state.wrongPlace = null;
  state.tickedOffMs = 0;
  return had ? { event: { kind: 'item-shelved-right', rule: 'left-the-wrong-shelf' } } : {};
}
