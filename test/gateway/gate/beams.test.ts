import { expect, test } from '@jest/globals';
import { Beams } from '#gateway/gate/beams.ts';

test('the order of the beams is the way; who turns round is nobody', () => {
  const beams = new Beams();
  expect(beams.change('inside', true, 0)).toBeUndefined();
  expect(beams.change('inside', false, 300)).toBeUndefined();
  expect(beams.change('outside', true, 400)).toBe('out');
  expect(beams.change('outside', false, 700)).toBeUndefined();
  // In, and back again.
  expect(beams.change('outside', true, 5000)).toBeUndefined();
  expect(beams.change('outside', false, 5400)).toBeUndefined();
  expect(beams.change('outside', true, 6000)).toBeUndefined();
  expect(beams.change('inside', true, 6500)).toBe('in');
});

test('too slow is another person', () => {
  const beams = new Beams();
  beams.change('inside', true, 0);
  beams.change('inside', false, 100);
  expect(beams.change('outside', true, 4101)).toBeUndefined();
});

test('somebody stands in the gate while a beam is broken, and a moment after it', () => {
  const beams = new Beams();
  expect(beams.isSomebodyIn(0)).toBe(false);
  beams.change('inside', true, 0);
  expect(beams.isSomebodyIn(60_000)).toBe(true);
  beams.change('inside', false, 60_000);
  expect(beams.isSomebodyIn(1000)).toBe(true);
  beams.change('outside', true, 61_000);
  beams.change('outside', false, 61_000);
  expect(beams.isSomebodyIn(62_000)).toBe(true);
  expect(beams.isSomebodyIn(62_001)).toBe(false);
});

test('the way of a tag is that of the people beside it, if all went the same', () => {
  const beams = new Beams();
  const go = (first: 'inside' | 'outside', second: 'inside' | 'outside', atMs: number): void => {
    beams.change(first, true, atMs);
    beams.change(second, true, atMs + 200);
    beams.change(first, false, atMs + 250);
    beams.change(second, false, atMs + 400);
  };
  go('inside', 'outside', 10_000);
  expect(beams.directionAt(10_000)).toBe('out');
  expect(beams.directionAt(11_701)).toBeNull();
  go('outside', 'inside', 11_000);
  expect(beams.directionAt(10_900)).toBeNull();
});
