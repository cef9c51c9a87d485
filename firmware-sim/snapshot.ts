/** A run of the simulation put away, so that a restarted demonstration goes on where it was. */
import { z } from 'zod';
import type { LifeState } from '#sim/people/life.ts';
import type { CounterState } from '#sim/sensors/people-counter.ts';

export interface Snapshot {
  readonly seed: number;
  readonly library: string;
  /** Of the library that it belongs to. */
  readonly fingerprint: number;
  /** Items that are not at home, by number. */
  readonly places: readonly (readonly [item: number, place: string])[];
  /** Items that were ever moved. */
  readonly moved: readonly number[];
  readonly life: LifeState;
  readonly counters: Readonly<Record<string, CounterState>>;
}

const FORMAT = 'shelfwise-simulation-1';

const count = z.int().min(0);
const random = z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly();
const zone = z.enum(['hall', 'ground-shelves', 'ground-reading', 'upper-shelves', 'upper-quiet']).nullable();
const step = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('go'), to: zone }),
  z.object({ kind: z.literal('return'), brought: z.boolean() }),
  z.object({ kind: z.enum(['take', 'stay', 'put-down']) }),
]);
const happening = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('arrival'), again: z.boolean() }),
  z.object({ kind: z.literal('step'), person: count }),
  z.object({ kind: z.enum(['clear-desk', 'shelve', 'put-right', 'bring-back']), item: count }),
]);
const person = z.object({
  id: count,
  zone,
  steps: z.array(step),
  carries: z.array(count),
  keeps: z.array(count),
});

const schema: z.ZodType<Snapshot & { readonly format: typeof FORMAT }> = z.object({
  format: z.literal(FORMAT),
  seed: z.number(),
  library: z.string(),
  fingerprint: count,
  places: z.array(z.tuple([count, z.string()])),
  moved: z.array(count),
  life: z.object({
    atMs: z.number(),
    random,
    nextPerson: count,
    people: z.array(person),
    agenda: z.array(z.object({ atMs: z.number(), what: happening })),
    waitingToReturn: z.array(count),
  }),
  counters: z.record(z.string(), z.object({ totalIn: count, totalOut: count, frame: count, random })),
});

export function writeSnapshot(snapshot: Snapshot): string {
  return JSON.stringify({ format: FORMAT, ...snapshot });
}

/**
 * Reads it back; `undefined` when it is damaged, of another version, or of another world: then the run begins anew,
 * which harms nobody.
 */
export function readSnapshot(
  text: string,
  world: { seed: number; library: string; fingerprint: number },
): Snapshot | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return undefined;
  const { seed, library, fingerprint } = parsed.data;
  const isOfThisWorld = seed === world.seed && library === world.library && fingerprint === world.fingerprint;
  return isOfThisWorld ? parsed.data : undefined;
}
