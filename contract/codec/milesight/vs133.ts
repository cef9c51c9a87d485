/**
 * Uplinks of the Milesight people counters VS132, VS133 and VS135, LoRaWAN port 85.
 *
 *     | channel u8 | type u8 | data | ... numbers are little-endian
 *     01 75 battery % u8
 *     03+3i D2 total in u32 · 04+3i D2 total out u32 · 05+3i CC period in u16, out u16      for line i + 1, i = 0..3
 *     0F E3 people in regions 1..4, 4 x u8 · 10 E4 region u8, average dwell u16, longest dwell u16
 *     11 .. 1E the same for children alone · 50 FC reserved u8, node u8, lens covered u8
 *     20 CE time u32 (s since 1970), channel u8, its data: a reading of the past, sent late
 *     FF .. facts about the device
 *
 * The unit of dwell times is not stated by the maker. The totals fall to zero when the device's scheduled reset is on:
 * turn it off.
 *
 * Source: Milesight SensorDecoders, vs-series/vs133 (payload tables and examples, VS133 and VS135).
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { CHANNELS, HISTORY_CHANNELS, type Channel } from '#contract/codec/milesight/vs133-channels.ts';
import type { Vs133Past, Vs133Reading } from '#contract/codec/milesight/vs133-reading.ts';

export const MILESIGHT_PORT = 85;

const HISTORY_CHANNEL = 0x20;
const HISTORY_TYPE = 0xce;
const HISTORY_HEAD_BYTES = 5;

/** What one uplink says. */
export interface Vs133Uplink {
  /** In the order of the payload. */
  readonly readings: readonly Vs133Reading[];
  /** Why the rest could not be read: a channel we do not know has no known length. What came before is good. */
  readonly unread?: CodecError;
}

/** Reads a payload as far as it is known. */
export function decodeVs133(payload: Uint8Array): Vs133Uplink {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const readings: Vs133Reading[] = [];
  let at = 0;
  while (at < payload.length) {
    const step = at + 2 > payload.length ? fault('truncated', at, 'channel without type') : readOne(view, at);
    if ('code' in step) return { readings, unread: step };
    readings.push(step.reading);
    at = step.next;
  }
  return { readings };
}

interface Step {
  readonly reading: Vs133Reading;
  readonly next: number;
}

function readOne(view: DataView, at: number): Step | CodecError {
  const id = view.getUint8(at);
  const type = view.getUint8(at + 1);
  if (id === HISTORY_CHANNEL && type === HISTORY_TYPE) return readHistory(view, at);
  const channel = CHANNELS.find((candidate) => candidate.id === id && candidate.type === type);
  if (channel === undefined) return fault('unknown-type', at, `channel ${id} type ${type}`);
  return startingAt(at, readData(channel, view, at + 2));
}

function readHistory(view: DataView, at: number): Step | CodecError {
  const head = at + 2;
  if (head + HISTORY_HEAD_BYTES > view.byteLength) return fault('truncated', at, 'history without its head');
  const id = view.getUint8(head + 4);
  const channel = HISTORY_CHANNELS.find((candidate) => candidate.id === id);
  if (channel === undefined) return fault('unknown-type', at, `history of channel ${id}`);
  const step = startingAt(at, readData(channel, view, head + HISTORY_HEAD_BYTES));
  if ('code' in step) return step;
  return {
    reading: { kind: 'history', atSeconds: view.getUint32(head, true), reading: step.reading },
    next: step.next,
  };
}

function readData<Reading extends Vs133Reading | Vs133Past>(
  channel: Channel<Reading>,
  view: DataView,
  at: number,
): { reading: Reading; next: number } | CodecError {
  const next = at + channel.bytes;
  if (next > view.byteLength) return fault('truncated', at, `channel ${channel.id} needs ${channel.bytes} bytes`);
  return { reading: channel.read(new DataView(view.buffer, view.byteOffset + at, channel.bytes)), next };
}

/** What is cut off begins with its channel, not with its data: up to there all was read. */
function startingAt<Read>(at: number, step: Read | CodecError): Read | CodecError {
  return isFault(step) ? { ...step, offsetBytes: at } : step;
}

function isFault(step: unknown): step is CodecError {
  return typeof step === 'object' && step !== null && 'code' in step;
}

function fault(code: CodecError['code'], offsetBytes: number, detail: string): CodecError {
  return { code, offsetBytes, detail };
}

/** Inverse of {@link decodeVs133}, for a simulated sensor. */
export function encodeVs133(readings: readonly Vs133Reading[]): Uint8Array {
  return Uint8Array.from(readings.flatMap(readingBytes));
}

function readingBytes(reading: Vs133Reading): readonly number[] {
  if (reading.kind !== 'history') {
    for (const channel of CHANNELS) {
      const data = channel.write(reading);
      if (data !== undefined) return [channel.id, channel.type, ...data];
    }
    return [];
  }
  const time = new Uint8Array(4);
  new DataView(time.buffer).setUint32(0, reading.atSeconds, true);
  for (const channel of HISTORY_CHANNELS) {
    const data = channel.write(reading.reading);
    if (data !== undefined) return [HISTORY_CHANNEL, HISTORY_TYPE, ...time, channel.id, ...data];
  }
  return [];
}

/** Cumulative counts of one line since the device's last reset; undefined where the uplink did not say. */
export interface LineTotals {
  readonly line: number;
  readonly totalIn?: number;
  readonly totalOut?: number;
}

/** The totals of all people, line by line, as one uplink carries them; children and the past are left out. */
export function lineTotals(readings: readonly Vs133Reading[]): readonly LineTotals[] {
  const lines = new Map<number, LineTotals>();
  for (const reading of readings) {
    if (reading.kind !== 'total' || reading.group !== 'all') continue;
    const { line, direction, count } = reading;
    const known = lines.get(line) ?? { line };
    lines.set(line, direction === 'in' ? { ...known, totalIn: count } : { ...known, totalOut: count });
  }
  return [...lines.values()];
}
