/**
 * READER_EVENT_NOTIFICATION (63): what happened on the reader, without being asked. The first message of every
 * connection is one of these with a `connection-attempt`.
 *
 *     246 | 128 or 129 | event parameters |
 *     247 hopping | hop table u16 | next channel u16 |         248 GPI | port u16 | bit 7 of u8 |
 *     249 ROSpec | event u8 | id u32 | preempting id u32 |     250 buffer level | percent u8 |    251 buffer overflow |
 *     252 exception | text | TV 9, 14, 10, 1, 16, 17 ? |       253 RF survey | event u8 | id u32 | spec index u16 |
 *     254 AISpec | event u8 | ROSpec id u32 | spec index u16 | TV 18? |
 *     255 antenna | 0 lost, 1 connected u8 | antenna u16 |     256 connection attempt | outcome u16 |  257 closing |
 *     356 spec loop (1.1) | ROSpec id u32 | loops u32 |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 14.2.3 and 17.2.7.5.
 */
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import type { MessageBase, MessageCodec } from '#contract/codec/llrp/message-codec.ts';
import { readException, writeException, type ReaderException } from '#contract/codec/llrp/reader-exception.ts';
import { readUtc, UPTIME, UTC_TIMESTAMP, writeUptime, writeUtc } from '#contract/codec/llrp/timestamp.ts';

const NOTIFICATION_DATA = 246;
const SINGULATION_DETAILS_TV = 18;

/** Parameter type of each event. */
const EVENT = {
  hopping: 247,
  gpi: 248,
  rospec: 249,
  bufferLevel: 250,
  bufferOverflow: 251,
  exception: 252,
  rfSurvey: 253,
  aispec: 254,
  antenna: 255,
  connectionAttempt: 256,
  connectionClose: 257,
  specLoop: 356,
} as const;

const ROSPEC_EVENTS = ['started', 'ended', 'preempted'] as const;
const SURVEY_EVENTS = ['started', 'ended'] as const;
const CONNECTION_OUTCOMES = [
  'success',
  'reader-initiated-exists',
  'client-initiated-exists',
  'failed',
  'another-attempted',
] as const;

/** The end of one AISpec: one completed opportunity to be read at its antennas. */
export interface AispecEndEvent {
  readonly kind: 'aispec-end';
  readonly rospecId: number;
  /** 1-based place of the AISpec in the ROSpec. */
  readonly specIndex: number;
  readonly singulation?: { readonly collisionSlots: number; readonly emptySlots: number };
}

export type ReaderEvent =
  | { readonly kind: 'hopping'; readonly hopTableId: number; readonly nextChannelIndex: number }
  | { readonly kind: 'gpi'; readonly port: number; readonly high: boolean }
  | {
      readonly kind: 'rospec';
      readonly event: (typeof ROSPEC_EVENTS)[number];
      readonly rospecId: number;
      readonly preemptingRospecId: number;
    }
  | { readonly kind: 'buffer-level'; readonly percentFull: number }
  | { readonly kind: 'buffer-overflow' }
  | ReaderException
  | {
      readonly kind: 'rf-survey';
      readonly event: (typeof SURVEY_EVENTS)[number];
      readonly rospecId: number;
      readonly specIndex: number;
    }
  | AispecEndEvent
  | { readonly kind: 'antenna'; readonly antennaId: number; readonly connected: boolean }
  | { readonly kind: 'connection-attempt'; readonly outcome: (typeof CONNECTION_OUTCOMES)[number] }
  | { readonly kind: 'connection-close' }
  | { readonly kind: 'spec-loop'; readonly rospecId: number; readonly loops: number };

export interface ReaderEventNotification extends MessageBase {
  readonly kind: 'reader-event-notification';
  /** Microseconds since 1970, from a reader with a clock. */
  readonly utcUs?: number;
  /** Microseconds since the reader started, from a reader without one. */
  readonly uptimeUs?: number;
  readonly events: readonly ReaderEvent[];
  readonly custom: readonly CustomParameter[];
}

export const READER_EVENT_NOTIFICATION: MessageCodec<ReaderEventNotification> = {
  type: 63,
  kind: 'reader-event-notification',
  decode(fields, base) {
    for (const { type, body } of fields.parameters()) {
      if (type === NOTIFICATION_DATA) return { kind: 'reader-event-notification', ...base, ...readData(body) };
    }
    fields.fail('bad-value', 'notification without its data');
    return { kind: 'reader-event-notification', ...base, events: [], custom: [] };
  },
  encode(message, out) {
    out.tlv(NOTIFICATION_DATA, () => {
      if (message.utcUs !== undefined) writeUtc(out, message.utcUs);
      if (message.uptimeUs !== undefined) writeUptime(out, message.uptimeUs);
      for (const event of message.events) writeEvent(out, event);
      writeCustom(out, message.custom);
    });
  },
};

function readData(body: FieldReader): Omit<ReaderEventNotification, 'kind' | keyof MessageBase> {
  let utcUs: number | undefined;
  let uptimeUs: number | undefined;
  const events: ReaderEvent[] = [];
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === UTC_TIMESTAMP) utcUs = readUtc(value);
    else if (type === UPTIME) uptimeUs = readUtc(value);
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
    else {
      const event = readEvent(type, value);
      if (event !== undefined) events.push(event);
    }
  }
  return { ...(utcUs !== undefined && { utcUs }), ...(uptimeUs !== undefined && { uptimeUs }), events, custom };
}

/** Undefined for an event of a later standard. */
function readEvent(type: number, body: FieldReader): ReaderEvent | undefined {
  switch (type) {
    case EVENT.hopping:
      return { kind: 'hopping', hopTableId: body.u16(), nextChannelIndex: body.u16() };
    case EVENT.gpi:
      return { kind: 'gpi', port: body.u16(), high: body.u8() >= 0x80 };
    case EVENT.rospec: {
      const event = body.oneOf(ROSPEC_EVENTS);
      return { kind: 'rospec', event, rospecId: body.u32(), preemptingRospecId: body.u32() };
    }
    case EVENT.bufferLevel:
      return { kind: 'buffer-level', percentFull: body.u8() };
    case EVENT.bufferOverflow:
      return { kind: 'buffer-overflow' };
    case EVENT.exception:
      return readException(body);
    case EVENT.rfSurvey:
      return { kind: 'rf-survey', event: body.oneOf(SURVEY_EVENTS), rospecId: body.u32(), specIndex: body.u16() };
    case EVENT.aispec:
      return readAispecEnd(body);
    case EVENT.antenna:
      return { kind: 'antenna', connected: body.u8() === 1, antennaId: body.u16() };
    case EVENT.connectionAttempt:
      return { kind: 'connection-attempt', outcome: body.oneOf(CONNECTION_OUTCOMES, 2) };
    case EVENT.connectionClose:
      return { kind: 'connection-close' };
    case EVENT.specLoop:
      return { kind: 'spec-loop', rospecId: body.u32(), loops: body.u32() };
    default:
      return undefined;
  }
}

function readAispecEnd(body: FieldReader): AispecEndEvent {
  body.oneOf(['end']);
  const rospecId = body.u32();
  const specIndex = body.u16();
  for (const { type, body: value } of body.parameters()) {
    if (type !== SINGULATION_DETAILS_TV) continue;
    const singulation = { collisionSlots: value.u16(), emptySlots: value.u16() };
    return { kind: 'aispec-end', rospecId, specIndex, singulation };
  }
  return { kind: 'aispec-end', rospecId, specIndex };
}

function writeEvent(out: FieldWriter, event: ReaderEvent): void {
  switch (event.kind) {
    case 'hopping':
      out.tlv(EVENT.hopping, () => {
        out.u16(event.hopTableId);
        out.u16(event.nextChannelIndex);
      });
      return;
    case 'gpi':
      out.tlv(EVENT.gpi, () => {
        out.u16(event.port);
        out.u8(event.high ? 0x80 : 0);
      });
      return;
    case 'rospec':
      out.tlv(EVENT.rospec, () => {
        out.oneOf(ROSPEC_EVENTS, event.event);
        out.u32(event.rospecId);
        out.u32(event.preemptingRospecId);
      });
      return;
    case 'buffer-level':
      out.tlv(EVENT.bufferLevel, () => {
        out.u8(event.percentFull);
      });
      return;
    case 'buffer-overflow':
      out.tlv(EVENT.bufferOverflow, () => undefined);
      return;
    case 'exception':
      out.tlv(EVENT.exception, () => {
        writeException(out, event);
      });
      return;
    case 'rf-survey':
      out.tlv(EVENT.rfSurvey, () => {
        out.oneOf(SURVEY_EVENTS, event.event);
        out.u32(event.rospecId);
        out.u16(event.specIndex);
      });
      return;
    case 'aispec-end':
      writeAispecEnd(out, event);
      return;
    case 'antenna':
      out.tlv(EVENT.antenna, () => {
        out.u8(event.connected ? 1 : 0);
        out.u16(event.antennaId);
      });
      return;
    case 'connection-attempt':
      out.tlv(EVENT.connectionAttempt, () => {
        out.oneOf(CONNECTION_OUTCOMES, event.outcome, 2);
      });
      return;
    case 'connection-close':
      out.tlv(EVENT.connectionClose, () => undefined);
      return;
    case 'spec-loop':
      out.tlv(EVENT.specLoop, () => {
        out.u32(event.rospecId);
        out.u32(event.loops);
      });
  }
}

function writeAispecEnd(out: FieldWriter, event: AispecEndEvent): void {
  const { singulation } = event;
  out.tlv(EVENT.aispec, () => {
    out.u8(0);
    out.u32(event.rospecId);
    out.u16(event.specIndex);
    if (singulation === undefined) return;
    out.tv(SINGULATION_DETAILS_TV);
    out.u16(singulation.collisionSlots);
    out.u16(singulation.emptySlots);
  });
}
