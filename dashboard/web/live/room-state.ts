/**
 * One live room as the client knows it: a pure function of what the server said.
 *
 *     joining --answer--> joined --diff seq+1--> joined
 *        ^ \--diff--> joining (kept until the answer)
 *        \------ gap in seq, or another epoch ------/
 */
import type { Diff, JoinAnswer } from '#contract/wire/live.ts';

/** As many as the server keeps; more waiting than this means the answer will be a snapshot anyway. */
const EARLY_DIFFS_MAX = 600;

export interface RoomState {
  readonly at: 'joining' | 'joined' | 'refused';
  /** `null` until the first answer. */
  readonly since: { readonly epoch: string; readonly seq: number } | null;
  readonly rows: ReadonlyMap<string, unknown>;
  /** Server time of the newest message. */
  readonly sentAt: string | null;
  readonly asOf: string | null;
  /** Diffs that overtook the answer to `join`. */
  readonly early: readonly Diff[];
}

export interface RoomStep {
  readonly next: RoomState;
  /** Keys to draw again, or all of them. */
  readonly changed: readonly string[] | 'all';
  /** The client must ask again: something was missed. */
  readonly rejoins: boolean;
}

export const NEW_ROOM: RoomState = {
  at: 'joining',
  since: null,
  rows: new Map(),
  sentAt: null,
  asOf: null,
  early: [],
};

/** Before asking (again): what is known stays on the screen until the answer. */
export function startJoin(state: RoomState): RoomState {
  return { ...state, at: 'joining', early: [] };
}

export function takeAnswer(state: RoomState, answer: JoinAnswer): RoomStep {
  if (!answer.ok) return { next: { ...state, at: 'refused', early: [] }, changed: [], rejoins: false };
  const fresh = { sentAt: answer.at, asOf: answer.asOf, at: 'joined' as const, early: [] };
  const since = { epoch: answer.epoch, seq: answer.seq };
  if (answer.diffs === undefined || state.since?.epoch !== answer.epoch) {
    // A server that closes a gap we do not have would leave us with nothing: only a snapshot is trusted then.
    if (answer.rows === undefined) {
      const isBroken = state.since === null;
      return { next: { ...state, at: isBroken ? 'refused' : 'joining', since: null }, changed: [], rejoins: !isBroken };
    }
    const snapshot = { ...fresh, since, rows: rowsFrom(new Map(), answer.rows) };
    return withEarly({ next: snapshot, changed: 'all', rejoins: false }, state.early);
  }
  let step: RoomStep = { next: { ...state, ...fresh }, changed: [], rejoins: false };
  for (const diff of answer.diffs) step = then(step, diff);
  if (!step.rejoins) step = { ...step, next: { ...step.next, since, sentAt: answer.at, asOf: answer.asOf } };
  return withEarly(step, state.early);
}

export function takeDiff(state: RoomState, diff: Diff): RoomStep {
  if (state.at === 'refused') return { next: state, changed: [], rejoins: false };
  if (state.at === 'joining' || state.since === null) {
    const early = [...state.early, diff].slice(-EARLY_DIFFS_MAX);
    return { next: { ...state, early }, changed: [], rejoins: false };
  }
  const { epoch, seq } = state.since;
  if (diff.epoch !== epoch) return { next: state, changed: [], rejoins: true };
  // An empty diff that repeats the number is a sign of life; an older one has been taken in already.
  if (diff.seq === seq) {
    return { next: { ...state, sentAt: diff.at, asOf: diff.asOf }, changed: [], rejoins: false };
  }
  if (diff.seq < seq) return { next: state, changed: [], rejoins: false };
  if (diff.seq > seq + 1) return { next: state, changed: [], rejoins: true };
  return {
    next: {
      ...state,
      since: { epoch, seq: diff.seq },
      sentAt: diff.at,
      asOf: diff.asOf,
      rows: diff.rows.length === 0 ? state.rows : rowsFrom(state.rows, diff.rows),
    },
    changed: diff.rows.map(([key]) => key),
    rejoins: false,
  };
}

function withEarly(step: RoomStep, early: readonly Diff[]): RoomStep {
  return early.reduce(then, step);
}

function then(step: RoomStep, diff: Diff): RoomStep {
  if (step.rejoins) return step;
  const after = takeDiff(step.next, diff);
  const changed = step.changed === 'all' || after.changed === 'all' ? 'all' : [...step.changed, ...after.changed];
  return { ...after, changed };
}

function rowsFrom(
  before: ReadonlyMap<string, unknown>,
  rows: readonly (readonly [key: string, row: unknown])[],
): ReadonlyMap<string, unknown> {
  const after = new Map(before);
  for (const [key, row] of rows) {
    if (row === null) after.delete(key);
    else after.set(key, row);
  }
  return after;
}
