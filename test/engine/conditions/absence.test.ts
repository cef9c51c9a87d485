import { describe, expect, test } from '@jest/globals';
import { DEFAULT_CONDITION_SETTINGS as RULES } from '#contract/domain/condition-settings.ts';
import { judgeAbsence, NO_ABSENCE, noteRound, type AbsenceView } from '#engine/conditions/absence.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 1000 * HOUR_MS;
const viewOf = (more: Partial<AbsenceView> = {}): AbsenceView => ({
  nowMs: NOW_MS,
  isPresent: false,
  isTagged: true,
  isCatalogueTagged: true,
  knownMs: HOUR_MS,
  lastSeenMs: NOW_MS - 25 * HOUR_MS,
  ils: 'available',
  ilsSinceMs: 0,
  isProbablyLent: false,
  hoursListened: (_, enough) => enough,
  wasLookedAt: () => true,
  sweptMs: 0,
  ...more,
});

describe('an item that nobody hears', () => {
  test('is searched after a day at a home that was listened to, and not before', () => {
    expect(judgeAbsence(viewOf(), NO_ABSENCE, RULES).kind).toBe('search');
    expect(judgeAbsence(viewOf({ lastSeenMs: NOW_MS - 23 * HOUR_MS }), NO_ABSENCE, RULES).kind).toBeUndefined();
    const ilsSinceMs = NOW_MS - HOUR_MS;
    expect(judgeAbsence(viewOf({ ilsSinceMs }), NO_ABSENCE, RULES).kind).toBeUndefined();
  });

  test('is accused of nothing while its home did not listen, but is unseen after days', () => {
    const deaf = { hoursListened: () => RULES.hoursListened - 1 };
    expect(judgeAbsence(viewOf(deaf), NO_ABSENCE, RULES).kind).toBeUndefined();
    const lastSeenMs = NOW_MS - 24 * 8 * HOUR_MS;
    expect(judgeAbsence(viewOf({ ...deaf, lastSeenMs }), NO_ABSENCE, RULES).kind).toBe('unseen');
    expect(
      judgeAbsence(viewOf({ ...deaf, lastSeenMs, wasLookedAt: () => false }), NO_ABSENCE, RULES).kind,
    ).toBeUndefined();
  });

  test.each(['on-loan', 'in-transit', 'lost', 'missing', 'withdrawn'] as const)('is no question when %s', (ils) => {
    expect(judgeAbsence(viewOf({ ils }), NO_ABSENCE, RULES).kind).toBeUndefined();
  });

  test('is missing after a round in vain, and nothing once it is heard again', () => {
    const { memory } = judgeAbsence(viewOf(), NO_ABSENCE, RULES);
    const looked = noteRound(memory, NOW_MS + HOUR_MS);
    expect(noteRound(looked, NOW_MS + HOUR_MS + 1)).toBe(looked);
    const nowMs = NOW_MS + 2 * HOUR_MS;
    expect(judgeAbsence(viewOf({ nowMs }), looked, RULES).kind).toBe('missing');
    const back = judgeAbsence(viewOf({ nowMs, isPresent: true }), looked, RULES);
    expect([back.kind, back.memory]).toEqual([undefined, NO_ABSENCE]);
  });

  test('is a dead tag when it was never heard, or when staff found it and it stays silent', () => {
    expect(judgeAbsence(viewOf({ lastSeenMs: 0 }), NO_ABSENCE, RULES).kind).toBe('dead-tag');
    const found = { ...NO_ABSENCE, foundMs: NOW_MS - HOUR_MS };
    expect(judgeAbsence(viewOf(), found, RULES).reason.rule).toBe('found-but-silent');
  });

  test('without a known tag it is untagged, unless the catalogue names no tags at all and the home did not listen', () => {
    const bare = { isTagged: false, lastSeenMs: 0 };
    expect(judgeAbsence(viewOf(bare), NO_ABSENCE, RULES).kind).toBe('untagged');
    const unknown = { ...bare, isCatalogueTagged: false, hoursListened: () => 0 };
    expect(judgeAbsence(viewOf(unknown), NO_ABSENCE, RULES).kind).toBeUndefined();
  });

  test('that left over a desk is probably lent, as long as the ILS says nothing', () => {
    const lent = { isProbablyLent: true, ils: 'unknown' as const };
    expect(judgeAbsence(viewOf(lent), NO_ABSENCE, RULES).kind).toBeUndefined();
    expect(judgeAbsence(viewOf({ ...lent, ils: 'available' }), NO_ABSENCE, RULES).kind).toBe('search');
  });
});
