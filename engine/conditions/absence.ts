/**
 * An item that nobody hears: what that means, if anything.
 *
 *     heard --silent, home listened to--> search --rounds--> missing          never heard --home listened to--> dead-tag
 *                                           \--found by hand, still silent--> dead-tag
 *
 * Silence proves something in hours in which the antennas of the home heard the items beside it. Without such hours nothing
 * is concluded, however long they last.
 */
import type { ConditionSettings } from '#contract/domain/condition-settings.ts';
import { GONE_BY_ILS, type IlsStatusName } from '#contract/domain/ils-status.ts';
import type { WorkKind, WorkReasonParts } from '#contract/domain/work-entry.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Two rounds within this are one that was told twice. */
const ROUND_APART_MS = HOUR_MS;

/** What is remembered of an item that is looked for. Times are Unix milliseconds, 0: never. */
export interface AbsenceMemory {
  readonly searchSinceMs: number;
  readonly rounds: number;
  readonly roundMs: number;
  /** Staff had it in their hands and no antenna hears it. */
  readonly foundMs: number;
}

export const NO_ABSENCE: AbsenceMemory = { searchSinceMs: 0, rounds: 0, roundMs: 0, foundMs: 0 };

export interface AbsenceView {
  readonly nowMs: number;
  readonly isPresent: boolean;
  readonly isTagged: boolean;
  /** Whether this library's catalogue names tags at all: else an item without one says nothing. */
  readonly isCatalogueTagged: boolean;
  /** When the engine first heard of the item. */
  readonly knownMs: number;
  readonly lastSeenMs: number;
  readonly ils: IlsStatusName;
  /** Since when the ILS says so. */
  readonly ilsSinceMs: number;
  /** It left over a desk, a kiosk or a gate, or its tag was switched to lent: without a word of the ILS it is probably lent. */
  readonly isProbablyLent: boolean;
  /** Hours since then in which its home listened, up to `enough`. */
  hoursListened(sinceMs: number, enough: number): number;
  /** Whether anything at its home listened since then, or a wand passed. */
  wasLookedAt(sinceMs: number): boolean;
  /** When a wand last read every shelf of its home and heard its neighbours; 0 for never. */
  readonly sweptMs: number;
}

export interface AbsenceVerdict {
  readonly kind: Extract<WorkKind, 'search' | 'missing' | 'unseen' | 'untagged' | 'dead-tag'> | undefined;
  readonly reason: WorkReasonParts;
  readonly memory: AbsenceMemory;
}

const NOTHING: AbsenceVerdict = { kind: undefined, reason: { rule: 'silent-at-home' }, memory: NO_ABSENCE };

export function judgeAbsence(view: AbsenceView, memory: AbsenceMemory, settings: ConditionSettings): AbsenceVerdict {
  if (view.isPresent) return NOTHING;
  if (!view.isTagged) return judgeUntagged(view, settings);
  if (GONE_BY_ILS.has(view.ils)) return NOTHING;
  if (memory.foundMs > view.lastSeenMs) return { kind: 'dead-tag', reason: { rule: 'found-but-silent' }, memory };
  if (view.lastSeenMs === 0) return judgeNeverHeard(view, settings);
  if (memory.searchSinceMs !== 0) return judgeSearched(view, memory, settings);
  if (view.ils === 'unknown' && view.isProbablyLent) return NOTHING;
  const sinceMs = Math.max(view.lastSeenMs, view.ilsSinceMs);
  const isLong = view.nowMs - sinceMs >= settings.searchAfterHours * HOUR_MS;
  if (isLong && view.hoursListened(sinceMs, settings.hoursListened) >= settings.hoursListened) {
    const searched = { ...NO_ABSENCE, searchSinceMs: view.nowMs, roundMs: view.nowMs };
    return judgeSearched(view, searched, settings);
  }
  const isUnseen =
    settings.unseenDays > 0 &&
    view.ils === 'available' &&
    view.nowMs - sinceMs >= settings.unseenDays * DAY_MS &&
    view.wasLookedAt(sinceMs);
  return isUnseen ? { ...NOTHING, kind: 'unseen', reason: { rule: 'available-but-unseen' } } : NOTHING;
}

/** Staff looked and did not find it. */
export function noteRound(memory: AbsenceMemory, atMs: number): AbsenceMemory {
  if (memory.searchSinceMs === 0 || (memory.rounds > 0 && atMs - memory.roundMs < ROUND_APART_MS)) return memory;
  return { ...memory, rounds: memory.rounds + 1, roundMs: Math.max(memory.roundMs, atMs) };
}

function judgeUntagged(view: AbsenceView, settings: ConditionSettings): AbsenceVerdict {
  if (view.ils === 'withdrawn' || view.lastSeenMs !== 0) return NOTHING;
  const isSure =
    view.isCatalogueTagged || view.hoursListened(view.knownMs, settings.hoursListened) >= settings.hoursListened;
  return isSure ? { ...NOTHING, kind: 'untagged', reason: { rule: 'no-tag-known' } } : NOTHING;
}

/** Not missing: a tag that was dead when it was glued in is far more frequent than a loss before the first reading. */
function judgeNeverHeard(view: AbsenceView, settings: ConditionSettings): AbsenceVerdict {
  const sinceMs = Math.max(view.knownMs, view.ilsSinceMs);
  if (view.nowMs - sinceMs < settings.searchAfterHours * HOUR_MS) return NOTHING;
  if (view.hoursListened(sinceMs, settings.hoursListened) < settings.hoursListened) return NOTHING;
  return { ...NOTHING, kind: 'dead-tag', reason: { rule: 'never-heard' } };
}

function judgeSearched(view: AbsenceView, searched: AbsenceMemory, settings: ConditionSettings): AbsenceVerdict {
  let memory = searched;
  if (view.sweptMs > memory.roundMs) memory = noteRound(memory, view.sweptMs);
  const { listeningDaysPerRound: days } = settings;
  const hours = Math.ceil(days * settings.hoursListened);
  const isListened =
    days > 0 && view.nowMs - memory.roundMs >= days * DAY_MS && view.hoursListened(memory.roundMs, hours) >= hours;
  if (isListened) memory = noteRound(memory, view.nowMs);
  const isOver = memory.rounds >= settings.searchRounds;
  return {
    kind: isOver ? 'missing' : 'search',
    reason: {
      rule: isOver ? 'search-rounds-done' : 'silent-at-home',
      rounds: memory.rounds,
      roundsWanted: settings.searchRounds,
    },
    memory,
  };
}
