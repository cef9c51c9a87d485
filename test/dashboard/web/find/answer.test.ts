import { describe, expect, it } from '@jest/globals';
import type { Whereabouts } from '#contract/wire/rest.ts';
import { answerOf } from '#dashboard/web/find/answer.ts';
import { PlanIndex } from '#dashboard/web/map/plan-index.ts';

const plan = new PlanIndex({
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: ['smart', 'plain'].map((id) => ({ id, kind: 'shelf' as const, parent: null, name: id })),
  aisles: [],
  lines: [],
  readPoints: [{ id: 'rp', reader: 'r', antenna: 1, places: ['smart'] }],
  sensors: [],
});

const where = (changes: Partial<Whereabouts>): Whereabouts => ({
  condition: 'present',
  place: null,
  since: null,
  lastSeen: null,
  confidence: null,
  misshelved: false,
  ...changes,
});

describe('where to go for an item', () => {
  it('is where it is heard, said to be wrong when it is', () => {
    expect(answerOf({ where: where({ place: 'smart' }), home: ['plain'] }, plan)).toEqual({
      place: 'smart',
      as: 'here',
      note: null,
    });
    expect(answerOf({ where: where({ place: 'smart', misshelved: true }), home: ['plain'] }, plan).note).toBe(
      'where.misshelvedNote',
    );
  });

  it('is where it belongs when nothing was heard, with the reason for the silence', () => {
    const unseen = where({ condition: 'unseen' });
    expect(answerOf({ where: unseen, home: ['plain'] }, plan)).toEqual({
      place: 'plain',
      as: 'home',
      note: 'where.noAntennaNote',
    });
    expect(answerOf({ where: unseen, home: ['smart'] }, plan).note).toBe('where.silentNote');
    expect(answerOf({ where: unseen, home: ['smart'] }, plan, { hasTag: false }).note).toBe('where.noTagNote');
    expect(answerOf({ where: unseen, home: [] }, plan)).toEqual({
      place: null,
      as: 'nowhere',
      note: 'where.unseenNote',
    });
  });

  it('is where it was last, as far as that is known', () => {
    expect(answerOf({ where: where({ condition: 'withheld', place: 'smart' }), home: ['plain'] }, plan)).toEqual({
      place: 'smart',
      as: 'last',
      note: 'where.withheldNote',
    });
    const departed = { where: where({ condition: 'departed' }), home: ['plain'] };
    expect(answerOf(departed, plan, { lastPlace: 'smart' })).toMatchObject({ place: 'smart', as: 'last' });
    expect(answerOf(departed, plan)).toMatchObject({ place: 'plain', as: 'home' });
  });

  it('is where it belongs while nobody can say anything', () => {
    expect(answerOf({ where: where({ condition: 'withheld' }), home: ['smart'] }, plan)).toEqual({
      place: 'smart',
      as: 'home',
      note: 'where.cannotSayNote',
    });
  });
});
