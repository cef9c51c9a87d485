import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createPrincipal } from '#broker/access/principal.ts';
import { createHeard } from '#broker/heard.ts';
import { createIntake, type Arrival, type Complaint, type IntakeOutcome } from '#broker/intake/intake.ts';
import { createMetrics } from '#broker/metrics.ts';
import { AppError } from '#contract/errors.ts';
import type { BrokerStateWriter } from '#store/broker-state/broker-state.ts';
import type { Appended, JournalWriter, NewEntry } from '#store/journal/journal.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { batchOf } from '#test/broker/support/batches.ts';

const principal = createPrincipal(
  { library: 'demo', id: 'gw-1', kind: 'gateway', secretSha256: '', isEnabled: true, createdAtMs: 0 },
  'here',
);

/** A disk that is full, or broken, or good again, as the test says. */
function intakeOn(append: (entry: NewEntry) => Promise<Appended>) {
  const journal: JournalWriter = {
    append,
    trim: () => 0,
    onCommit: () => () => undefined,
    readAfter: () => [],
    lastOffset: () => 0,
    holds: () => false,
    firstOffset: () => 1,
    close: () => Promise.resolve(),
  };
  const state: BrokerStateWriter = {
    heard: () => [],
    refusals: () => [],
    beat: () => undefined,
    putHeard: () => undefined,
    addRefusals: () => undefined,
    putBeat: () => undefined,
    commands: () => new Map(),
    putSent: () => undefined,
    putReply: () => true,
    close: () => undefined,
  };
  const metrics = createMetrics(new Registry(), {
    sockets: () => 0,
    clients: () => 0,
    journalOffset: () => 0,
    journalHeldFor: () => new Map(),
  });
  const complaints: Complaint[] = [];
  const intake = createIntake({
    checkSensor: () => undefined,
    onBatch: () => undefined,
    journal,
    heard: createHeard(state),
    metrics,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    complain: (complaint) => complaints.push(complaint),
  });
  const take = (right: Arrival['right'], value: unknown): Promise<IntakeOutcome> =>
    new Promise((resolve) => {
      const payload = new TextEncoder().encode(JSON.stringify(value));
      intake.take({ principal, right, topic: 'topic', payload }, resolve);
    });
  return { intake, take, complaints, metrics };
}

describe('when the journal cannot be written', () => {
  test('nothing is acknowledged and the broker is not ready, until it can be written again', async () => {
    let isFull = true;
    const { intake, take, complaints, metrics } = intakeOn(() =>
      isFull
        ? Promise.reject(new AppError('STO_UNAVAILABLE', 'disk full'))
        : Promise.resolve({ outcome: 'stored', offset: 1 }),
    );
    expect(await take('observations', batchOf(1))).toBe('unavailable');
    expect(await take('device', 'x')).toBe('unavailable');
    expect(await take('observations', 'poison')).toBe('unavailable');
    expect(intake.isJournalGood()).toBe(false);
    expect(complaints.map(({ code }) => code)).toContain('journal-unavailable');
    expect(metrics.outcomes).toMatchObject({ unavailable: 3, stored: 0, 'dead-letter': 0 });
    isFull = false;
    expect(await take('observations', batchOf(1))).toBe('kept');
    expect(intake.isJournalGood()).toBe(true);
  });

  test('an entry that can never be stored becomes a dead letter instead of blocking its gateway', async () => {
    const kinds: string[] = [];
    const { take, metrics } = intakeOn((entry) => {
      kinds.push(entry.kind);
      return entry.kind === 'batch'
        ? Promise.reject(new AppError('STO_BAD_VALUE', 'not storable'))
        : Promise.resolve({ outcome: 'stored', offset: 1 });
    });
    expect(await take('observations', batchOf(1))).toBe('kept');
    expect(kinds).toEqual(['batch', 'dead-letter']);
    expect(metrics.outcomes['dead-letter']).toBe(1);
  });

  test('a status is acknowledged after the batches before it', async () => {
    let store: (appended: Appended) => void = () => undefined;
    const { take } = intakeOn(
      () =>
        new Promise((resolve) => {
          store = resolve;
        }),
    );
    const order: string[] = [];
    const batch = take('observations', batchOf(1)).then(() => order.push('batch'));
    const status = take('status', { state: 'online', at: new Date().toISOString() }).then(() => order.push('status'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    store({ outcome: 'stored', offset: 1 });
    await Promise.all([batch, status]);
    expect(order).toEqual(['batch', 'status']);
  });
});
