import { describe, expect, it } from '@jest/globals';
import { freshnessOf, stalest } from '#dashboard/web/live/freshness.ts';
import { NEW_ROOM } from '#dashboard/web/live/room-state.ts';

const SENT = '2026-03-01T12:00:10.000Z';
const room = (asOf: string | null): typeof NEW_ROOM => ({ ...NEW_ROOM, sentAt: SENT, asOf });

describe('freshnessOf', () => {
  it('is live while both line and engine keep pace', () => {
    const heard = { room: room('2026-03-01T12:00:09.000Z'), heardAtMs: 1000, openedAtMs: 0 };
    expect(freshnessOf(heard, 4000).state).toBe('live');
  });

  it('is silent once nothing came for three seconds, and says up to when it holds', () => {
    const heard = { room: room('2026-03-01T12:00:09.000Z'), heardAtMs: 1000, openedAtMs: 0 };
    expect(freshnessOf(heard, 4001)).toEqual({ state: 'silent', asOf: '2026-03-01T12:00:09.000Z' });
  });

  it('is stopped when the line is good but the journal stands still', () => {
    const at = (asOf: string | null): string =>
      freshnessOf({ room: room(asOf), heardAtMs: 1000, openedAtMs: 0 }, 1100).state;
    expect(at('2026-03-01T12:00:07.000Z')).toBe('live');
    expect(at('2026-03-01T12:00:06.999Z')).toBe('stopped');
    expect(at(null)).toBe('stopped');
  });

  it('waits for the first answer, but not for ever', () => {
    const heard = { room: NEW_ROOM, heardAtMs: null, openedAtMs: 0 };
    expect(freshnessOf(heard, 3000).state).toBe('waiting');
    expect(freshnessOf(heard, 3001).state).toBe('silent');
  });
});

describe('stalest', () => {
  it('is the worst of all rooms', () => {
    const live = { state: 'live', asOf: SENT } as const;
    const stopped = { state: 'stopped', asOf: '2026-03-01T11:00:00.000Z' } as const;
    expect(stalest([live, stopped, live])).toBe(stopped);
    expect(stalest([live]).state).toBe('live');
    expect(stalest([]).state).toBe('waiting');
  });
});
