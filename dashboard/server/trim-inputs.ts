/** Forgets queued inputs once the journal holds them: until then the queue is the only place where they are kept. */
import type { JournalReader } from '#store/journal/journal.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';

/** A plan may have megabytes: few at a time. The rest has a minute. */
const INPUTS_MAX = 50;
/** As the broker writes it into the journal. */
const SOURCE = 'dashboard';

/** Returns how many went; never one behind an input that the journal does not hold. */
export function trimInputs(
  registry: Pick<RegistryWriter, 'epoch' | 'inputsAfter' | 'trimInputs'>,
  journal: Pick<JournalReader, 'holds'>,
): number {
  const epoch = registry.epoch();
  const queued = registry.inputsAfter(0, INPUTS_MAX);
  const firstUnheld = queued.findIndex(({ library, seq }) => !journal.holds({ library, source: SOURCE, epoch }, seq));
  const held = firstUnheld === -1 ? queued : queued.slice(0, firstUnheld);
  const last = held.at(-1);
  if (last !== undefined) registry.trimInputs(last.seq);
  return held.length;
}
