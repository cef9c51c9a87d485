/** Why an item is said to be where it is, or was at an earlier time: the decision, its rule, and the places that competed. */
import { z } from 'zod';
import { barcode, placeId } from '#contract/domain/ids.ts';

/** One place that was weighed when the decision was made; best first. */
export const explainedPlace = z.object({
  place: z.string(),
  /** 0 to 1; all together make at most 1. */
  weight: z.number(),
  isChosen: z.boolean(),
  /** Ids `gateway:epoch:seq:index` of the reports it rests on. */
  events: z.array(z.string()),
});

export const explanation = z.object({
  barcode,
  /** The moment asked for; `null`: now. */
  at: z.iso.datetime().nullable(),
  /** Nothing is known of the time before; `null`: nothing is known yet. */
  knownFrom: z.iso.datetime().nullable(),
  /** Where it was said to be; `null`: nowhere. */
  place: placeId.nullable(),
  misshelved: z.boolean(),
  /** The fact that said so; `null`: none had been made. */
  decision: z
    .object({
      n: z.int(),
      at: z.iso.datetime(),
      kind: z.string(),
      rule: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      confidence: z.number().nullable(),
      /** Offset of the journal entry it follows from. */
      entry: z.int(),
    })
    .nullable(),
  competitors: z.array(explainedPlace),
  /** What each antenna that hears it says just now, tag by tag, likeliest first; empty for an earlier time. */
  evidence: z.array(
    z.object({
      tag: z.string(),
      readPoint: z.string(),
      places: z.array(placeId),
      isChosen: z.boolean(),
      /** Probability of its place at the last judgement, 0 to 1. */
      weight: z.number(),
      /** Live cycles of the antenna, and those in which it heard the tag; both fade. */
      cyclesLive: z.number(),
      cyclesSeen: z.number(),
      /** As the antenna gave it, before its offset; `null` without signal strength. */
      meanDbm: z.number().nullable(),
      /** Taken off its reads. */
      offsetDb: z.number(),
      lastAt: z.iso.datetime(),
      isLost: z.boolean(),
      /** Id `gateway:epoch:seq:index` of the newest report. */
      event: z.string().nullable(),
    }),
  ),
  /** Everything concluded about the item around that time, newest first. */
  rows: z.array(
    z.object({
      n: z.int(),
      at: z.iso.datetime(),
      kind: z.string(),
      rule: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      confidence: z.number().nullable(),
    }),
  ),
});
export type Explanation = z.infer<typeof explanation>;
