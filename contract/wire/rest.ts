/**
 * REST shapes under `/api/v1`. What is not in a reply schema never leaves the building.
 * Times are ISO 8601 UTC. Lists page by cursor: `{rows, next}`, `next: null` at the end.
 */
import { z } from 'zod';
import { barcode, libraryKey, placeId } from '#contract/domain/ids.ts';
import { callNumberScheme, plan } from '#contract/domain/plan.ts';

export const role = z.enum(['staff', 'facilities', 'admin']);
export type Role = z.infer<typeof role>;

export const credentials = z.strictObject({ name: z.string().min(1).max(64), password: z.string().min(1).max(200) });
export const session = z.object({
  name: z.string(),
  role,
  /** `timeZone`: IANA name; the library's days begin and end there. */
  libraries: z.array(z.object({ key: libraryKey, name: z.string(), timeZone: z.string() })),
  mustChangePassword: z.boolean(),
  /** Sent back in the `x-csrf-token` header of everything that changes something. */
  csrfToken: z.string(),
});
export type Session = z.infer<typeof session>;

/** Where an item is, as far as we know, and how sure we are. */
export const whereabouts = z.object({
  /** `unseen`: never heard; `withheld`: the antenna of its place is dead or blind, so the place may be old. */
  condition: z.enum(['present', 'departed', 'unseen', 'withheld']),
  place: placeId.nullable(),
  since: z.iso.datetime().nullable(),
  lastSeen: z.iso.datetime().nullable(),
  confidence: z.number().min(0).max(1).nullable(),
  misshelved: z.boolean(),
});
export type Whereabouts = z.infer<typeof whereabouts>;

export const itemSummary = z.object({
  barcode,
  title: z.string(),
  author: z.string(),
  year: z.number().nullable(),
  language: z.string(),
  scheme: callNumberScheme,
  callNumber: z.string(),
  collection: z.string(),
  where: whereabouts,
  /** Shelves whose range holds the call number: where to look when nothing has been heard. */
  home: z.array(placeId),
});
export type ItemSummary = z.infer<typeof itemSummary>;

export const itemList = z.object({ rows: z.array(itemSummary), next: z.string().nullable() });

export const itemDetail = itemSummary.extend({
  branch: z.string(),
  tags: z.array(z.string()),
});
export type ItemDetail = z.infer<typeof itemDetail>;

export const trail = z.object({
  rows: z.array(
    z.object({
      n: z.number(),
      at: z.iso.datetime(),
      kind: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      confidence: z.number().nullable(),
    }),
  ),
});
export type Trail = z.infer<typeof trail>;

export const planReply = plan;

export const workListEntry = z.object({
  item: itemSummary,
  /** Shelf where it stands now. */
  place: placeId,
  home: z.array(placeId),
  since: z.iso.datetime(),
  tickedOffAt: z.iso.datetime().nullable(),
});
export const workList = z.object({
  /** In walking order. */
  rows: z.array(workListEntry),
  walkMetres: z.number(),
});
export type WorkList = z.infer<typeof workList>;
export const tickOff = z.strictObject({ item: barcode, place: placeId });

export const spaceNow = z.object({
  rows: z.array(
    z.object({
      place: placeId,
      people: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      capacity: z.number().nullable(),
      at: z.iso.datetime().nullable(),
      stale: z.boolean(),
    }),
  ),
});
export type SpaceNow = z.infer<typeof spaceNow>;

/** One day of one zone in steps; `null` where nothing is known. */
export const spaceDay = z.object({
  place: placeId,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  stepSeconds: z.number(),
  rows: z.array(z.object({ at: z.iso.datetime(), people: z.number().nullable() })),
});
export type SpaceDay = z.infer<typeof spaceDay>;

export const devices = z.object({
  gateways: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['online', 'offline', 'never']),
      statusAt: z.iso.datetime().nullable(),
      lastHeardAt: z.iso.datetime().nullable(),
      version: z.string().nullable(),
      outboxDepth: z.number().nullable(),
      outboxDropped: z.number().nullable(),
      readers: z.array(
        z.object({
          id: z.string(),
          driver: z.string(),
          link: z.string(),
          state: z.enum(['connecting', 'live', 'dead']),
          since: z.iso.datetime().nullable(),
          lastHeardAt: z.iso.datetime().nullable(),
          detail: z.string().nullable(),
          antennas: z.array(
            z.object({
              readPoint: z.string(),
              antenna: z.number(),
              state: z.enum(['live', 'unscheduled', 'blind', 'dead', 'unknown']),
              lastHeardAt: z.iso.datetime().nullable(),
            }),
          ),
        }),
      ),
    }),
  ),
  sensors: z.array(z.object({ id: z.string(), lastHeardAt: z.iso.datetime().nullable() })),
  refusals: z.array(
    z.object({
      at: z.iso.datetime(),
      code: z.string(),
      detail: z.string(),
      client: z.string().nullable(),
      address: z.string(),
      topic: z.string().nullable(),
    }),
  ),
  parts: z.array(
    z.object({
      /** `broker`, `engine`, `history`. */
      part: z.string(),
      state: z.enum(['ok', 'behind', 'down']),
      at: z.iso.datetime().nullable(),
      /** Journal entries not yet taken in. */
      behind: z.number(),
      detail: z.string().nullable(),
    }),
  ),
});
export type Devices = z.infer<typeof devices>;

/** RFC 9457, media type `application/problem+json`; `code` is ours and stable. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  /** One entry per faulty field. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;
