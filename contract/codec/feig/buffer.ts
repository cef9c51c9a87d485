/**
 * Data sets that the reader collected by itself: the answers to Read Buffer, and, with the same layout, what a reader in
 * notification mode sends unasked. TR-DATA says which fields each data set has.
 *
 *     22 advanced | TR-DATA1 | TR-DATA2 if TR-DATA1 bit 7 | data sets u16 | data sets |
 *       data set  | length u16, itself counted |
 *                 | bit 0 identifier: TR-TYPE, IDDT, length, AFI and DSFID if TR-DATA2 bit 2 (counted), UID |
 *                 | bit 1 blocks: n u16, bytes a block, n blocks |
 *                 | bit 5 time: hour, minute, milliseconds u16 |
 *                 | bit 6 date: century, year, month, day, time zone |
 *                 | bit 4 antenna |
 *                 | TR-DATA2 bit 0 inputs, state | bit 1 MAC 6 | bit 4 n, n x { antenna, RSSI, 4 reserved } | bit 5 direction |
 *                 | what a later firmware adds |
 *     21 standard | TR-DATA | data sets u8 | data sets: TR-TYPE, UID 8 | first block, n, n x 4 | time | date | antenna |
 *
 * TR-DATA1 bit 3 is the order of the bytes in a block: 0 last byte first, as in host mode; 1 first byte first.
 *
 * Source: FEIG ID ISC.LRU3000 manual H90202-7e-ID-B, 11.4; ID ISC.LR1002 H20411-0e-ID-B, 10.4; ID ISC.ANT.U500/270-DM
 * H71011-0e-ID-B, 12.4. Order of the fields, TR-DATA2 and the meaning of the length: FEIG's own SDK,
 * FEDM_BRMTabItem::SetData and FEDM_ISCReaderID.h.
 */
import { TR_TYPE } from '#contract/codec/feig/codes.ts';
import { Cursor, join, wordBytes } from '#contract/codec/feig/cursor.ts';
import { toHex } from '#contract/hex.ts';

/** Bits of TR-DATA1, and of TR-DATA of the standard command. */
export const TR_DATA1 = {
  identifier: 0x01,
  blocks: 0x02,
  firstByteFirst: 0x08,
  antenna: 0x10,
  time: 0x20,
  date: 0x40,
  extension: 0x80,
} as const;

export const TR_DATA2 = {
  inputs: 0x01,
  mac: 0x02,
  afi: 0x04,
  antennas: 0x10,
  direction: 0x20,
  /** Would announce a third byte, which nobody has described. */
  extension: 0x80,
} as const;

const MAC_BYTES = 6;
const RESERVED_BYTES = 4;
const STANDARD_UID_BYTES = 8;
const STANDARD_BLOCK_BYTES = 4;

export interface AntennaSignal {
  readonly antenna: number;
  readonly rssi: number;
  readonly reserved: Uint8Array;
}

export interface DataSet {
  readonly trType?: number | undefined;
  readonly iddt?: number | undefined;
  readonly afi?: number | undefined;
  readonly dsfid?: number | undefined;
  /** UID, or for Gen2 the PC and the EPC; empty where the data set is about an input only. */
  readonly id?: Uint8Array | undefined;
  /** Standard command only. */
  readonly firstBlock?: number | undefined;
  /** How many blocks of no bytes; only where `blockBytes` is 0. */
  readonly emptyBlocks?: number | undefined;
  readonly blockBytes?: number | undefined;
  /** Whole blocks, each with its bytes as they are on the line. */
  readonly blocks?: Uint8Array | undefined;
  readonly time?: FeigTime | undefined;
  readonly date?: FeigDate | undefined;
  readonly antenna?: number | undefined;
  /** Bit n - 1 is input n. */
  readonly inputs?: number | undefined;
  readonly state?: number | undefined;
  readonly mac?: Uint8Array | undefined;
  readonly antennas?: readonly AntennaSignal[] | undefined;
  readonly direction?: number | undefined;
  /** What the length covers beyond the fields we know. */
  readonly rest?: Uint8Array | undefined;
  /** The length as sent, where it is not the data set's own. */
  readonly length?: number | undefined;
}

export interface FeigTime {
  readonly hour: number;
  readonly minute: number;
  /** Within the minute. */
  readonly milliseconds: number;
}

export interface FeigDate {
  readonly century: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly timeZone: number;
}

/** An answer to Read Buffer, or a notification. */
export interface BufferContent {
  readonly trData1: number;
  readonly trData2?: number | undefined;
  readonly dataSets: readonly DataSet[];
}

/** Which fields the data sets of one message have. */
interface Fields {
  readonly form: 'standard' | 'advanced';
  readonly trData1: number;
  readonly trData2: number;
}

/** What stands behind the status; undefined when it is not that, to the last byte. */
export function readBuffer(form: Fields['form'], data: Uint8Array): BufferContent | undefined {
  const cursor = new Cursor(data);
  const trData1 = cursor.byte();
  const isExtended = form === 'advanced' && (trData1 & TR_DATA1.extension) !== 0;
  const trData2 = isExtended ? cursor.byte() : undefined;
  if (((trData2 ?? 0) & TR_DATA2.extension) !== 0) return undefined;
  const count = form === 'advanced' ? cursor.word() : cursor.byte();
  const fields: Fields = { form, trData1, trData2: trData2 ?? 0 };
  const dataSets: DataSet[] = [];
  // A data set has at least one byte, so a lying count ends with the bytes.
  for (let n = 0; n < count && cursor.leftBytes > 0; n += 1) dataSets.push(readDataSet(fields, cursor));
  if (!cursor.isWhole || cursor.leftBytes > 0 || dataSets.length !== count) return undefined;
  return { trData1, ...(trData2 !== undefined && { trData2 }), dataSets };
}

function has(flags: number, bit: number): boolean {
  return (flags & bit) !== 0;
}

function readDataSet(fields: Fields, cursor: Cursor): DataSet {
  const startAt = cursor.at;
  const { trData1, trData2, form } = fields;
  const length = form === 'advanced' ? cursor.word() : undefined;
  const known: DataSet = {
    ...(has(trData1, TR_DATA1.identifier) && readIdentifier(fields, cursor)),
    ...(has(trData1, TR_DATA1.blocks) && readDataBlocks(form, cursor)),
    ...(has(trData1, TR_DATA1.time) && { time: readTime(cursor) }),
    ...(has(trData1, TR_DATA1.date) && { date: readDate(cursor) }),
    ...(has(trData1, TR_DATA1.antenna) && { antenna: cursor.byte() }),
    ...(has(trData2, TR_DATA2.inputs) && { inputs: cursor.byte(), state: cursor.byte() }),
    ...(has(trData2, TR_DATA2.mac) && { mac: cursor.take(MAC_BYTES) }),
    ...(has(trData2, TR_DATA2.antennas) && { antennas: readSignals(cursor) }),
    ...(has(trData2, TR_DATA2.direction) && { direction: cursor.byte() }),
  };
  if (length === undefined) return known;
  const readBytes = cursor.at - startAt;
  if (readBytes < length) return { ...known, rest: cursor.take(length - readBytes) };
  return readBytes === length ? known : { ...known, length };
}

function readIdentifier({ form, trData2 }: Fields, cursor: Cursor): DataSet {
  const trType = cursor.byte();
  if (form === 'standard') return { trType, id: cursor.take(STANDARD_UID_BYTES) };
  const iddt = cursor.byte();
  const bytes = cursor.take(cursor.byte());
  const isWithAfi = has(trData2, TR_DATA2.afi) && trType === TR_TYPE.iso15693 && bytes.length >= 2;
  return isWithAfi ? { trType, iddt, afi: bytes[0], dsfid: bytes[1], id: bytes.slice(2) } : { trType, iddt, id: bytes };
}

function readDataBlocks(form: Fields['form'], cursor: Cursor): DataSet {
  if (form === 'standard') {
    const firstBlock = cursor.byte();
    return { firstBlock, blocks: cursor.take(cursor.byte() * STANDARD_BLOCK_BYTES) };
  }
  const count = cursor.word();
  const blockBytes = cursor.byte();
  return { blockBytes, blocks: cursor.take(count * blockBytes), ...(blockBytes === 0 && { emptyBlocks: count }) };
}

function readTime(cursor: Cursor): FeigTime {
  return { hour: cursor.byte(), minute: cursor.byte(), milliseconds: cursor.word() };
}

function readDate(cursor: Cursor): FeigDate {
  const century = cursor.byte();
  const year = cursor.byte();
  const month = cursor.byte();
  return { century, year, month, day: cursor.byte(), timeZone: cursor.byte() };
}

function readSignals(cursor: Cursor): readonly AntennaSignal[] {
  return Array.from({ length: cursor.byte() }, () => ({
    antenna: cursor.byte(),
    rssi: cursor.byte(),
    reserved: cursor.take(RESERVED_BYTES),
  }));
}

/** Why `content` cannot be written: the path of the field and what would fit; undefined if it can. */
export function bufferProblem(
  form: Fields['form'],
  content: BufferContent,
): { readonly path: string; readonly detail: string } | undefined {
  const { trData1, trData2 } = content;
  const isExtended = form === 'advanced' && has(trData1, TR_DATA1.extension);
  if (isExtended !== (trData2 !== undefined))
    return { path: 'trData2', detail: 'there when trData1 has bit 7, else not' };
  const fields: Fields = { form, trData1, trData2: trData2 ?? 0 };
  if (has(fields.trData2, TR_DATA2.extension)) return { path: 'trData2', detail: 'without bit 7' };
  if (content.dataSets.length > (form === 'advanced' ? 0xffff : 0xff)) return { path: 'dataSets', detail: 'fewer' };
  for (const [at, dataSet] of content.dataSets.entries()) {
    const detail = dataSetProblem(fields, dataSet);
    if (detail !== undefined) return { path: `dataSets.${at}`, detail };
  }
  return undefined;
}

/** Everything but the fields that TR-DATA wants must be absent, or it would be lost. */
function dataSetProblem(fields: Fields, dataSet: DataSet): string | undefined {
  const wanted = wantedNames(fields, dataSet);
  const names = Object.entries(dataSet).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const optional = new Set(fields.form === 'advanced' ? ['rest', 'length'] : []);
  const stranger = names.find((name) => !wanted.has(name) && !optional.has(name));
  if (stranger !== undefined) return `trData does not announce ${stranger}`;
  const missing = [...wanted].find((name) => !names.includes(name));
  if (missing !== undefined) return `trData announces ${missing}`;
  if (dataSet.rest !== undefined && dataSet.length !== undefined) return 'either rest or length';
  const { id, blocks, blockBytes } = dataSet;
  if (id !== undefined && fields.form === 'standard' && id.length !== STANDARD_UID_BYTES) return '8 bytes of id';
  if ((id?.length ?? 0) > 0xff - (wanted.has('afi') ? 2 : 0)) return 'a shorter id';
  if (blocks === undefined) return undefined;
  const size = fields.form === 'standard' ? STANDARD_BLOCK_BYTES : (blockBytes ?? 0);
  if (size === 0) return blocks.length === 0 ? undefined : 'no blocks where blockBytes is 0';
  return blocks.length % size === 0 && blocks.length / size <= (fields.form === 'standard' ? 0xff : 0xffff)
    ? undefined
    : 'whole blocks';
}

function wantedNames({ form, trData1, trData2 }: Fields, { trType, afi, blockBytes }: DataSet): ReadonlySet<string> {
  const names: string[] = [];
  const isAdvanced = form === 'advanced';
  if (has(trData1, TR_DATA1.identifier)) names.push('trType', 'id', ...(isAdvanced ? ['iddt'] : []));
  // An identifier too short for AFI and DSFID comes without them.
  const isWithAfi = has(trData2, TR_DATA2.afi) && trType === TR_TYPE.iso15693 && afi !== undefined;
  if (has(trData1, TR_DATA1.identifier) && isWithAfi) names.push('afi', 'dsfid');
  if (has(trData1, TR_DATA1.blocks)) {
    names.push('blocks', ...(isAdvanced ? ['blockBytes'] : ['firstBlock']));
    if (isAdvanced && blockBytes === 0) names.push('emptyBlocks');
  }
  if (has(trData1, TR_DATA1.time)) names.push('time');
  if (has(trData1, TR_DATA1.date)) names.push('date');
  if (has(trData1, TR_DATA1.antenna)) names.push('antenna');
  if (has(trData2, TR_DATA2.inputs)) names.push('inputs', 'state');
  if (has(trData2, TR_DATA2.mac)) names.push('mac');
  if (has(trData2, TR_DATA2.antennas)) names.push('antennas');
  if (has(trData2, TR_DATA2.direction)) names.push('direction');
  return new Set(names);
}

/** Content must have no {@link bufferProblem}. */
export function writeBuffer(form: Fields['form'], { trData1, trData2, dataSets }: BufferContent): Uint8Array {
  const head = [trData1, ...(trData2 === undefined ? [] : [trData2])];
  const count = form === 'advanced' ? wordBytes(dataSets.length) : [dataSets.length];
  return join(head, count, ...dataSets.map((dataSet) => writeDataSet(form, dataSet)));
}

function writeDataSet(form: Fields['form'], dataSet: DataSet): Uint8Array {
  const { time, date, antenna, inputs, state, mac, antennas, direction, rest, length } = dataSet;
  const fields = join(
    writeIdentifier(form, dataSet),
    writeDataBlocks(form, dataSet),
    time === undefined ? [] : [time.hour, time.minute, ...wordBytes(time.milliseconds)],
    date === undefined ? [] : [date.century, date.year, date.month, date.day, date.timeZone],
    antenna === undefined ? [] : [antenna],
    inputs === undefined ? [] : [inputs, state ?? 0],
    mac ?? [],
    antennas === undefined ? [] : writeSignals(antennas),
    direction === undefined ? [] : [direction],
    rest ?? [],
  );
  return form === 'standard' ? fields : join(wordBytes(length ?? fields.length + 2), fields);
}

function writeIdentifier(form: Fields['form'], { trType, iddt, afi, dsfid, id }: DataSet): Uint8Array {
  if (trType === undefined || id === undefined) return new Uint8Array(0);
  if (form === 'standard') return join([trType], id);
  const bytes = afi === undefined ? id : join([afi, dsfid ?? 0], id);
  return join([trType, iddt ?? 0, bytes.length], bytes);
}

function writeDataBlocks(form: Fields['form'], { firstBlock, emptyBlocks, blockBytes, blocks }: DataSet): Uint8Array {
  if (blocks === undefined) return new Uint8Array(0);
  if (form === 'standard') return join([firstBlock ?? 0, blocks.length / STANDARD_BLOCK_BYTES], blocks);
  const size = blockBytes ?? 0;
  return join(wordBytes(size === 0 ? (emptyBlocks ?? 0) : blocks.length / size), [size], blocks);
}

function writeSignals(antennas: readonly AntennaSignal[]): Uint8Array {
  return join([antennas.length], ...antennas.map(({ antenna, rssi, reserved }) => join([antenna, rssi], reserved)));
}

/** Upper-case hex of a data set's identifier. */
export function idText({ id }: DataSet): string | undefined {
  return id === undefined || id.length === 0 ? undefined : toHex(id);
}
