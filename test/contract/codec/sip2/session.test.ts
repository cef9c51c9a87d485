/** Both ends of a SIP2 line without a line: what is sent, what is believed, what is never done twice. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  ClientSession,
  RESENDS_MAX,
  type ClientStep,
  type OutgoingRequest,
} from '#contract/codec/sip2/client-session.ts';
import { checkoutRequest, itemRequest, loginRequest, type Sip2Content } from '#contract/codec/sip2/requests.ts';
import { readLoan, readPatron, readReturn, readStatus } from '#contract/codec/sip2/answers.ts';
import { readSip2, type ReadMessage } from '#contract/codec/sip2/read.ts';
import { ServerSession } from '#contract/codec/sip2/server-session.ts';
import { writeSip2 } from '#contract/codec/sip2/write.ts';
import { GUIDE_ANSWERS } from './guide.table.ts';

const DATE = '20261124    120000';
const shown = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
const asking = { date: DATE, institution: 'MAIN', patronId: 'P1', itemId: 'B1' };

function answer(itemId: string, sequence: number | null, patronId = 'P1', code = '12'): Uint8Array {
  const written = writeSip2(
    {
      code,
      fixed: { ok: '1', renewalOk: 'N', magneticMedia: 'N', desensitize: 'Y', transactionDate: DATE },
      fields: [
        ['AA', patronId],
        ['AB', itemId],
      ],
      sequence,
      checksumValid: true,
    },
    'ascii',
  );
  if (!written.ok) throw new Error(written.error.detail);
  return written.value;
}

const spoilt = (bytes: Uint8Array): Uint8Array => latin(shown(bytes).replace('ABB', 'ABC'));

describe('who asks', () => {
  let session: ClientSession;
  beforeEach(() => {
    session = new ClientSession({ charset: 'ascii', hasErrorDetection: true });
    // The numbers below begin with 0.
    for (let at = 7; at < 10; at += 1) session.compose(itemRequest(asking));
  });

  function ask(content: Sip2Content): OutgoingRequest {
    const composed = session.compose(content);
    if (!composed.ok) throw new Error(composed.error.detail);
    expect(session.ask(composed.value)).toEqual({ kind: 'send', bytes: composed.value.bytes });
    return composed.value;
  }
  const ended = (step: ClientStep): unknown => (step.kind === 'end' ? step.ending.kind : step.kind);
  const sent = (step: ClientStep): string => (step.kind === 'send' ? shown(step.bytes) : step.kind);

  test('numbers run to 9 and begin again', () => {
    session = new ClientSession({ charset: 'ascii', hasErrorDetection: true });
    for (let at = 0; at < 15; at += 1) {
      const { sequence } = ask(checkoutRequest(asking)).message;
      expect(sequence).toBe((at + 7) % 10);
      expect(ended(session.received(answer('B1', sequence)))).toBe('answered');
    }
  });

  test('an identifier with a bar is refused before anything is sent, and costs no number', () => {
    expect(session.compose(itemRequest({ ...asking, itemId: 'B1|AAP2' }))).toMatchObject({ ok: false });
    expect(ask(itemRequest(asking)).message.sequence).toBe(0);
  });

  test('a damaged answer is asked for again three times, then a loan is unknown', () => {
    ask(checkoutRequest(asking));
    for (let at = 0; at < RESENDS_MAX; at += 1)
      expect(sent(session.received(spoilt(answer('B1', 0))))).toBe('97AZFEF5');
    expect(session.received(spoilt(answer('B1', 0)))).toMatchObject({ ending: { kind: 'unknown' }, mustClose: true });
    expect(session.isWaiting).toBe(false);
  });

  test('a look-up that stays without an answer has failed, and may be asked again', () => {
    ask(itemRequest(asking));
    for (let at = 0; at < RESENDS_MAX; at += 1) expect(sent(session.timedOut())).toBe('97AZFEF5');
    expect(ended(session.timedOut())).toBe('failed');
  });

  test('96: the request goes out again as it was', () => {
    const { bytes } = ask(checkoutRequest(asking));
    for (let at = 0; at < RESENDS_MAX; at += 1) expect(sent(session.received(latin('96AZFEF6')))).toBe(shown(bytes));
    expect(ended(session.received(latin('96AZFEF6')))).toBe('unknown');
  });

  test('late, doubled and foreign answers are passed over', () => {
    ask(checkoutRequest(asking));
    expect(session.received(answer('B1', 0))).toMatchObject({ kind: 'end' });
    expect(session.received(answer('B1', 0))).toMatchObject({ kind: 'ignore' });
    ask(checkoutRequest({ ...asking, itemId: 'B2' }));
    expect(session.received(answer('B1', 0))).toMatchObject({ kind: 'ignore' });
    expect(session.received(answer('B2', 1, 'P1', '30'))).toMatchObject({ kind: 'ignore' });
    expect(ended(session.received(answer('B2', 1)))).toBe('answered');
  });

  test('sent again without a number, or with 0: it must name the item', () => {
    ask(loginRequest('u', 'p'));
    expect(ended(session.received(latin('941')))).toBe('answered');
    ask(checkoutRequest(asking));
    session.timedOut();
    expect(session.received(answer('B9', null))).toMatchObject({ kind: 'ignore' });
    expect(session.received(answer('B9', 0))).toMatchObject({ kind: 'ignore' });
    expect(ended(session.received(answer('B1', 0)))).toBe('answered');
    // The other copy of that answer comes while the next request has the number that it happens to carry.
    for (let at = 2; at < 10; at += 1) {
      ask(itemRequest(asking));
      session.closed('test');
    }
    expect(ask(checkoutRequest({ ...asking, itemId: 'B2' })).message.sequence).toBe(0);
    expect(session.received(answer('B1', 0))).toMatchObject({ kind: 'ignore' });
    expect(ended(session.received(answer('B2', 0)))).toBe('answered');
  });

  test('the last answer again is not the answer to a request that never arrived', () => {
    ask(checkoutRequest(asking));
    session.received(answer('B1', 0));
    ask(checkoutRequest(asking));
    session.timedOut();
    expect(session.received(answer('B1', 0))).toMatchObject({ kind: 'ignore' });
    expect(session.closed('gone')).toMatchObject({ kind: 'unknown' });
  });

  test('a system that always says 0 is learnt at login', () => {
    ask(loginRequest('u', 'p'));
    session.received(latin('941AY0AZFDFD'));
    ask(loginRequest('u', 'p'));
    expect(ended(session.received(latin('941AY0AZFDFD')))).toBe('answered');
    ask(checkoutRequest(asking));
    expect(ended(session.received(answer('B1', 0)))).toBe('answered');
  });

  test('a request of a terminal behind us keeps its bytes, and its answer its number', () => {
    const passed = latin('1719980723    100000AOCertification Institute ID|ABItemBook|AY1AZEBEB');
    const adopted = session.adopt(passed);
    if (!adopted.ok) throw new Error(adopted.error);
    expect(session.ask(adopted.value)).toEqual({ kind: 'send', bytes: passed });
    session.timedOut();
    const again = answer('ItemBook', 0, 'P1', '30');
    const step = session.received(
      latin(
        shown(again)
          .replace(/^301NNY/, '18030201')
          .replace(/AZ....$/, ''),
      ),
    );
    expect(step).toMatchObject({ ending: { kind: 'answered', message: { code: '18' } } });
    const bytes = step.kind === 'end' && step.ending.kind === 'answered' ? shown(step.ending.bytes) : '';
    expect(readSip2(latin(bytes), { charset: 'ascii' })).toMatchObject({ value: { sequence: 1, checksumValid: true } });
    expect(session.compose(itemRequest(asking))).toMatchObject({ value: { message: { sequence: 6 } } });
    expect(session.adopt(latin('81vendor')).ok).toBe(true);
    expect(session.adopt(latin('17')).ok).toBe(false);
  });

  test('without error detection: no number, no checksum, and 97 alone', () => {
    session = new ClientSession({ charset: 'ascii', hasErrorDetection: false });
    expect(shown(ask(itemRequest(asking)).bytes)).toBe(`17${DATE}AOMAIN|ABB1|AC|`);
    expect(sent(session.timedOut())).toBe('97');
  });
});

describe('who answers', () => {
  const request = `17${DATE}AOMAIN|ABB1|AC|`;
  const content: Sip2Content = {
    code: '18',
    fixed: { circulationStatus: '03', securityMarker: '02', feeType: '01', transactionDate: DATE },
    fields: [['AB', 'B1']],
  };
  const numbered = (sequence: number): Uint8Array => {
    const read = readSip2(latin(request), { charset: 'ascii' });
    const written = read.ok ? writeSip2({ ...read.value, sequence, checksumValid: true }, 'ascii') : read;
    return written.ok ? written.value : latin('');
  };
  function done(session: ServerSession, bytes: Uint8Array): string {
    const step = session.received(bytes);
    if (step.kind !== 'do') return step.kind === 'send' ? `again ${shown(step.bytes)}` : step.kind;
    const written = session.answer(step.message, bytes, content);
    return written.ok ? shown(written.value) : written.error.path;
  }

  test('the same request again and 97 get the last answer; nothing is done', () => {
    const session = new ServerSession({ charset: 'ascii' });
    expect(done(session, latin('97AZFEF5'))).toBe('again 96AZFEF6');
    const first = done(session, numbered(3));
    expect(first).toMatch(/^1803020120261124 {4}120000ABB1\|AY3AZ[0-9A-F]{4}$/);
    expect(done(session, numbered(3))).toBe(`again ${first}`);
    expect(done(session, latin('97AZFEF5'))).toBe(`again ${first}`);
    expect(done(session, numbered(4))).toMatch(/AY4AZ/);
  });

  test('a damaged request is asked for again, an unknown one passed on', () => {
    const session = new ServerSession({ charset: 'ascii' });
    expect(done(session, spoilt(numbered(3)))).toBe('again 96AZFEF6');
    expect(done(session, latin('17'))).toBe('again 96AZFEF6');
    expect(done(session, latin('81whatever'))).toBe('pass');
  });

  test('error detection follows the request', () => {
    const session = new ServerSession({ charset: 'ascii' });
    expect(done(session, latin(request))).toBe(`18030201${DATE}ABB1|`);
    expect(done(session, latin(request))).toBe(`18030201${DATE}ABB1|`);
    expect(done(session, latin('17'))).toBe('again 96');
  });

  test('as Koha does it, for counterparts of tests', () => {
    const session = new ServerSession({ charset: 'ascii', isNaive: true });
    const first = done(session, numbered(3));
    expect(done(session, numbered(3))).toBe(first);
    expect(done(session, latin('97AZFEF5'))).toMatch(/^again .*AY0AZ/);
  });
});

describe('answers in plain words', () => {
  const read = (text: string): ReadMessage => {
    const result = readSip2(latin(text), { charset: 'ascii' });
    if (!result.ok) throw new Error(result.error.detail);
    return result.value;
  };

  test('of the guide', () => {
    const texts = GUIDE_ANSWERS.map(([text]) => text);
    expect(readStatus(read(texts[1] ?? ''))).toMatchObject({
      isOnline: true,
      mayRenew: false,
      timeoutMs: 1000,
      retries: 3,
    });
    expect(readPatron(read(texts[3] ?? ''))).toMatchObject({
      flags: [],
      isKnown: true,
      counts: { hold: 1, overdue: 0, charged: 2, fine: 1, recall: 2, unavailable: 0 },
      items: ['ItemID1 for PatronID', 'ChargeItem1', 'ChargeItem2'],
    });
    expect(readLoan(read(texts[6] ?? ''))).toMatchObject({
      isOk: false,
      mayDesensitize: true,
      itemId: '000000000005792',
      screen: ['Item cannot be charged : see help desk'],
    });
    expect(readReturn(read(texts[7] ?? ''))).toMatchObject({
      isOk: true,
      mustResensitize: true,
      sortBin: 'sort bin A1',
    });
  });

  test('due dates as systems write them', () => {
    const due = (text: string): unknown => readLoan(read(`121NNY${DATE}AH${text}|`)).due;
    expect(due('20261208    235900')).toMatchObject({ year: 2026, month: 12, day: 8, hour: 23, zone: 'local' });
    expect(due('2026-12-08 18:30')).toMatchObject({ month: 12, day: 8, hour: 18, minute: 30 });
    expect(due('2026-12-08')).toMatchObject({ hour: 23, minute: 59 });
    expect(due('08/12/2026')).toBeUndefined();
  });

  test('flags of a blocked reader by name', () => {
    expect(readPatron(read(`24YYYY          000${DATE}AOx|AAP|`)).flags).toEqual([
      'charge-denied',
      'renewal-denied',
      'recall-denied',
      'hold-denied',
    ]);
  });
});
