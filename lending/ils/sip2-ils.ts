/** The port over SIP2, which nearly every library system speaks. */
import { z } from 'zod';
import { ALERT_TYPES, readItem, readLoan, readPatron, readReturn, PATRON_FLAGS } from '#contract/codec/sip2/answers.ts';
import { SIP2_CHARSETS } from '#contract/codec/sip2/charset.ts';
import { localSip2Date, sip2DateMs, utcSip2Date, type Sip2Date } from '#contract/codec/sip2/dates.ts';
import {
  checkinRequest,
  checkoutRequest,
  endSessionRequest,
  itemRequest,
  patronRequest,
  renewRequest,
  type Sip2Content,
} from '#contract/codec/sip2/requests.ts';
import { fieldProblem } from '#contract/codec/sip2/write.ts';
import type { Sip2Message } from '#contract/codec/sip2/message.ts';
import type { Clock } from '#contract/clock.ts';
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import { Sip2Client, type Sip2ClientOptions } from '#lending/sip2/client.ts';
import { AWAY, done, refuse, UNKNOWN, type IlsAnswer, type IlsItem, type IlsPort, type ReturnDone } from './port.ts';

/** Not every Y stops a loan: what may not be recalled, renewed or held may still be lent. */
const FLAGS_THAT_BLOCK = PATRON_FLAGS.filter(
  (flag) => !['renewal-denied', 'recall-denied', 'hold-denied', 'recall-overdue'].includes(flag),
);

export const sip2Server = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
  /** TLS with the authorities of the machine, or with those of a file. */
  tls: z.strictObject({ caFile: z.string().min(1).optional(), servername: z.string().max(255).optional() }).optional(),
  charset: z.enum(SIP2_CHARSETS).default('utf-8'),
  hasErrorDetection: z.boolean().default(true),
  connectMs: z.int().min(100).max(60_000).default(5000),
  /** Before it is asked for again; four times that until it is given up. */
  answerMs: z.int().min(50).max(60_000).default(4000),
  /** How long a request waits for a line that is down. */
  waitMs: z.int().min(0).max(60_000).default(2000),
  idleMs: z.int().min(1000).max(3_600_000).default(60_000),
});
export type Sip2Server = z.infer<typeof sip2Server>;

export const sip2Ils = z.strictObject({
  kind: z.literal('sip2'),
  server: sip2Server,
  user: z.string().max(255).optional(),
  /** Of the terminal's login. */
  secret: z.string().max(255).optional(),
  location: z.string().max(255).default(''),
  institution: z.string().max(255).default(''),
  terminalPassword: z.string().max(255).optional(),
  /** Dates of the library; the zone of the machine if nothing is said. */
  timeZone: z.string().refine(isZone, 'a time zone such as Europe/London').optional(),
  flagsThatBlock: z.array(z.enum(PATRON_FLAGS)).max(14).default(FLAGS_THAT_BLOCK),
  /** Says "no block" when it tells what happened without it; many systems take that badly. */
  usesNoBlock: z.boolean().default(false),
});
export type Sip2IlsConfig = z.infer<typeof sip2Ils>;

const STATUS: Readonly<Record<string, IlsStatusName>> = {
  available: 'available',
  charged: 'on-loan',
  'charged-until-earliest-recall': 'on-loan',
  recalled: 'on-loan',
  'claimed-returned': 'on-loan',
  'on-hold-shelf': 'on-hold',
  'to-be-reshelved': 'available',
  'in-transit': 'in-transit',
  lost: 'lost',
  missing: 'missing',
};
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 15_000;
const LOANS_LISTED_MAX = 500;

export function clientOptions(server: Sip2Server, tls: Sip2ClientOptions['tls']): Omit<Sip2ClientOptions, 'login'> {
  const { host, port, charset, hasErrorDetection, connectMs, answerMs, waitMs, idleMs } = server;
  return {
    host,
    port,
    ...(tls && { tls }),
    charset,
    hasErrorDetection,
    connectMs,
    answerMs,
    waitMs,
    idleMs,
    firstPauseMs: FIRST_PAUSE_MS,
    lastPauseMs: LAST_PAUSE_MS,
  };
}

export interface Sip2IlsDeps {
  readonly clock: Clock;
  readonly chance: () => number;
  readonly tls: Sip2ClientOptions['tls'];
}

export function createSip2Ils(config: Sip2IlsConfig, { clock, chance, tls }: Sip2IlsDeps): IlsPort {
  const { user, secret = '', location } = config;
  const login = user === undefined ? undefined : { user, password: secret, location };
  const client = new Sip2Client({ ...clientOptions(config.server, tls), ...(login && { login }) }, { chance });
  const zone = config.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wire = (atMs: number): string => (zone === 'UTC' ? utcSip2Date(atMs) : localSip2Date(atMs, zone));
  const millis = (date: Sip2Date | undefined): number | null => (date === undefined ? null : sip2DateMs(date, zone));
  const asking = (): { date: string; institution: string; terminalPassword?: string } => ({
    date: wire(clock.nowMs()),
    institution: config.institution,
    ...(config.terminalPassword !== undefined && { terminalPassword: config.terminalPassword }),
  });

  const ask = async <Value>(
    content: Sip2Content,
    read: (message: Sip2Message) => IlsAnswer<Value>,
  ): Promise<IlsAnswer<Value>> => {
    const outcome = await client.ask(content);
    if (outcome.kind === 'answered') return read(outcome.message);
    return outcome.kind === 'unknown' ? UNKNOWN : AWAY;
  };
  /** A bar in a number would be another field: it is no number of this library. */
  const unfit = (item: string, card = ''): ReturnType<typeof refuse> | undefined => {
    if (fieldProblem('AB', item) !== undefined) return refuse('item-unknown');
    return fieldProblem('AA', card) === undefined ? undefined : refuse('patron-unknown');
  };
  const named = (card: string, pin?: string): { patronId: string; pin?: string } => ({
    patronId: card,
    ...(pin !== undefined && { pin }),
  });
  const readLent = (message: Sip2Message): IlsAnswer<{ title: string; dueAtMs: number | null }> => {
    const { isOk, title = '', due } = readLoan(message);
    return isOk ? done({ title, dueAtMs: millis(due) }) : refuse(message.code === '30' ? 'not-renewable' : 'refused');
  };

  return {
    kind: 'sip2',
    item: async (barcode) =>
      unfit(barcode) ??
      (await ask(itemRequest({ ...asking(), itemId: barcode }), (message): IlsAnswer<IlsItem> => {
        const { isKnown, title = '', status, due, callNumber, permanentLocation } = readItem(message);
        if (!isKnown) return refuse('item-unknown');
        return done({
          barcode,
          title,
          status: STATUS[status] ?? 'unknown',
          dueAtMs: millis(due),
          ...(callNumber !== undefined && { callNumber }),
          ...(permanentLocation !== undefined && { homeLocation: permanentLocation }),
        });
      })),
    patron: async ({ card, pin }) =>
      unfit('', card) ??
      (await ask(patronRequest({ ...asking(), ...named(card, pin) }), (message) => {
        const { flags, isKnown, isPinRight, counts } = readPatron(message);
        if (isKnown === false) return refuse('patron-unknown');
        if (pin !== undefined && isPinRight === false) return refuse('wrong-pin');
        return done({
          mayBorrow: !flags.some((flag) => config.flagsThatBlock.includes(flag)),
          mayRenew: !flags.includes('renewal-denied'),
          loanCount: counts?.charged ?? null,
        });
      })),
    account: async ({ card, pin }) =>
      unfit('', card) ??
      (await ask(
        patronRequest({ ...asking(), ...named(card, pin), list: 'charged', from: 1, to: LOANS_LISTED_MAX }),
        (message) => {
          const { isKnown, isPinRight, items, counts } = readPatron(message);
          if (isKnown === false) return refuse('patron-unknown');
          if (pin !== undefined && isPinRight === false) return refuse('wrong-pin');
          const loans = items.map((barcode) => ({ barcode, title: '', dueAtMs: null }));
          const ready = (counts?.hold ?? 0) - (counts?.unavailable ?? 0);
          return done({ loans, holdsReady: Math.max(0, ready) });
        },
      )),
    loan: async ({ item, card, pin, atMs, dueAtMs, hasHappened }) => {
      const isNoBlock = hasHappened && config.usesNoBlock;
      const told = {
        ...asking(),
        date: wire(atMs),
        ...named(card, pin),
        itemId: item,
        isNoBlock,
        ...(isNoBlock && dueAtMs !== null && { noBlockDue: wire(dueAtMs) }),
      };
      return unfit(item, card) ?? (await ask(checkoutRequest(told), readLent));
    },
    giveBack: async ({ item, atMs }) =>
      unfit(item) ??
      (await ask(
        checkinRequest({ ...asking(), itemId: item, returnDate: wire(atMs), location: config.location }),
        (message) => {
          const { isOk, title = '', alertType, destination } = readReturn(message);
          return isOk ? done({ title, route: routeOf(alertType, destination) }) : refuse('refused');
        },
      )),
    renew: async ({ item, card, pin }) =>
      unfit(item, card) ?? (await ask(renewRequest({ ...asking(), ...named(card, pin), itemId: item }), readLent)),
    holdsToPull: () => Promise.resolve(refuse('not-supported')),
    endSession: async (card) => {
      if (unfit('', card) === undefined) await client.ask(endSessionRequest({ ...asking(), ...named(card) }));
    },
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

/** CV and CT of a return; who waits for it (CY, DA) is not looked at. */
export function routeOf(alertType: string | undefined, branch: string | undefined): ReturnDone['route'] {
  const alert = ALERT_TYPES[alertType ?? '00'];
  if (alert === undefined || alert === 'none') return { to: 'shelf' };
  if (alert === 'hold-here') return { to: 'hold-here' };
  return branch !== undefined && (alert === 'hold-elsewhere' || alert === 'send-to-branch')
    ? { to: 'branch', branch }
    : { to: 'staff' };
}

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
