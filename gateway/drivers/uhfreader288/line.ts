/** What goes over the line of a UHFReader288, and how the reader names its antennas. */
import type { FAMILY_288 } from '#contract/codec/uhfreader/family-288.table.ts';
import type { AnswerOf, CommandOf } from '#contract/codec/uhfreader/message.ts';
import type { HeardTag } from '#contract/codec/uhfreader/tag-fields.ts';
import type { AskLine } from '#gateway/drivers/ask-line.ts';
import type { ReadEvent } from '#gateway/drivers/reader-event.ts';
import type { Uhfreader288Settings } from './settings.ts';

export type Command288 = CommandOf<typeof FAMILY_288>;
export type Answer288 = AnswerOf<typeof FAMILY_288>;
export type Line288 = AskLine<Command288, Answer288>;

/** The byte by which one asks for antenna `antenna`. */
export function antennaAsked(antenna: number): number {
  return 0x80 + antenna - 1;
}

const MASK_ANTENNAS_MAX = 8;

/** The antennas that the byte of an answer names. */
export type AntennasOf = (ant: number) => readonly number[];

export function antennaCoding(
  { antennaCoding: coding }: Pick<Uhfreader288Settings, 'antennaCoding'>,
  antennas: readonly number[],
): AntennasOf {
  const isIndex = coding === 'index' || (coding === 'auto' && Math.max(...antennas, 0) > MASK_ANTENNAS_MAX);
  if (isIndex) return (ant) => [ant + 1];
  return (ant) => {
    const bits = Array.from({ length: MASK_ANTENNAS_MAX }, (_, i) => i);
    return bits.filter((bit) => (ant & (1 << bit)) !== 0).map((bit) => bit + 1);
  };
}

/** The command that switches the antennas on which everything but an inventory of its own antenna works. */
export function antennasCommand(antennas: readonly number[]): Command288 {
  const mask = antennas.reduce((bits, antenna) => bits | (1 << (antenna - 1)), 0);
  if (mask < 1 << MASK_ANTENNAS_MAX) return { kind: 'set-antennas', ant: mask };
  return { kind: 'set-many-antennas', setOnce: 1, antennas: mask };
}

/** One tag of an inventory as an event. */
export function readOf(
  { epc, tid, rssi }: HeardTag,
  { antenna, atMs, rssiOffsetDb }: { antenna: number; atMs: number; rssiOffsetDb: number | null },
): ReadEvent {
  return {
    kind: 'read',
    antenna,
    count: 1,
    firstMs: atMs,
    lastMs: atMs,
    ...(rssiOffsetDb !== null && { rssiDbm: rssi + rssiOffsetDb }),
    ids: { epc, ...(tid !== undefined && { tid }) },
  };
}
