/**
 * The seam between a kiosk's screen and the lending role that serves it, under `/kiosk/v1` on the branch box. The screen keeps
 * nothing and decides nothing: it shows the newest {@link kioskState} and sends what was touched.
 *
 *     POST pair              pairing token in the body -> session cookie (HttpOnly, SameSite=Strict)
 *     GET  config            languages, times and ways of signing in
 *     GET  state             the newest state
 *     GET  events            server-sent events: `state` with a whole state, first at once, then at each change
 *     POST visit/<action>    one of KIOSK_ACTIONS; answered with the state after it was taken, not after it was done
 *     GET  receipt           what may be printed, while the visit lasts; never cached
 *
 *     idle --begin--> identify --card and PIN--> collecting --confirm--> working --> done
 *       ^                             |                ^--more-----------------------/  |
 *       |                             \--account--> account                             |
 *       \---finish, or silence: warning, then reset ------------------------------------/
 *
 * Server-sent events and not a socket: everything pushed goes one way, a whole state needs no replay after a lost line, and
 * the browser reconnects by itself without a library. The state names no reader, and a card's number or PIN travels only in
 * the body of `identify`: never in an address, a state or a receipt.
 */
import { z } from 'zod';

export const KIOSK_BASE = '/kiosk/v1';

/** Copies in one visit: more do not fit on a pad. */
export const KIOSK_ITEMS_MAX = 100;
/** Loans shown of one account. */
const ACCOUNT_LOANS_MAX = 500;
const RECEIPT_LINES_MAX = 400;

/** BCP 47, as the files of the languages are named. */
export const kioskLanguage = z
  .string()
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'a language such as zh-Hans');

/** What a visit is for. A return needs no card. */
export const kioskPurpose = z.enum(['lend', 'return', 'account']);
export type KioskPurpose = z.infer<typeof kioskPurpose>;

export const receiptKind = z.enum(['print', 'email']);

export const kioskConfig = z.object({
  /** Name of the library, then of the place where the kiosk stands. */
  libraryName: z.string().max(120),
  stationName: z.string().max(120),
  languages: z
    .array(z.object({ tag: kioskLanguage, name: z.string().min(1).max(60) }))
    .min(1)
    .max(40),
  languageDefault: kioskLanguage,
  purposes: z.array(kioskPurpose).min(1).max(3),
  /** `card`: its number is scanned or typed. A PIN is asked for on top where `asksPin`. */
  asksPin: z.boolean(),
  receipts: z.array(receiptKind).max(2),
  /** Silence until the reset, and how long before it the warning stands. */
  idleMs: z.int().min(5000).max(600_000),
  idleWarningMs: z.int().min(1000).max(60_000),
  /** Nothing moved on the pad for so long: the stack is stable. */
  stableMs: z.int().min(100).max(10_000),
  /** ISO 4217 of the fees; null where none is known. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable(),
});
export type KioskConfig = z.infer<typeof kioskConfig>;

/**
 * Why something was not done, in words that shame nobody: whatever the library's system says of a reader is `see-desk`.
 * The screen has a sentence for each, and nothing else to say.
 */
export const KIOSK_REFUSALS = [
  /** Card, PIN or both are not right: which of them is not said. */
  'sign-in-failed',
  /** Too many tries: `retryAfterMs` says when again. */
  'try-later',
  'see-desk',
  'item-unknown',
  'item-not-for-loan',
  'item-reserved',
  'item-on-loan',
  'item-not-on-loan',
  'not-renewable',
  /** Without the library's system this is not possible at the moment. */
  'not-offline',
  /** Lifted from the pad before its turn came. */
  'item-gone',
  /** A part of the set does not lie on the pad. */
  'set-incomplete',
  'not-ours',
] as const;
export const kioskRefusal = z.enum(KIOSK_REFUSALS);
export type KioskRefusal = z.infer<typeof kioskRefusal>;

/** A copy of several parts: which of them lie on the pad. */
export const kioskSet = z.object({
  parts: z.int().min(2).max(255),
  present: z.array(z.int().min(1).max(255)).max(255),
  missing: z
    .array(
      z.object({
        part: z.int().min(1).max(255),
        /** What it is, such as a CD, where the library says so. */
        label: z.string().max(60).nullable(),
      }),
    )
    .max(255),
});
export type KioskSet = z.infer<typeof kioskSet>;

/**
 *     found --> waiting --> working --> done | refused
 *
 * `unclear`: the library's system did not answer in time; staff see to it and the copy stays here.
 */
export const kioskItemState = z.enum(['found', 'waiting', 'working', 'done', 'refused', 'unclear']);

/** `task`: it does not fit the loan, staff were told, and the reader shows the copy at the desk. */
export const kioskSecurity = z.enum(['none', 'pending', 'verified', 'task']);

/** Where a returned copy goes. `bin` is the number or name on the box, null where one slot takes all. */
export const kioskDestination = z.discriminatedUnion('to', [
  z.object({ to: z.literal('shelf'), bin: z.string().max(40).nullable() }),
  z.object({ to: z.literal('hold'), bin: z.string().max(40).nullable() }),
  z.object({ to: z.literal('branch'), bin: z.string().max(40).nullable(), branch: z.string().max(120) }),
  z.object({ to: z.literal('staff'), bin: z.string().max(40).nullable() }),
  /** Not taken back here; the owner's name, or its ISIL where no name is known. */
  z.object({ to: z.literal('not-ours'), owner: z.string().max(120) }),
]);
export type KioskDestination = z.infer<typeof kioskDestination>;

export const kioskItem = z.object({
  /** Stays the same for the visit and means nothing outside it. */
  key: z.string().min(1).max(64),
  barcode: z.string().max(64),
  /** Empty until the library's system has said it. */
  title: z.string().max(500),
  state: kioskItemState,
  refusal: kioskRefusal.nullable(),
  /** A day of the branch, `2026-11-24`. */
  dueOn: z.iso.date().nullable(),
  /** True: the library's system is told later. */
  isQueued: z.boolean(),
  security: kioskSecurity,
  set: kioskSet.nullable(),
  destination: kioskDestination.nullable(),
});
export type KioskItem = z.infer<typeof kioskItem>;

export const kioskStack = z.object({
  /** Copies, not tags: a set counts once. */
  count: z.int().min(0).max(KIOSK_ITEMS_MAX),
  isStable: z.boolean(),
  /** Tags that could not be read: the reader is asked to spread the stack. */
  unread: z.int().min(0),
  /** A patron's card lies among them; no more is known of it. */
  hasCard: z.boolean(),
});
export type KioskStack = z.infer<typeof kioskStack>;

export const kioskAccount = z.object({
  loans: z
    .array(
      z.object({
        key: z.string().min(1).max(64),
        title: z.string().max(500),
        barcode: z.string().max(64),
        dueOn: z.iso.date().nullable(),
        renewal: z.enum(['possible', 'working', 'done', 'refused']),
        refusal: kioskRefusal.nullable(),
      }),
    )
    .max(ACCOUNT_LOANS_MAX),
  holdsReady: z.int().min(0),
  /** In the smallest unit of the currency; null where the library's system does not say. */
  feesMinor: z.int().nullable(),
});
export type KioskAccount = z.infer<typeof kioskAccount>;

/** `offline`: the library's system is away and the library's rules hold. `closed`: nothing can be done here now. */
export const kioskService = z.object({
  mode: z.enum(['online', 'offline', 'closed']),
  /** Why it is closed: the pad is away, the queue is full, or the lending role is starting. */
  reason: z.enum(['pad-away', 'queue-full', 'starting']).nullable(),
});

export const kioskPhase = z.enum(['idle', 'identify', 'collecting', 'working', 'account', 'done']);
export type KioskPhase = z.infer<typeof kioskPhase>;

export const kioskState = z.object({
  /** Rises with every change within one `run`, a new one at each start of the role. Older states are thrown away. */
  run: z.string().min(1).max(64),
  n: z.int().min(0),
  phase: kioskPhase,
  purpose: kioskPurpose.nullable(),
  language: kioskLanguage,
  service: kioskService,
  isSignedIn: z.boolean(),
  /** A question to the library's system is under way that belongs to no copy, such as the sign-in. */
  isAsking: z.boolean(),
  /** About the visit as a whole; that of a copy stands with the copy. */
  refusal: kioskRefusal.nullable(),
  retryAfterMs: z.int().min(0).nullable(),
  stack: kioskStack,
  items: z.array(kioskItem).max(KIOSK_ITEMS_MAX),
  account: kioskAccount.nullable(),
  receipt: z.object({
    isReady: z.boolean(),
    email: z.enum(['none', 'sending', 'sent', 'failed']),
  }),
  idle: z.object({
    /** Until the reset, counted when the state was made; null where no visit is on. */
    leftMs: z.int().min(0).nullable(),
    isWarning: z.boolean(),
  }),
});
export type KioskState = z.infer<typeof kioskState>;

const nothing = z.strictObject({});

/** Bodies of `POST {KIOSK_BASE}/visit/{action}`; all but `identify` may be sent twice without harm. */
export const KIOSK_ACTIONS = {
  /** Somebody is here; from `idle` only. */
  begin: z.strictObject({ purpose: kioskPurpose, language: kioskLanguage }),
  language: z.strictObject({ language: kioskLanguage }),
  identify: z.strictObject({
    card: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[^|\p{Cc}]+$/u, 'no bar and no control character'),
    pin: z
      .string()
      .max(64)
      .regex(/^[^|\p{Cc}]*$/u, 'no bar and no control character')
      .optional(),
  }),
  /** Lend or take back what lies there. Refused while the stack is not stable. `withIncomplete`: keys of sets that the reader takes as they are. */
  confirm: z.strictObject({ withIncomplete: z.array(z.string().min(1).max(64)).max(KIOSK_ITEMS_MAX).default([]) }),
  /** Another stack in the same visit. */
  more: nothing,
  /** To the account, or from it to another purpose, without signing in again. */
  purpose: z.strictObject({ purpose: kioskPurpose }),
  /** Keys of the account's loans; an empty list means all that can be. */
  renew: z.strictObject({ keys: z.array(z.string().min(1).max(64)).max(ACCOUNT_LOANS_MAX) }),
  /** The address goes to the library's hook and is not kept. */
  email: z.strictObject({ address: z.email().max(254) }),
  /** A touch: the idle time begins anew. */
  stay: nothing,
  finish: nothing,
} as const satisfies Record<string, z.ZodType>;
export type KioskAction = keyof typeof KIOSK_ACTIONS;

export const kioskPairing = z.strictObject({ token: z.string().min(32).max(256) });

/** In the reader's language; the screen prints the lines as they stand, at most 40 columns wide. */
export const kioskReceipt = z.object({
  language: kioskLanguage,
  lines: z.array(z.string().max(120)).max(RECEIPT_LINES_MAX),
});
export type KioskReceipt = z.infer<typeof kioskReceipt>;

/**
 * Errors are RFC 9457 problem documents with our code: API_BAD_INPUT (400, names the field), API_UNAUTHENTICATED (401, pair
 * anew), API_CONFLICT (409, the action does not fit the phase: show the newest state), API_TOO_MANY (429), API_INTERNAL (500).
 */
export const KIOSK_ERRORS = [
  'API_BAD_INPUT',
  'API_UNAUTHENTICATED',
  'API_CONFLICT',
  'API_TOO_MANY',
  'API_INTERNAL',
] as const;
