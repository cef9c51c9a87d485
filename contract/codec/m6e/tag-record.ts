/**
 * What a ThingMagic module tells of a tag: which fields there are, the metadata flags say.
 *
 *     | read count | RSSI i8 | antenna TX, RX nibbles | kHz u24 | ms u32 | phase u16 | protocol | data: bits u16, bytes |
 *     | GPIO | Q | link frequency | target | brand 2 | EPC: bits u16, PC u16, EPC, CRC u16 |
 *
 * Source: MercuryAPI, serial_reader.c, TMR_SR_parseMetadataOnly and TMR_SR_parseMetadataFromMessage, tmr_tag_data.h.
 */
import { bitSized, hex, hexRest, int, only, uint, type Layout, type Row } from '#contract/codec/layout.ts';

const GEN2 = 0x05;
/** Stands for the length where an embedded command failed; two bytes of status follow. */
const EMBEDDED_FAILED = 0x8000;
const FLAG_PROTOCOL = 0x0040;
const FLAG_DATA = 0x0080;
/** The type of an HF tag has no fixed length. */
const FLAGS_UNKNOWN = 0xe000;

const FIELDS: readonly (readonly [flag: number, rows: readonly Row[]])[] = [
  [0x0001, [uint('readCount', 8)]],
  [0x0002, [int('rssiDbm', 8)]],
  [0x0004, [uint('antennaTx', 4), uint('antennaRx', 4)]],
  [0x0008, [uint('frequencyKhz', 24)]],
  [0x0010, [uint('timestampMs', 32)]],
  [0x0020, [uint('phase', 16)]],
  [FLAG_PROTOCOL, []],
  [FLAG_DATA, []],
  [0x0100, [uint('gpio', 8)]],
  [0x0200, [uint('q', 8)]],
  [0x0400, [uint('linkFrequency', 8)]],
  [0x0800, [uint('target', 8)]],
  [0x1000, [hex('brand', 2)]],
];

const GEN2_ID = bitSized('id', [hex('pc', 2), hexRest('epc', 2), hex('crc', 2)]);
const OTHER_ID = bitSized('uid', [hexRest('uid', 2), hex('crc', 2)]);
const EMBEDDED = [bitSized('embedded', [hexRest('data')])];
const EMBEDDED_ERROR = [only('embeddedBits', 16, EMBEDDED_FAILED), hex('embeddedStatus', 2)];

/** Every form that a tag with these flags can have; none when a flag is unknown. */
export function recordForms(flags: number): readonly Layout[] {
  if ((flags & FLAGS_UNKNOWN) !== 0) return [];
  const embedded = (flags & FLAG_DATA) === 0 ? [[]] : [EMBEDDED, EMBEDDED_ERROR];
  const gen2 = [only('protocol', 8, GEN2)];
  const ways =
    (flags & FLAG_PROTOCOL) === 0
      ? [{ protocol: [], id: GEN2_ID }]
      : [
          { protocol: gen2, id: GEN2_ID },
          { protocol: [uint('protocol', 8)], id: OTHER_ID },
        ];
  return ways.flatMap(({ protocol, id }) => embedded.map((data) => [...metadataRows(flags, { protocol, data }), id]));
}

function metadataRows(flags: number, own: { readonly protocol: Layout; readonly data: Layout }): Layout {
  return FIELDS.flatMap(([flag, rows]) => {
    if ((flags & flag) === 0) return [];
    if (flag === FLAG_PROTOCOL) return own.protocol;
    return flag === FLAG_DATA ? own.data : rows;
  });
}

/** The metadata of a continuous read as this project asks for it: everything up to the GPIO pins. */
export const STREAM_METADATA = 0x01ff;

/** The record of one Gen2 tag without embedded data, with {@link STREAM_METADATA}. */
export const STREAM_RECORD = [
  uint('readCount', 8),
  int('rssiDbm', 8),
  uint('antennaTx', 4),
  uint('antennaRx', 4),
  uint('frequencyKhz', 24),
  uint('timestampMs', 32),
  uint('phase', 16),
  only('protocol', 8, GEN2),
  bitSized('embedded', [hexRest('data')]),
  uint('gpio', 8),
  GEN2_ID,
] as const;

/** What stands before a record in a stream. */
export const STREAM_HEAD = [
  uint('option', 8),
  uint('searchFlags', 16),
  only('metadataFlags', 16, STREAM_METADATA),
  only('responseType', 8, 1),
] as const;
