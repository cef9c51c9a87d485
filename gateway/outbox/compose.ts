/**
 * From observations to batches. A batch is composed once, to the byte, and never changes: `sentAt` and `uptimeMs` are
 * those of the composing, not of the sending.
 *
 * Routine sightings (`still`, `update`) and everything else go into batches of their own, so that a full outbox can give
 * up routine without touching news. News comes first.
 */
import { BATCH_BYTES_MAX, OBSERVATIONS_MAX } from '#contract/wire/envelope.ts';
import type { Observation } from '#contract/wire/observation.ts';

export interface Batch {
  readonly isRoutine: boolean;
  readonly observations: number;
  readonly bytes: Uint8Array;
}

export interface BatchHead {
  readonly epoch: string;
  /** Of the first batch; the others follow by one. */
  readonly seq: number;
  readonly sentAt: string;
  readonly uptimeMs: number;
  readonly clock: 'synced' | 'unsynced';
}

/** Room for the head, whatever its numbers. */
const HEAD_BYTES_MAX = 300;
const ENCODER = new TextEncoder();

export function isRoutine(observation: Observation): boolean {
  return observation.kind === 'tag' && (observation.phase === 'still' || observation.phase === 'update');
}

/** `oversized` counts observations that fit into no batch. */
export function compose(
  observations: readonly Observation[],
  head: BatchHead,
): { readonly batches: readonly Batch[]; readonly oversized: number } {
  const routine = observations.filter(isRoutine);
  const news = observations.filter((observation) => !isRoutine(observation));
  const batches: Batch[] = [];
  let oversized = 0;
  for (const [group, isRoutineGroup] of [
    [news, false],
    [routine, true],
  ] as const) {
    const cut = cutToSize(group.map((observation) => JSON.stringify(observation)));
    oversized += cut.oversized;
    for (const texts of cut.groups) {
      const bytes = ENCODER.encode(envelopeText(texts, { ...head, seq: head.seq + batches.length }));
      batches.push({ isRoutine: isRoutineGroup, observations: texts.length, bytes });
    }
  }
  return { batches, oversized };
}

function cutToSize(texts: readonly string[]): { readonly groups: readonly string[][]; readonly oversized: number } {
  const groups: string[][] = [];
  let group: string[] = [];
  let bytes = 0;
  let oversized = 0;
  for (const text of texts) {
    const textBytes = ENCODER.encode(text).length + 1;
    if (textBytes > BATCH_BYTES_MAX - HEAD_BYTES_MAX) {
      oversized += 1;
      continue;
    }
    if (group.length >= OBSERVATIONS_MAX || bytes + textBytes > BATCH_BYTES_MAX - HEAD_BYTES_MAX) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(text);
    bytes += textBytes;
  }
  if (group.length > 0) groups.push(group);
  return { groups, oversized };
}

function envelopeText(texts: readonly string[], head: BatchHead): string {
  return `${JSON.stringify(head).slice(0, -1)},"observations":[${texts.join(',')}]}`;
}
