/**
 * Fields of Zebra's tag records and their plain names.
 *
 * Source: Zebra IoT Connector, RAW MQTT payload schemas, tag data events (FX7500, FX9600, FXR90; `phase` in degrees,
 * `channel` in MHz); for the handhelds RFD40 and RFD90 the MQTT API reference, dataEVT (`phase` there in radians).
 */
import { hexField, numberField, textField, type PlainTable } from '#contract/codec/plain-fields.ts';

const COMMON: PlainTable = [
  numberField('antenna', 'antenna'),
  numberField('peakRssi', 'rssiDbm'),
  numberField('eventNum', 'eventNum'),
  numberField('channel', 'channelMhz'),
  hexField('PC', 'pc'),
  hexField('XPC', 'xpc'),
  hexField('CRC', 'crc'),
  hexField('TID', 'tid'),
  hexField('USER', 'user'),
];

/** Fixed readers: one tag in each message. */
export const FIXED_TAG: PlainTable = [
  hexField('idHex', 'epc'),
  textField('format', 'format'),
  numberField('reads', 'reads'),
  numberField('phase', 'phaseDegrees'),
  textField('MAC', 'mac'),
  textField('hostName', 'hostname'),
  // The content of the whole bank, with CRC and PC.
  hexField('EPC', 'epcBank'),
  ...COMMON,
];

/** Handhelds: many records in each message. `EPCid` is the identifier; `EPC` stands alone where it is not sent. */
export const HANDHELD_TAG: PlainTable = [
  hexField('EPCid', 'epc'),
  hexField('EPC', 'epcBank'),
  numberField('seenCount', 'reads'),
  numberField('phase', 'phaseRadians'),
  ...COMMON,
];

/** The same where only `EPC` is sent. */
export const HANDHELD_TAG_WITHOUT_ID: PlainTable = [hexField('EPC', 'epc'), ...HANDHELD_TAG.slice(2)];

export const BARCODE: PlainTable = [
  textField('decodedBarcode', 'barcode'),
  textField('symbology', 'symbology'),
  numberField('eventNum', 'eventNum'),
];

/** Of `gpi` and `gpo` events. */
export const PIN: PlainTable = [numberField('pin', 'pin'), textField('state', 'state')];
