/** Promise: nothing that names a reader fits into what a kiosk is told, and no number can carry a second field. */
import { expect, test } from '@jest/globals';
import { KIOSK_ACTIONS, KIOSK_REFUSALS, kioskState } from '#contract/wire/kiosk.ts';

const IDLE = {
  run: 'r1',
  n: 0,
  phase: 'idle',
  purpose: null,
  language: 'zh-Hans',
  service: { mode: 'online', reason: null },
  isSignedIn: false,
  isAsking: false,
  refusal: null,
  retryAfterMs: null,
  stack: { count: 0, isStable: true, unread: 0, hasCard: false },
  items: [],
  account: null,
  receipt: { isReady: false, email: 'none' },
  idle: { leftMs: null, isWarning: false },
};

test('a state drops what the seam does not know, a card above all', () => {
  expect(kioskState.parse({ ...IDLE, card: 'CARD-1', pin: '1234' })).toEqual(IDLE);
});

test.each(['A|AB1', 'A\rB', 'A\nB', 'A\u0000', '', 'x'.repeat(65)])('no card is %j', (card) => {
  expect(KIOSK_ACTIONS.identify.safeParse({ card }).success).toBe(false);
  expect(KIOSK_ACTIONS.identify.safeParse({ card: 'A1', pin: card }).success).toBe(card === '');
});

test('no refusal says why a reader is blocked', () => {
  expect(KIOSK_REFUSALS.filter((word) => /patron|block|fee|fine|limit|overdue|pin/u.test(word))).toEqual([]);
  expect(kioskState.safeParse({ ...IDLE, refusal: 'patron-blocked' }).success).toBe(false);
});
