/**
 * From a permitted message to a durable journal entry, and only then to its acknowledgement.
 *
 *     observations --read--> batch ---------\
 *          \--unreadable--> dead letter -----+--> journal (group commit) --> `stored` or `duplicate`: acknowledge
 *     device bytes -------------------------/                          \--> journal broken: do not acknowledge
 *     status --> heard (no journal)
 *
 * Acknowledgements leave in the order of arrival: the journal commits in call order, and a status waits for the appends
 * of its client that are under way.
 */
import type { Logger } from 'pino';
import type { GatewayPrincipal, Principal } from '#broker/access/principal.ts';
import type { PublishRight } from '#broker/access/rights.ts';
import type { Heard } from '#broker/heard.ts';
import type { BrokerMetrics } from '#broker/metrics.ts';
import type { RefusalCode } from '#broker/refusals.ts';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import type { Envelope } from '#contract/wire/envelope.ts';
import { gatewayStatus, type GatewayStatus } from '#contract/wire/status.ts';
import type { JournalWriter, NewEntry } from '#store/journal/journal.ts';
import { clockShiftMs } from './clock-shift.ts';
import { deadLetterEntry, deviceEntry } from './raw-entry.ts';
import { countInvalid, readBatch, type Batch } from './read-batch.ts';
import { firstIssue, readJson, type Unreadable } from './read-json.ts';
import type { SensorCheck } from './sensor-check.ts';

/** A status with a thousand readers is about 200 kB; a sensor's telegram is some hundred bytes. */
const DEVICE_BYTES_MAX = 16_384;

export interface Arrival {
  readonly principal: Principal;
  readonly right: PublishRight;
  readonly topic: string;
  readonly payload: Uint8Array;
}

export interface Complaint {
  readonly principal: Principal;
  readonly code: RefusalCode;
  readonly topic: string;
  readonly detail: string;
}

/** `kept`: acknowledge. `unavailable`: do not; the client keeps it and sends it again. */
export type IntakeOutcome = 'kept' | 'unavailable';
type Done = (outcome: IntakeOutcome) => void;

export interface Intake {
  take(arrival: Arrival, done: Done): void;
  /** False from a failed append until one succeeds again. */
  isJournalGood(): boolean;
}

export interface IntakeDeps {
  readonly journal: JournalWriter;
  readonly heard: Heard;
  readonly metrics: BrokerMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly checkSensor: SensorCheck;
  /** Gets the observations of every batch that the journal holds, redelivered ones too: its own memory may be younger. */
  readonly onBatch: (gateway: GatewayPrincipal, observations: Envelope['observations']) => void;
  /** Told about everything the sender should know; it went on all the same. */
  readonly complain: (complaint: Complaint) => void;
}

export function createIntake(deps: IntakeDeps): Intake {
  const { journal, heard, metrics, clock, log, checkSensor, complain } = deps;
  const lastAppends = new WeakMap<Principal, Promise<unknown>>();
  const { outcomes, tally } = metrics;
  let isJournalGood = true;

  /** `onKept` runs before the acknowledgement and at redeliveries too, `onStored` once per entry and after it. */
  const append = (
    arrival: Arrival,
    entry: NewEntry,
    done: Done,
    { onKept, onStored }: { readonly onKept?: () => void; readonly onStored?: () => void } = {},
  ): void => {
    const startMs = clock.uptimeMs();
    const settled = journal.append(entry).then(
      ({ outcome }) => {
        if (!isJournalGood) log.info('journal takes entries again');
        isJournalGood = true;
        outcomes[outcome === 'stored' && entry.kind === 'dead-letter' ? 'dead-letter' : outcome] += 1;
        metrics.journalSeconds.observe((clock.uptimeMs() - startMs) / 1000);
        onKept?.();
        done('kept');
        if (outcome === 'stored') onStored?.();
      },
      (error: unknown) => {
        if (entry.kind !== 'dead-letter' && error instanceof AppError && error.code === 'STO_BAD_VALUE') {
          // It will never be storable as it is: sent again and again it would hold everything behind it up.
          bury(arrival, { code: 'batch-unreadable', detail: 'it cannot be stored' }, done);
          return;
        }
        if (isJournalGood) log.error({ err: error }, 'journal cannot be written, nothing is acknowledged');
        isJournalGood = false;
        outcomes.unavailable += 1;
        const { principal, topic } = arrival;
        complain({ principal, code: 'journal-unavailable', topic, detail: 'not stored' });
        done('unavailable');
      },
    );
    lastAppends.set(arrival.principal, settled);
  };

  const bury = (arrival: Arrival, reason: Unreadable, done: Done): void => {
    const { principal, topic, payload } = arrival;
    complain({ principal, code: reason.code, topic, detail: reason.detail });
    append(arrival, deadLetterEntry({ principal, topic, payload, ...reason }, clock.nowMs()), done);
  };

  const takeBatch = (arrival: Arrival, done: Done): void => {
    const batch = readBatch(arrival.payload);
    if (!batch.ok) {
      bury(arrival, batch.error, done);
      return;
    }
    const nowMs = clock.nowMs();
    const { principal } = arrival;
    heard.message(principal, nowMs);
    const { observations } = batch.value.envelope;
    append(arrival, batchEntry(principal, batch.value, nowMs, heard.offsetMs(principal)), done, {
      onKept: () => {
        if (principal.kind === 'gateway') deps.onBatch(principal, observations);
      },
      onStored: () => {
        tally.observations += observations.length;
        reportInvalid(arrival, batch.value);
      },
    });
  };

  const reportInvalid = (arrival: Arrival, batch: Batch): void => {
    const invalid = countInvalid(batch.envelope.observations);
    if (invalid === undefined) return;
    for (const [kind, count] of invalid) metrics.invalidObservations.inc({ kind }, count);
    const detail = [...invalid].map(([kind, count]) => `${count} of kind ${kind}`).join(', ');
    complain({ principal: arrival.principal, code: 'observations-invalid', topic: arrival.topic, detail });
  };

  const takeDevice = (arrival: Arrival, done: Done): void => {
    const nowMs = clock.nowMs();
    heard.message(arrival.principal, nowMs);
    if (arrival.payload.length > DEVICE_BYTES_MAX) {
      bury(arrival, { code: 'payload-too-large', detail: `${arrival.payload.length} bytes` }, done);
      return;
    }
    const onStored = (): void => {
      const detail = checkSensor(arrival.principal, arrival.payload);
      if (detail !== undefined) {
        complain({ principal: arrival.principal, code: 'payload-unreadable', topic: arrival.topic, detail });
      }
    };
    append(arrival, deviceEntry(arrival.principal, arrival.payload, nowMs), done, { onStored });
  };

  const takeStatus = (arrival: Arrival, done: Done): void => {
    const status = readStatus(arrival.payload);
    if ('code' in status) {
      bury(arrival, status, done);
      return;
    }
    heard.status(arrival.principal, status.value, clock.nowMs());
    outcomes.status += 1;
    const underWay = lastAppends.get(arrival.principal);
    if (underWay === undefined) done('kept');
    else
      void underWay.then(() => {
        done('kept');
      });
  };

  return {
    take: (arrival, done) => {
      switch (arrival.right) {
        case 'observations':
          takeBatch(arrival, done);
          return;
        case 'device':
          takeDevice(arrival, done);
          return;
        case 'status':
          takeStatus(arrival, done);
      }
    },
    isJournalGood: () => isJournalGood,
  };
}

function batchEntry(principal: Principal, batch: Batch, receivedAtMs: number, offsetMs: number | undefined): NewEntry {
  const { epoch, seq, sentAt, clock } = batch.envelope;
  const isSynced = clock === 'synced';
  return {
    library: principal.library,
    kind: 'batch',
    receivedAtMs,
    source: principal.device,
    epoch,
    seq,
    shiftMs: clockShiftMs({ receivedAtMs, sentAtMs: Date.parse(sentAt), isSynced, offsetMs }),
    body: batch.text,
  };
}

function readStatus(payload: Uint8Array): { readonly value: GatewayStatus } | Unreadable {
  const json = readJson(payload);
  if (!json.ok) return { code: 'status-unreadable', detail: json.error };
  const parsed = gatewayStatus.safeParse(json.value.value);
  return parsed.success ? { value: parsed.data } : { code: 'status-unreadable', detail: firstIssue(parsed.error) };
}
