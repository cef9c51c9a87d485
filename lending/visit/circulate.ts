/**
 * One copy at a kiosk, a slot or a desk: to the ILS, then to the tag. Every step stands in the ledger before it is taken,
 * so that whoever comes after a crash knows where to go on. The loan stands whatever becomes of the tag.
 */
import type { Clock } from '#contract/clock.ts';
import type { GatewayLink } from '#lending/gateway-link.ts';
import {
  AWAY,
  type IlsAnswer,
  type IlsPort,
  type LoanDone,
  type RefusalCode,
  type ReturnDone,
} from '#lending/ils/port.ts';
import type { Entry } from '#lending/queue/entry.ts';
import type { Ledger } from '#lending/queue/ledger.ts';
import {
  offlineRefusal,
  offlineReturnRefusal,
  type OfflineRules,
  type TagUsage,
} from '#lending/queue/offline-rules.ts';
import type { ItemLocks } from '#lending/queue/item-locks.ts';
import { settleWaiting } from '#lending/queue/replay.ts';
import { settleEntry } from '#lending/queue/settle-entry.ts';

export interface CirculationDeps {
  readonly ils: IlsPort;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly rules: OfflineRules;
  /** Absent where no pad belongs to this box. */
  readonly pads?: Pick<GatewayLink, 'setSecurity'> | undefined;
  /** Ids that replay must leave alone for now. */
  readonly busy: Set<string>;
  readonly locks: ItemLocks;
}

export interface Handled {
  readonly item: string;
  readonly station: string;
  readonly pad?: string | undefined;
  readonly tag?: string | undefined;
  readonly usage?: TagUsage | undefined;
}

export interface Lending extends Handled {
  readonly card: string;
  readonly pin?: string | undefined;
  /** The ILS has vouched for the card in this session. */
  readonly isSessionKnown: boolean;
}

/** `none`: no tag was to be set. `task`: it does not fit the loan, and staff know. */
export type TagOutcome = 'verified' | 'task' | 'none';

export type Circulated =
  | {
      readonly outcome: 'done';
      readonly title: string;
      readonly dueAtMs: number | null;
      /** The ILS does not know it yet. */
      readonly isQueued: boolean;
      readonly tag: TagOutcome;
      readonly route?: ReturnDone['route'];
    }
  | { readonly outcome: 'refused'; readonly code: RefusalCode };

const DAY_MS = 86_400_000;
const SECURITY_TRIES = 3;

export function lend(lending: Lending, deps: CirculationDeps): Promise<Circulated> {
  return deps.locks.run(lending.item, () => lendInTurn(lending, deps));
}

async function lendInTurn(lending: Lending, deps: CirculationDeps): Promise<Circulated> {
  const { ledger, clock, ils } = deps;
  const { item, card, pin } = lending;
  const atMs = clock.nowMs();
  const id = ledger.begin({ ...lending, kind: 'loan', atMs });
  return guarded(id, deps, async () => {
    if (!(await settleWaiting(item, deps))) return lendOffline(id, lending, { isUnclear: false }, deps);
    ledger.markSent(id);
    const answer = await ils.loan({ item, card, pin, atMs, dueAtMs: null, hasHappened: false });
    const certain = answer.outcome === 'unknown' ? await lookAgain(id, lending, deps) : answer;
    if (certain.outcome === 'done') return finish(id, certain.value, deps);
    if (certain.outcome === 'refused') return refuse(id, certain.code, deps);
    return lendOffline(id, lending, { isUnclear: certain.outcome === 'unknown' }, deps);
  });
}

export function takeBack(handled: Handled, deps: CirculationDeps): Promise<Circulated> {
  return deps.locks.run(handled.item, () => takeBackInTurn(handled, deps));
}

async function takeBackInTurn(handled: Handled, deps: CirculationDeps): Promise<Circulated> {
  const { ledger, clock, ils, rules } = deps;
  const atMs = clock.nowMs();
  const id = ledger.begin({ ...handled, kind: 'return', atMs });
  return guarded(id, deps, async () => {
    // Behind a loan that the ILS does not know yet, a return would be refused.
    const isFree = await settleWaiting(handled.item, deps);
    if (isFree) ledger.markSent(id);
    const answer = isFree ? await ils.giveBack({ item: handled.item, atMs }) : AWAY;
    if (answer.outcome === 'done') {
      const { title, route } = answer.value;
      return { ...(await finish(id, { title, dueAtMs: null }, deps)), route };
    }
    if (answer.outcome === 'refused') return refuse(id, answer.code, deps);
    // Whoever puts a book into a slot has gone: a return whose answer was lost is told again after a look.
    const code = offlineReturnRefusal(rules, handled);
    if (code !== undefined) return refuse(id, code, deps);
    return queue(id, null, deps);
  });
}

export async function renew(
  { item, card, pin, station }: Pick<Lending, 'item' | 'card' | 'pin' | 'station'>,
  deps: CirculationDeps,
): Promise<Circulated> {
  const { ledger, clock, ils } = deps;
  const id = ledger.begin({ kind: 'renew', item, station, card, atMs: clock.nowMs() });
  return guarded(id, deps, async () => {
    ledger.markSent(id);
    const answer = await ils.renew({ item, card, pin });
    if (answer.outcome === 'done') return finish(id, answer.value, deps);
    // Nobody leaves with a renewal: without an answer it was not made, and the account shows which it is.
    return refuse(id, answer.outcome === 'refused' ? answer.code : 'staff-needed', deps);
  });
}

/** Sets the tag of an entry as its step asks for; failing that, staff get a task. */
export async function setTag(
  entry: Entry,
  { ledger, pads }: Pick<CirculationDeps, 'ledger' | 'pads'>,
): Promise<TagOutcome> {
  const { id, pad, tag, kind } = entry;
  if (pad === null || tag === null || ledger.isSuperseded(entry)) {
    ledger.dropSecurity(id);
    return 'none';
  }
  for (let tries = 0; tries < SECURITY_TRIES && pads !== undefined; tries += 1) {
    const answer = await pads.setSecurity(pad, tag, kind === 'return');
    if (answer.outcome === 'done') {
      ledger.verifySecurity(id);
      return 'verified';
    }
    if (answer.outcome === 'away') break;
  }
  ledger.failSecurity(id);
  return 'task';
}

async function guarded(id: string, { busy }: CirculationDeps, body: () => Promise<Circulated>): Promise<Circulated> {
  busy.add(id);
  try {
    return await body();
  } finally {
    busy.delete(id);
  }
}

/** The answer was lost: whether the ILS has the loan decides, and only then is it asked for again, once. */
async function lookAgain(id: string, lending: Lending, deps: CirculationDeps): Promise<IlsAnswer<LoanDone>> {
  const { ledger, ils } = deps;
  const { item, card, pin } = lending;
  ledger.markUnclear(id);
  const copy = await ils.item(item);
  if (copy.outcome !== 'done') return copy.outcome === 'refused' ? copy : { outcome: 'unknown' };
  const { title, status, dueAtMs } = copy.value;
  if (status === 'on-loan') {
    const account = await ils.account({ card, pin });
    if (account.outcome !== 'done') return { outcome: 'unknown' };
    const line = account.value.loans.find(({ barcode }) => barcode === item);
    if (line === undefined) return { outcome: 'refused', code: 'item-on-loan' };
    return { outcome: 'done', value: { title, dueAtMs: line.dueAtMs ?? dueAtMs } };
  }
  ledger.markSent(id);
  return ils.loan({ item, card, pin, atMs: deps.clock.nowMs(), dueAtMs: null, hasHappened: false });
}

async function lendOffline(
  id: string,
  { item, card, usage, isSessionKnown }: Lending,
  { isUnclear }: { readonly isUnclear: boolean },
  deps: CirculationDeps,
): Promise<Circulated> {
  const { ledger, clock, rules } = deps;
  const nowMs = clock.nowMs();
  const waiting = ledger.queuedLoansOf(card).filter((entry) => entry.item !== item);
  const code = offlineRefusal(rules, {
    item,
    usage,
    isSessionKnown,
    waitingLoans: waiting.length,
    isHeld: ledger.isHeld(item),
    holdsAgeMs: ledger.holdsAtMs === undefined ? undefined : nowMs - ledger.holdsAtMs,
  });
  if (code === undefined) return queue(id, nowMs + rules.daysUntilDue * DAY_MS, deps);
  // It may be in the ILS all the same: replay looks and undoes or finishes it.
  if (isUnclear) ledger.markUnclear(id);
  else ledger.refuse(id, code);
  return { outcome: 'refused', code };
}

async function queue(id: string, dueAtMs: number | null, deps: CirculationDeps): Promise<Circulated> {
  const hasTag = deps.ledger.get(id)?.tag != null;
  deps.ledger.queue(id, { dueAtMs, secure: hasTag });
  return { outcome: 'done', title: '', dueAtMs, isQueued: true, tag: await tagOf(id, deps) };
}

async function finish(
  id: string,
  { title, dueAtMs }: LoanDone,
  deps: CirculationDeps,
): Promise<Circulated & { outcome: 'done' }> {
  const entry = deps.ledger.get(id);
  deps.ledger.confirm(id, { dueAtMs, secure: entry?.tag != null && entry.kind !== 'renew' });
  return { outcome: 'done', title, dueAtMs, isQueued: false, tag: await tagOf(id, deps) };
}

function refuse(id: string, code: RefusalCode, { ledger }: CirculationDeps): Circulated {
  ledger.refuse(id, code);
  return { outcome: 'refused', code };
}

async function tagOf(id: string, deps: CirculationDeps): Promise<TagOutcome> {
  const entry = deps.ledger.get(id);
  return entry?.security === 'pending' ? setTag(entry, deps) : 'none';
}

/** After a start: what was cut off is finished or undone, and each tag is set or becomes a task. */
export async function recover(deps: CirculationDeps & { readonly unclearMs: number }): Promise<void> {
  const { ledger, clock } = deps;
  for (const entry of ledger.open()) {
    if (entry.state === 'intended' && !entry.hasHappened) ledger.undo(entry.id);
    else if (!entry.hasHappened && entry.atMs + deps.unclearMs <= clock.nowMs()) await settleEntry(entry, deps);
  }
  await setWaitingTags(deps);
}

/** Tags of entries that replay has finished. */
export async function setWaitingTags(deps: Pick<CirculationDeps, 'ledger' | 'pads' | 'busy'>): Promise<void> {
  for (const entry of deps.ledger.pendingSecurity()) if (!deps.busy.has(entry.id)) await setTag(entry, deps);
}
