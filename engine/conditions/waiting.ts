/** Items that stand where they should not stay: to be pulled for somebody, to be put back, or at odds with what the ILS says. */
import type { ConditionSettings } from '#contract/domain/condition-settings.ts';
import { GONE_BY_ILS } from '#contract/domain/ils-status.ts';
import type { PlaceKind } from '#contract/domain/plan.ts';
import type { WorkKind, WorkReasonParts, WorkRule } from '#contract/domain/work-entry.ts';
import type { IlsWord } from './ils-side.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Where a present item stands, as these rules need it. */
export interface WaitingView {
  readonly nowMs: number;
  readonly place: string;
  readonly placeKind: PlaceKind | undefined;
  readonly sinceMs: number;
  readonly lastSeenMs: number;
  readonly ils: IlsWord;
  /** Whether its home says where it belongs. */
  readonly hasHome: boolean;
}

export interface WaitingLine {
  readonly kind: Extract<WorkKind, 'pull' | 'reshelve' | 'on-loan-on-shelf'>;
  readonly reason: WorkReasonParts;
}

export interface WaitingVerdict {
  readonly line: WaitingLine | undefined;
  /** When it is to be looked at again; undefined: when something happens. */
  readonly againMs: number | undefined;
}

const NOTHING: WaitingVerdict = { line: undefined, againMs: undefined };

/** The kinds of line these rules put up; an item has one of them at most. */
export const WAITING_KINDS = ['pull', 'reshelve', 'on-loan-on-shelf'] as const;

export function judgeWaiting(view: WaitingView, settings: ConditionSettings): WaitingVerdict {
  const { ils, placeKind } = view;
  if (ils.status === 'on-hold') return placeKind === 'hold-shelf' ? judgeHeld(view, settings) : pull(view);
  if (placeKind === 'shelf') return judgeOnShelf(view, settings);
  const [rule, minutes] = waitOf(placeKind, settings) ?? [];
  if (rule === undefined || minutes === undefined) return NOTHING;
  // What is lent lies on a desk for a moment; in a return slot it was brought back and not yet taken in.
  if (GONE_BY_ILS.has(ils.status) && placeKind !== 'return-slot' && placeKind !== 'trolley') return NOTHING;
  return after(view, view.sinceMs + minutes * MINUTE_MS, { kind: 'reshelve', reason: withIls(rule, ils) });
}

function waitOf(
  kind: PlaceKind | undefined,
  settings: ConditionSettings,
): readonly [rule: WorkRule, minutes: number] | undefined {
  switch (kind) {
    case 'trolley':
      return ['waits-on-trolley', settings.trolleyMinutes];
    case 'return-slot':
      return ['waits-in-return-slot', settings.returnSlotMinutes];
    case 'desk':
    case 'kiosk':
      return ['waits-on-desk', settings.deskMinutes];
    case 'hold-shelf':
      return ['waits-elsewhere', settings.trolleyMinutes];
    default:
      return undefined;
  }
}

function pull(view: WaitingView): WaitingVerdict {
  if (view.place === view.ils.pickupPlace) return NOTHING;
  return { line: { kind: 'pull', reason: withIls('hold-on-shelf', view.ils) }, againMs: undefined };
}

function judgeHeld(view: WaitingView, settings: ConditionSettings): WaitingVerdict {
  const { ils } = view;
  const ownDayMs = ils.expiresAt === null ? undefined : Date.parse(ils.expiresAt);
  const expiresMs = ownDayMs ?? view.sinceMs + settings.holdDays * DAY_MS;
  const reason = { ...withIls('hold-expired', ils), expiresAt: new Date(expiresMs).toISOString() };
  return after(view, expiresMs, { kind: 'reshelve', reason });
}

/** Heard there after the ILS said it was gone, and after a while in which either side may simply be late. */
function judgeOnShelf(view: WaitingView, settings: ConditionSettings): WaitingVerdict {
  const { ils } = view;
  if (!GONE_BY_ILS.has(ils.status)) return NOTHING;
  const settleMs = settings.settleMinutes * MINUTE_MS;
  const dueMs = Math.max(ils.sinceMs, view.sinceMs) + settleMs;
  const isHeardSince = view.lastSeenMs > ils.sinceMs + settleMs / 2;
  // A still tag is heard of every five minutes.
  if (!isHeardSince) return { line: undefined, againMs: Math.max(dueMs, view.nowMs + 5 * MINUTE_MS) };
  return after(view, dueMs, { kind: 'on-loan-on-shelf', reason: withIls('ils-says-gone', ils) });
}

function after(view: WaitingView, dueMs: number, line: WaitingLine): WaitingVerdict {
  return view.nowMs < dueMs ? { line: undefined, againMs: dueMs } : { line, againMs: undefined };
}

function withIls(rule: WorkRule, ils: IlsWord): WorkReasonParts {
  return {
    rule,
    ...(ils.status === 'unknown' ? {} : { ilsStatus: ils.status }),
    ...(ils.dueAt === null ? {} : { dueAt: ils.dueAt }),
    ...(ils.pickupPlace === null ? {} : { pickupPlace: ils.pickupPlace }),
    ...(ils.expiresAt === null ? {} : { expiresAt: ils.expiresAt }),
  };
}
