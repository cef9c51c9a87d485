/**
 * What the ISO host command B0 answers with, behind the status. The answer does not repeat the question: who asked knows
 * which of these it is.
 *
 *     inventory           | n | n x tag |
 *       ISO 15693         | TR-TYPE 03 | DSFID | UID 8 |
 *       ISO 14443 A       | TR-TYPE 04 | TR-INFO | OPT-INFO | UID 7, or 10 if TR-INFO bit 2 |
 *       ISO 14443 B       | TR-TYPE 05 | PROTO-INFO | UID 8 |
 *       UHF and 3M3       | TR-TYPE 80..FF or 09 | IDDT | length | identifier |
 *     read blocks         | n | bytes a block | n x { security status, block } |
 *     system information  | DSFID | UID 8 | AFI | bytes a block - 1 | blocks - 1 | IC reference |
 *     block security      | n | n x security status |
 *
 * The bytes of a block come as they are on the line: the readers send each block's last byte first.
 *
 * Source: FEIG ID ISC.PR101 system manual H60301-3e-ID-B, 6.1; which type has which fields and the order of the two
 * memory size bytes: FEIG's own SDK, FEDM_ISOTabItem::SetSnr_wo_Antenna and FEDM_ISCReader::Set_0xB0_0x2B_IsoTableData.
 */
import { TR_TYPE } from '#contract/codec/feig/codes.ts';
import { Cursor, join } from '#contract/codec/feig/cursor.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const UID_BYTES = 8;
/** ISO 18000-3 mode 3: HF, with an EPC. */
const TR_TYPE_3M3 = 0x09;
const TR_INFO_LONG_UID = 0x04;

export interface FeigTag {
  readonly trType: number;
  readonly dsfid?: number | undefined;
  /** ISO 14443 only. */
  readonly trInfo?: number | undefined;
  readonly optInfo?: number | undefined;
  readonly protoInfo?: number | undefined;
  /** Identifier data type of UHF tags: 0 EPC, 1 TID, 2 EPC and TID. */
  readonly iddt?: number | undefined;
  /** UID, or for Gen2 the PC and the EPC. Hex. */
  readonly id: string;
}

export interface FeigBlock {
  readonly security: number;
  readonly data: Uint8Array;
}

export interface SystemInformation {
  readonly dsfid: number;
  readonly uid: string;
  readonly afi: number;
  readonly blockBytesLess1: number;
  readonly blocksLess1: number;
  readonly icReference: number;
}

/** Undefined when `data` is no inventory, to the last byte. */
export function readInventory(data: Uint8Array): readonly FeigTag[] | undefined {
  const cursor = new Cursor(data);
  const count = cursor.byte();
  const tags: FeigTag[] = [];
  for (let n = 0; n < count && cursor.isWhole; n += 1) {
    const tag = readTag(cursor);
    if (tag === undefined) return undefined;
    tags.push(tag);
  }
  return cursor.isWhole && cursor.leftBytes === 0 ? tags : undefined;
}

function readTag(cursor: Cursor): FeigTag | undefined {
  const trType = cursor.byte();
  if (trType === TR_TYPE.iso15693) {
    return { trType, dsfid: cursor.byte(), id: toHex(cursor.take(UID_BYTES)) };
  }
  if (trType === TR_TYPE.iso14443a) {
    const trInfo = cursor.byte();
    const optInfo = cursor.byte();
    return { trType, trInfo, optInfo, id: toHex(cursor.take(longUidBytes(trInfo))) };
  }
  if (trType === TR_TYPE.iso14443b) {
    return { trType, protoInfo: cursor.byte(), id: toHex(cursor.take(UID_BYTES)) };
  }
  if (!hasIdLength(trType)) return undefined;
  const iddt = cursor.byte();
  return { trType, iddt, id: toHex(cursor.take(cursor.byte())) };
}

const FLAG_TAG = 0x01;
const FLAG_ANTENNAS = 0x10;
/** Number, status, RSSI, 4 reserved. */
const ANTENNA_BYTES = 7;

/**
 * The answer to an inventory that named its antennas: each tag has flags before it, a length before its identifier, and
 * its antennas behind it, `| n | n x { antenna, status, RSSI, 4 reserved } |`. Data sets that name no tag tell the state
 * of one antenna. Undefined when `data` is no such inventory, to the last byte.
 *
 * Source: FEIG's own SDK, FEDM_ISOTabItem::SetSnr_with_Antenna.
 */
export function readAntennaInventory(data: Uint8Array): readonly FeigTag[] | undefined {
  const cursor = new Cursor(data);
  const count = cursor.byte();
  const tags: FeigTag[] = [];
  for (let n = 0; n < count && cursor.isWhole; n += 1) {
    const flags = cursor.byte();
    const isTag = (flags & FLAG_TAG) !== 0;
    if (isTag) tags.push(readSizedTag(cursor));
    if ((flags & FLAG_ANTENNAS) !== 0) cursor.take((isTag ? cursor.byte() : 1) * ANTENNA_BYTES);
  }
  return cursor.isWhole && cursor.leftBytes === 0 ? tags : undefined;
}

function readSizedTag(cursor: Cursor): FeigTag {
  const trType = cursor.byte();
  if (trType === TR_TYPE.iso14443a) {
    const trInfo = cursor.byte();
    return { trType, trInfo, optInfo: cursor.byte(), id: toHex(cursor.take(longUidBytes(trInfo))) };
  }
  if (trType === TR_TYPE.iso14443b) return { trType, protoInfo: cursor.byte(), id: toHex(cursor.take(UID_BYTES)) };
  const second = cursor.byte();
  const id = toHex(cursor.take(cursor.byte()));
  return hasIdLength(trType) ? { trType, iddt: second, id } : { trType, dsfid: second, id };
}

function longUidBytes(trInfo: number): number {
  return (trInfo & TR_INFO_LONG_UID) === 0 ? 7 : 10;
}

function hasIdLength(trType: number): boolean {
  return trType >= 0x80 || trType === TR_TYPE_3M3;
}

/** Why a tag cannot be written; undefined if it can. */
export function tagProblem(tag: FeigTag): string | undefined {
  const { trType, dsfid, trInfo, optInfo, protoInfo, iddt, id } = tag;
  const bytes = id.length / 2;
  if (trType === TR_TYPE.iso15693)
    return dsfid !== undefined && bytes === UID_BYTES ? undefined : 'dsfid and 8 bytes of id';
  if (trType === TR_TYPE.iso14443a) {
    const isGiven = trInfo !== undefined && optInfo !== undefined && bytes === longUidBytes(trInfo);
    return isGiven ? undefined : 'trInfo, optInfo and 7 bytes of id, 10 when trInfo has bit 2';
  }
  if (trType === TR_TYPE.iso14443b) {
    return protoInfo !== undefined && bytes === UID_BYTES ? undefined : 'protoInfo and 8 bytes of id';
  }
  if (!hasIdLength(trType)) return 'trType 3, 4, 5, 9 or from 128 on';
  return iddt !== undefined && bytes <= 0xff ? undefined : 'iddt and at most 255 bytes of id';
}

/** Tags must have no {@link tagProblem}. */
export function writeInventory(tags: readonly FeigTag[]): Uint8Array {
  return join([tags.length], ...tags.map(writeTag));
}

function writeTag({ trType, dsfid, trInfo, optInfo, protoInfo, iddt, id }: FeigTag): Uint8Array {
  const bytes = fromHex(id) ?? new Uint8Array(0);
  if (trType === TR_TYPE.iso15693) return join([trType, dsfid ?? 0], bytes);
  if (trType === TR_TYPE.iso14443a) return join([trType, trInfo ?? 0, optInfo ?? 0], bytes);
  if (trType === TR_TYPE.iso14443b) return join([trType, protoInfo ?? 0], bytes);
  return join([trType, iddt ?? 0, bytes.length], bytes);
}

/** Undefined when `data` is no answer to reading blocks, to the last byte. */
export function readBlocks(data: Uint8Array): readonly FeigBlock[] | undefined {
  const cursor = new Cursor(data);
  const count = cursor.byte();
  const blockBytes = cursor.byte();
  if (count === 0 || blockBytes === 0 || cursor.leftBytes !== count * (1 + blockBytes)) return undefined;
  return Array.from({ length: count }, () => ({ security: cursor.byte(), data: cursor.take(blockBytes) }));
}

/** Blocks of one length, at least one. */
export function writeBlocks(blocks: readonly FeigBlock[]): Uint8Array {
  const head = [blocks.length, blocks[0]?.data.length ?? 0];
  return join(head, ...blocks.map(({ security, data }) => join([security], data)));
}

const SYSTEM_INFORMATION_BYTES = 13;

/** Undefined when `data` has not the bytes of a system information. */
export function readSystemInformation(data: Uint8Array): SystemInformation | undefined {
  if (data.length !== SYSTEM_INFORMATION_BYTES) return undefined;
  const cursor = new Cursor(data);
  const dsfid = cursor.byte();
  const uid = toHex(cursor.take(UID_BYTES));
  const afi = cursor.byte();
  const blockBytesLess1 = cursor.byte();
  return { dsfid, uid, afi, blockBytesLess1, blocksLess1: cursor.byte(), icReference: cursor.byte() };
}

/** Inverse of {@link readSystemInformation}. */
export function writeSystemInformation(information: SystemInformation): Uint8Array {
  const { dsfid, uid, afi, blockBytesLess1, blocksLess1, icReference } = information;
  return join([dsfid], fromHex(uid) ?? [], [afi, blockBytesLess1, blocksLess1, icReference]);
}

/** Undefined when `data` is no list of security states, to the last byte. */
export function readBlockSecurity(data: Uint8Array): readonly number[] | undefined {
  const [count, ...security] = data;
  return count !== undefined && count > 0 && security.length === count ? security : undefined;
}

/** Inverse of {@link readBlockSecurity}. */
export function writeBlockSecurity(security: readonly number[]): Uint8Array {
  return join([security.length], security);
}
