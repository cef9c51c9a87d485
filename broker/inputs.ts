/**
 * Carries what people told the dashboard from the registry's queue into the journal. After a start everything still in
 * the queue is offered again; the journal recognises what it has by `(dashboard, epoch, seq)`.
 */
import type { Clock } from '#contract/clock.ts';
import type { JournalWriter, NewEntry } from '#store/journal/journal.ts';
import type { QueuedInput } from '#store/registry/registry.ts';
import type { DeviceDirectory } from './access/device-directory.ts';

/** A plan may have megabytes: few at a time. */
const INPUTS_MAX = 50;

export interface Inputs {
  /** Takes what is new, or joins the call that is under way. Resolves when all of it is durable or has failed. */
  step(): Promise<void>;
}

export interface InputDeps {
  readonly directory: DeviceDirectory;
  readonly journal: JournalWriter;
  readonly clock: Clock;
  readonly onFailed: (error: unknown) => void;
}

export function createInputs({ directory, journal, clock, onFailed }: InputDeps): Inputs {
  let epoch: string | undefined;
  let lastSeq = 0;
  let underWay: Promise<void> | undefined;

  const takeNew = async (): Promise<void> => {
    const found = directory.ask((registry) => {
      const current = registry.epoch();
      // Another registry file has another count.
      if (current !== epoch) lastSeq = 0;
      epoch = current;
      return { epoch: current, rows: registry.inputsAfter(lastSeq, INPUTS_MAX) };
    });
    if (found === undefined || found.answer.rows.length === 0) return;
    const { epoch: rowsEpoch, rows } = found.answer;
    const receivedAtMs = clock.nowMs();
    await Promise.all(rows.map((row) => journal.append(inputEntry(row, rowsEpoch, receivedAtMs))));
    lastSeq = Math.max(lastSeq, ...rows.map((row) => row.seq));
  };

  return {
    step: () =>
      (underWay ??= takeNew()
        .catch(onFailed)
        .finally(() => {
          underWay = undefined;
        })),
  };
}

function inputEntry(row: QueuedInput, epoch: string, receivedAtMs: number): NewEntry {
  return {
    library: row.library,
    kind: 'input',
    receivedAtMs,
    source: 'dashboard',
    epoch,
    seq: row.seq,
    shiftMs: 0,
    body: JSON.stringify(row.input),
  };
}
