/**
 * When a ROSpec starts and stops, and when one AISpec inside it ends.
 *
 *     178 ROBoundarySpec  | 179 | 182 |
 *     179 StartTrigger    | kind u8 | 180? | 181? |
 *     180 Periodic        | offset ms u32 | period ms u32 | 128 UTCTimestamp? |
 *     181 GPI             | port u16 | event: bit 7 of u8 | timeout ms u32 |
 *     182 StopTrigger     | kind u8 | duration ms u32 | 181? |
 *     184 AISpecStop      | kind u8 | duration ms u32 | 181? | 185? |
 *     185 TagObservation  | kind u8 | reserved u8 | tags u16 | attempts u16 | quiet ms u16 | timeout ms u32 |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 11.2.1, 11.2.2 and 17.2.4.
 */
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import { readUtc, UTC_TIMESTAMP, writeUtc } from '#contract/codec/llrp/timestamp.ts';

export const RO_BOUNDARY_SPEC = 178;
const START_TRIGGER = 179;
const PERIODIC_TRIGGER = 180;
const GPI_TRIGGER = 181;
const STOP_TRIGGER = 182;
export const AISPEC_STOP_TRIGGER = 184;
const TAG_OBSERVATION_TRIGGER = 185;

const START_KINDS = ['null', 'immediate', 'periodic', 'gpi'] as const;
const STOP_KINDS = ['null', 'duration', 'gpi'] as const;
const AISPEC_STOP_KINDS = ['null', 'duration', 'gpi', 'tag-observation'] as const;

/** In the order of the standard; the last two exist since LLRP 1.1. */
const OBSERVATION_KINDS = [
  'n-tags-or-timeout',
  'no-new-tags-for-t-or-timeout',
  'n-attempts-or-timeout',
  'n-unique-tags-or-timeout',
  'no-new-unique-tags-for-t-or-timeout',
] as const;

export interface GpiTrigger {
  readonly kind: 'gpi';
  readonly port: number;
  /** The level that triggers. */
  readonly event: boolean;
  /** 0 = wait for ever. */
  readonly timeoutMs: number;
}

export interface PeriodicTrigger {
  readonly kind: 'periodic';
  readonly offsetMs: number;
  readonly periodMs: number;
  /** Microseconds since 1970; absent = the offset counts from when the spec is enabled. */
  readonly utcUs?: number;
}

/** `null` waits for START_ROSPEC or STOP_ROSPEC. */
interface NullTrigger {
  readonly kind: 'null';
}

interface DurationTrigger {
  readonly kind: 'duration';
  readonly durationMs: number;
}

export interface TagObservationTrigger {
  readonly kind: 'tag-observation';
  readonly observation: (typeof OBSERVATION_KINDS)[number];
  readonly tags: number;
  readonly attempts: number;
  readonly quietMs: number;
  readonly timeoutMs: number;
}

export type RospecStart = NullTrigger | { readonly kind: 'immediate' } | PeriodicTrigger | GpiTrigger;
export type RospecStop = NullTrigger | DurationTrigger | GpiTrigger;
export type AispecStop = NullTrigger | DurationTrigger | GpiTrigger | TagObservationTrigger;

export interface RoBoundary {
  readonly start: RospecStart;
  readonly stop: RospecStop;
}

/** Reads the value of a ROBoundarySpec parameter. */
export function readBoundary(body: FieldReader): RoBoundary {
  let start: RospecStart = { kind: 'null' };
  let stop: RospecStop = { kind: 'null' };
  for (const { type, body: value } of body.parameters()) {
    if (type === START_TRIGGER) start = readStart(value);
    else if (type === STOP_TRIGGER) stop = readStop(value);
  }
  return { start, stop };
}

function readStart(body: FieldReader): RospecStart {
  const kind = body.oneOf(START_KINDS);
  if (kind === 'null' || kind === 'immediate') return { kind };
  for (const { type, body: value } of body.parameters()) {
    if (kind === 'periodic' && type === PERIODIC_TRIGGER) return readPeriodic(value);
    if (kind === 'gpi' && type === GPI_TRIGGER) return readGpi(value);
  }
  return withoutDetails(body, kind);
}

function readStop(body: FieldReader): RospecStop {
  const kind = body.oneOf(STOP_KINDS);
  const durationMs = body.u32();
  if (kind === 'null') return { kind };
  if (kind === 'duration') return { kind, durationMs };
  for (const { type, body: value } of body.parameters()) {
    if (type === GPI_TRIGGER) return readGpi(value);
  }
  return withoutDetails(body, kind);
}

/** Reads the value of an AISpecStopTrigger parameter. */
export function readAispecStop(body: FieldReader): AispecStop {
  const kind = body.oneOf(AISPEC_STOP_KINDS);
  const durationMs = body.u32();
  if (kind === 'null') return { kind };
  if (kind === 'duration') return { kind, durationMs };
  for (const { type, body: value } of body.parameters()) {
    if (kind === 'gpi' && type === GPI_TRIGGER) return readGpi(value);
    if (kind === 'tag-observation' && type === TAG_OBSERVATION_TRIGGER) return readTagObservation(value);
  }
  return withoutDetails(body, kind);
}

/** A trigger that names a kind but lacks the parameter that says when. */
function withoutDetails(body: FieldReader, kind: string): NullTrigger {
  body.fail('bad-value', `${kind} trigger without its parameter`);
  return { kind: 'null' };
}

function readPeriodic(body: FieldReader): PeriodicTrigger {
  const offsetMs = body.u32();
  const periodMs = body.u32();
  for (const { type, body: value } of body.parameters()) {
    if (type !== UTC_TIMESTAMP) continue;
    const utcUs = readUtc(value);
    if (utcUs !== undefined) return { kind: 'periodic', offsetMs, periodMs, utcUs };
  }
  return { kind: 'periodic', offsetMs, periodMs };
}

function readGpi(body: FieldReader): GpiTrigger {
  return { kind: 'gpi', port: body.u16(), event: body.u8() >= 0x80, timeoutMs: body.u32() };
}

function readTagObservation(body: FieldReader): TagObservationTrigger {
  const observation = body.oneOf(OBSERVATION_KINDS);
  body.u8();
  return {
    kind: 'tag-observation',
    observation,
    tags: body.u16(),
    attempts: body.u16(),
    quietMs: body.u16(),
    timeoutMs: body.u32(),
  };
}

/** Writes one ROBoundarySpec parameter. */
export function writeBoundary(out: FieldWriter, { start, stop }: RoBoundary): void {
  out.tlv(RO_BOUNDARY_SPEC, () => {
    out.tlv(START_TRIGGER, () => {
      out.oneOf(START_KINDS, start.kind);
      if (start.kind === 'periodic') writePeriodic(out, start);
      if (start.kind === 'gpi') writeGpi(out, start);
    });
    out.tlv(STOP_TRIGGER, () => {
      out.oneOf(STOP_KINDS, stop.kind);
      out.u32(stop.kind === 'duration' ? stop.durationMs : 0);
      if (stop.kind === 'gpi') writeGpi(out, stop);
    });
  });
}

/** Writes one AISpecStopTrigger parameter. */
export function writeAispecStop(out: FieldWriter, stop: AispecStop): void {
  out.tlv(AISPEC_STOP_TRIGGER, () => {
    out.oneOf(AISPEC_STOP_KINDS, stop.kind);
    out.u32(stop.kind === 'duration' ? stop.durationMs : 0);
    if (stop.kind === 'gpi') writeGpi(out, stop);
    if (stop.kind === 'tag-observation') writeTagObservation(out, stop);
  });
}

function writePeriodic(out: FieldWriter, trigger: PeriodicTrigger): void {
  out.tlv(PERIODIC_TRIGGER, () => {
    out.u32(trigger.offsetMs);
    out.u32(trigger.periodMs);
    if (trigger.utcUs !== undefined) writeUtc(out, trigger.utcUs);
  });
}

function writeGpi(out: FieldWriter, trigger: GpiTrigger): void {
  out.tlv(GPI_TRIGGER, () => {
    out.u16(trigger.port);
    out.u8(trigger.event ? 0x80 : 0);
    out.u32(trigger.timeoutMs);
  });
}

function writeTagObservation(out: FieldWriter, trigger: TagObservationTrigger): void {
  out.tlv(TAG_OBSERVATION_TRIGGER, () => {
    out.oneOf(OBSERVATION_KINDS, trigger.observation);
    out.u8(0);
    out.u16(trigger.tags);
    out.u16(trigger.attempts);
    out.u16(trigger.quietMs);
    out.u32(trigger.timeoutMs);
  });
}
