import { describe, expect, test } from '@jest/globals';
import { createRandom, hashNormal, restoreRandom } from '#sim/random/random.ts';

describe('repeatable chance', () => {
  test('the same seed and purpose give the same row, others do not', () => {
    const row = (seed: number, purpose: string): number[] => {
      const random = createRandom(seed, purpose);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(row(1, 'a')).toEqual(row(1, 'a'));
    expect(row(1, 'a')).not.toEqual(row(2, 'a'));
    expect(row(1, 'a')).not.toEqual(row(1, 'b'));
  });

  test('a restored generator goes on where its state was taken', () => {
    const random = createRandom(7);
    random.next();
    const again = restoreRandom(random.state());
    expect(Array.from({ length: 9 }, () => again.next())).toEqual(Array.from({ length: 9 }, () => random.next()));
  });

  test.each([
    [
      'drawn',
      (): number[] =>
        Array.from(
          { length: 20_000 },
          (
            (r) => () =>
              r.normal()
          )(createRandom(3)),
        ),
    ],
    ['hashed', (): number[] => Array.from({ length: 20_000 }, (_, i) => hashNormal(i, 1 + (i % 13)))],
  ])('%s normals have mean 0 and deviation 1', (_name, draw) => {
    const values = draw();
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.sqrt(variance)).toBeGreaterThan(0.97);
    expect(Math.sqrt(variance)).toBeLessThan(1.03);
  });

  test('uniform numbers fill their range evenly', () => {
    const random = createRandom(11);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i += 1) {
      const bucket = random.below(10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});
