/**
 * What a gateway observed. Times are ISO 8601 UTC with milliseconds; RSSI in dBm, means in mW; ids are strings.
 * Loose on the way in: fields and kinds of a newer gateway pass and are journalled as they are.
 */
import { z } from 'zod';
import { deviceId, lineId, placeId, readerId, readPointId } from '#contract/domain/ids.ts';

const at = z.iso.datetime();
const count = z.int().min(0).max(4_294_967_295);
const hex = z.string().regex(/^(?:[0-9A-F]{2}){1,62}$/, 'upper-case hex, at most 62 bytes');
const rssiDbm = z.number().min(-200).max(50);

/** Sightings of one tag at one read point over one window. */
export const tagObservation = z.looseObject({
  kind: z.literal('tag'),
  reader: readerId,
  antenna: z.int().min(0).max(1024),
  readPoint: readPointId,
  /** First read at once; while the signal moves; every 300 s; after live cycles without a read (evidence, no verdict). */
  phase: z.enum(['new', 'update', 'still', 'lost']),
  first: at,
  last: at,
  reads: count,
  /** Scan cycles of this read point since the tag's last observation here: those in which it was heard, and all live ones. */
  cyclesSeen: count,
  cyclesLive: count,
  rssi: z
    .looseObject({
      n: count,
      meanMw: z.number().min(0).max(1),
      /** Mean of the dB values: fading is symmetric in dB, so this one settles with fewer reads. */
      meanDbm: rssiDbm.optional(),
      maxDbm: rssiDbm,
      lastDbm: rssiDbm,
    })
    .optional(),
  id: z.looseObject({
    epc: hex.optional(),
    uid: hex.optional(),
    tid: hex.optional(),
    pc: hex.optional(),
    afi: z.int().min(0).max(255).optional(),
    dsfid: z.int().min(0).max(255).optional(),
  }),
  content: z
    .looseObject({
      format: z.string().max(32),
      itemId: z.string().max(64),
      isil: z.string().max(32).optional(),
      part: z.int().min(0).max(255).optional(),
      parts: z.int().min(0).max(255).optional(),
      usage: z.int().min(0).max(255).optional(),
      crc: z.enum(['ok', 'absent']).optional(),
      confidence: z.number().min(0).max(1),
    })
    .optional(),
  /** Wands: where the hand was. */
  position: z
    .looseObject({
      session: z.string().max(64),
      /** The shelf tag last seen, as in the plan; empty before the first and where the edge knows none. */
      shelfTag: z.string().max(128),
      /** Reads of the session before this one. */
      order: count,
      /** When the beam was over the tag: the reads weighed by their power. */
      at: at.optional(),
    })
    .optional(),
  /** Told early because somebody looks for this very tag. */
  find: z.boolean().optional(),
});
export type TagObservation = z.infer<typeof tagObservation>;

/** One antenna over one window, also when it heard nothing: an opportunity to be read. */
export const scanObservation = z.looseObject({
  kind: z.literal('scan'),
  reader: readerId,
  antenna: z.int().min(0).max(1024),
  readPoint: readPointId,
  from: at,
  to: at,
  cycles: count,
  reads: count,
  tags: count,
  state: z.enum(['live', 'unscheduled', 'blind', 'dead']),
  txDbm: rssiDbm.optional(),
  noiseDbm: rssiDbm.optional(),
});
export type ScanObservation = z.infer<typeof scanObservation>;

/** People crossing a line. Totals are cumulative over the device's life and wrap at `totalBits`. */
export const flowObservation = z.looseObject({
  kind: z.literal('flow'),
  sensor: deviceId,
  line: lineId,
  periodFrom: at,
  periodTo: at,
  in: count.optional(),
  out: count.optional(),
  totalIn: count.optional(),
  totalOut: count.optional(),
  totalBits: z.int().min(8).max(53),
  /** The device's own frame counter. */
  frame: count.optional(),
});
export type FlowObservation = z.infer<typeof flowObservation>;

/** People or occupied seats in a place; `null` is unknown, never zero. */
export const levelObservation = z.looseObject({
  kind: z.literal('level'),
  sensor: deviceId,
  place: placeId,
  at,
  people: z.number().min(0).max(1_000_000).nullable(),
  occupied: z.number().min(0).max(1_000_000).nullable(),
  variance: z.number().min(0).optional(),
  source: z.string().max(64),
});
export type LevelObservation = z.infer<typeof levelObservation>;

/** A quantity of the air, the light or the sound in a place. */
export const environmentObservation = z.looseObject({
  kind: z.literal('environment'),
  sensor: deviceId,
  place: placeId,
  at,
  quantity: z.string().max(64),
  value: z.number().nullable(),
  unit: z.string().max(32),
});
export type EnvironmentObservation = z.infer<typeof environmentObservation>;

/** A gate's decision about one tag, or a passage. */
export const gateObservation = z.looseObject({
  kind: z.literal('gate'),
  gate: placeId,
  at,
  direction: z.enum(['in', 'out']).nullable(),
  decision: z.enum(['pass', 'alarm', 'unknown']),
  rule: z.string().max(64),
  tag: z.string().max(128).optional(),
});
export type GateObservation = z.infer<typeof gateObservation>;

/** State of a reader, antenna, sensor or gateway part. */
export const healthObservation = z.looseObject({
  kind: z.literal('health'),
  subject: z.string().min(1).max(128),
  at,
  state: z.enum(['ok', 'degraded', 'dead']),
  flags: z.array(z.string().max(64)).max(32),
  batteryV: z.number().min(0).max(100).optional(),
});
export type HealthObservation = z.infer<typeof healthObservation>;

/** Raw vendor bytes of a sensor behind a foreign broker. */
export const deviceObservation = z.looseObject({
  kind: z.literal('device'),
  device: deviceId,
  at,
  decoder: z.string().max(64),
  payload: z.base64().max(16_384),
});
export type DeviceObservation = z.infer<typeof deviceObservation>;

/** An input of the lending role, carried through the gateway's outbox. */
export const inputObservation = z.looseObject({
  kind: z.literal('input'),
  at,
  input: z.looseObject({ kind: z.string().min(1).max(64) }),
});
export type InputObservation = z.infer<typeof inputObservation>;

/** The answer to a command. */
export const replyObservation = z.looseObject({
  kind: z.literal('reply'),
  id: z.string().min(1).max(64),
  outcome: z.enum(['done', 'refused', 'failed', 'expired']),
  code: z.string().max(64).optional(),
  /** For people: what exactly did not fit. */
  detail: z.string().max(300).optional(),
  result: z.unknown().optional(),
  at,
});
export type ReplyObservation = z.infer<typeof replyObservation>;

export const observation = z.discriminatedUnion('kind', [
  tagObservation,
  scanObservation,
  flowObservation,
  levelObservation,
  environmentObservation,
  gateObservation,
  healthObservation,
  deviceObservation,
  inputObservation,
  replyObservation,
]);
/** Any observation of version 1. */
export type Observation = z.infer<typeof observation>;

/** The kinds of version 1; anything else comes from a newer gateway. */
export const OBSERVATION_KINDS: ReadonlySet<string> = new Set(
  observation.options.map((option) => option.shape.kind.value),
);
