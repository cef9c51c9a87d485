import { describe, expect, it } from '@jest/globals';
import type { SweepSummary } from '#contract/wire/rest-sweeps.ts';
import { chooseSession, chooseWand, hindranceOf, newestFirst, type Wand } from '#dashboard/web/handheld/wands.ts';

const wand = (reader: string, more: Partial<Wand> = {}): Wand => ({
  reader,
  gateway: 'gw',
  driver: 'tsl',
  state: 'live',
  isOnline: true,
  session: null,
  finding: [],
  ...more,
});
const sweep = (session: string, startedAt: string, more: Partial<SweepSummary> = {}): SweepSummary => ({
  session,
  wand: 'w1',
  source: 'wand',
  target: null,
  places: [],
  startedAt,
  lastReadAt: startedAt,
  endedAt: startedAt,
  positionError: 0,
  tagsRead: 0,
  itemsRead: 0,
  judged: 0,
  kept: 0,
  expected: 0,
  read: 0,
  findings: 0,
  notFound: 0,
  ...more,
});

describe('the wand in the hand', () => {
  it('is the wished one, even while it is away; else one in use, one that is ready, any', () => {
    const away = wand('away', { isOnline: false });
    const ready = wand('ready');
    const busy = wand('busy', { session: 's' });
    expect(chooseWand([away, ready, busy], ['gone', 'away'])?.reader).toBe('away');
    expect(chooseWand([away, ready, busy], [undefined, null])?.reader).toBe('busy');
    expect(chooseWand([away, ready], ['gone'])?.reader).toBe('ready');
    expect(chooseWand([away], [])?.reader).toBe('away');
    expect(chooseWand([], ['ready'])).toBeNull();
  });

  it('says why nothing can be asked of it, the gateway first', () => {
    const why = (more: Partial<Wand>): string | null => hindranceOf(wand('w', more));
    expect([
      why({}),
      why({ isOnline: false, state: 'dead' }),
      why({ state: 'dead' }),
      why({ state: 'connecting' }),
    ]).toEqual([null, 'gateway-away', 'reader-dead', 'reader-connecting']);
  });
});

describe('the sweep on the screen', () => {
  const old = sweep('old', '2026-03-01T08:00:00.000Z');
  const other = sweep('other', '2026-03-01T10:00:00.000Z', { wand: 'w2' });
  const running = sweep('running', '2026-03-01T09:00:00.000Z', { endedAt: null });
  const all = newestFirst([old, running, other]);

  it('stands with the others in the order of time', () => {
    expect(all.map(({ session }) => session)).toEqual(['other', 'running', 'old']);
  });

  it('is the wished one, else what the wand does, else what it did last', () => {
    expect(chooseSession(all, wand('w1'), 'old')).toBe('old');
    expect(chooseSession(all, wand('w1'), undefined)).toBe('running');
    expect(chooseSession([old], wand('w1'), undefined)).toBe('old');
    expect(chooseSession([old, other], wand('w3'), undefined)).toBeNull();
    expect(chooseSession(all, null, undefined)).toBe('other');
    expect(chooseSession([], null, undefined)).toBeNull();
  });

  it('is known from the wand before the list of sweeps tells of it', () => {
    expect(chooseSession([old], wand('w1', { session: 'new' }), undefined)).toBe('new');
  });
});
