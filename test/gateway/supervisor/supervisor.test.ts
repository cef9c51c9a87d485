import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '#contract/errors.ts';
import { backoffMs } from '#gateway/backoff.ts';
import type { OpenReader } from '#gateway/drivers/driver.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { superviseReader, type ReaderState, type SupervisedReader } from '#gateway/supervisor/supervisor.ts';
import { clock, silentLog, until } from '#test/gateway/fakes/world.ts';

const CYCLE: ReaderEvent = { kind: 'cycle', antennas: [1], atMs: 0 };

/** Each attempt is one entry: the reader refuses, opens and fails after these events, or hangs. */
type Attempt = 'refuse' | 'hang' | { readonly says: readonly ReaderEvent[]; readonly then: 'fail' | 'stay' };

interface World {
  readonly supervisor: SupervisedReader;
  readonly states: [ReaderState, string | undefined][];
  readonly pausesMs: number[];
  readonly openSignals: AbortSignal[];
}

function world(attempts: readonly Attempt[]): World {
  const states: World['states'] = [];
  const pausesMs: number[] = [];
  const openSignals: AbortSignal[] = [];
  const supervisor = superviseReader({
    reader: 'r1',
    clock,
    log: silentLog,
    chance: () => 1,
    sleep: async (ms, signal) => {
      if (ms === 9000) {
        // The opening's time limit passes at once for a reader that hangs.
        if (attempts[openSignals.length - 1] === 'hang') return;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        return;
      }
      pausesMs.push(ms);
      if (pausesMs.length >= attempts.length) await untilAborted(signal);
    },
    onEvents: () => undefined,
    onState: (state, detail) => states.push([state, detail]),
    driver: {
      open(signal) {
        const attempt = attempts[openSignals.length];
        openSignals.push(signal);
        if (attempt === 'refuse') return Promise.reject(new AppError('DRV_READER_REFUSED', 'no'));
        if (attempt === 'hang' || attempt === undefined) return new Promise(() => undefined);
        return Promise.resolve({ events: says(attempt, signal) });
      },
    },
  });
  return { supervisor, states, pausesMs, openSignals };
}

async function* says(
  attempt: Exclude<Attempt, string>,
  signal: AbortSignal,
): OpenReader['events'] extends AsyncIterable<infer Piece> ? AsyncGenerator<Piece> : never {
  yield attempt.says;
  if (attempt.then === 'fail') throw new AppError('DRV_READER_SILENT', 'silent');
  await untilAborted(signal);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}

describe('a reader that fails', () => {
  test('is tried again and again, with growing pauses up to a minute', async () => {
    const { supervisor, pausesMs, states } = world(Array<Attempt>(10).fill('refuse'));
    await until(() => pausesMs.length === 10);
    expect(pausesMs).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(states[0]).toEqual(['dead', 'DRV_READER_REFUSED: no']);
    await supervisor.close();
  });

  test('is no success because it opened: only a first cycle takes the pause back', async () => {
    const opens: Attempt = { says: [], then: 'fail' };
    const works: Attempt = { says: [CYCLE], then: 'fail' };
    const { supervisor, pausesMs, states } = world([opens, opens, works, opens, opens]);
    await until(() => pausesMs.length === 5);
    expect(pausesMs).toEqual([500, 1000, 500, 1000, 2000]);
    expect(states.map(([state]) => state)).toEqual(['dead', 'dead', 'live', 'dead', 'dead', 'dead']);
    await supervisor.close();
  });

  test('and one that hangs while opening is dead after nine seconds, and let go of', async () => {
    const { supervisor, states, pausesMs, openSignals } = world(['hang']);
    await until(() => pausesMs.length === 1);
    expect(states).toEqual([['dead', expect.stringContaining('DRV_READER_SILENT')]]);
    expect(openSignals[0]?.aborted).toBe(true);
    await supervisor.close();
  });
});

test('closing ends a living reader cleanly and says nothing of death', async () => {
  const { supervisor, states, openSignals } = world([{ says: [CYCLE], then: 'stay' }]);
  await until(() => supervisor.state === 'live');
  await supervisor.close();
  expect(openSignals[0]?.aborted).toBe(true);
  expect(states.map(([state]) => state)).toEqual(['live']);
});

test('law: a pause lies between half the step and the step, never above the maximum', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
      const ms = backoffMs({ firstMs: 500, maxMs: 60_000 }, failures, chance);
      expect(ms).toBeGreaterThanOrEqual(250);
      expect(ms).toBeLessThanOrEqual(60_000);
    }),
  );
});
