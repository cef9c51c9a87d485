/**
 * C1G2InventoryCommand (330): which tags answer in an inventory round, and how.
 *
 *     330 | state aware: bit 7 of u8 | 331* | 335? | 336? | Custom* |
 *     331 Filter       | truncate: bits 7-6 of u8 | 332 | 333? | 334? |
 *     332 Mask         | memory bank: bits 7-6 of u8 | first bit u16 | mask bits u16 | mask |
 *     333 / 334        | target u8, action u8 |  /  | action u8 |
 *     335 RFControl    | mode identifier u16 (not its place in the table) | tari ns u16 |
 *     336 Singulation  | session: bits 7-6 of u8 | population u16 | transit ms u32 | 337? |
 *     337              | bit 7 inventoried flag is B, bit 6 SL is not asserted, bit 5 all (1.1) |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 16.2.1.2 and 17.3.1.2.
 */
import { fromHex, toHex } from '#contract/hex.ts';
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

export const INVENTORY_COMMAND = 330;
const FILTER = 331;
const MASK = 332;
const STATE_AWARE_ACTION = 333;
const STATE_UNAWARE_ACTION = 334;
const RF_CONTROL = 335;
const SINGULATION = 336;
const SINGULATION_STATE = 337;

/** Which tags a Select command marks, and what it does to them; action numbers as in the standard's tables. */
export interface InventoryFilter {
  /** 0 = reader decides, 1 = do not truncate, 2 = truncate. */
  readonly truncate: number;
  /** 1 = EPC, 2 = TID, 3 = user memory. */
  readonly memoryBank: number;
  /** First bit of the bank that is compared; bit 32 of bank 1 starts the EPC. */
  readonly firstBit: number;
  readonly maskBits: number;
  /** Upper-case hex, padded with zero bits to whole bytes. */
  readonly mask: string;
  readonly stateAware?: { readonly target: number; readonly action: number };
  readonly stateUnawareAction?: number;
}

export interface Singulation {
  /** 0..3. */
  readonly session: number;
  /** How many tags are expected in the field. */
  readonly population: number;
  readonly transitMs: number;
  /** Raw flags of parameter 337. */
  readonly stateFlags?: number;
}

export interface InventoryCommand {
  readonly stateAware: boolean;
  readonly filters: readonly InventoryFilter[];
  readonly rfControl?: { readonly modeId: number; readonly tariNs: number };
  readonly singulation?: Singulation;
  readonly custom: readonly CustomParameter[];
}

/** Reads the value of a C1G2InventoryCommand parameter. */
export function readInventoryCommand(body: FieldReader): InventoryCommand {
  const stateAware = body.u8() >= 0x80;
  const filters: InventoryFilter[] = [];
  const custom: CustomParameter[] = [];
  let rfControl: InventoryCommand['rfControl'];
  let singulation: Singulation | undefined;
  for (const { type, body: value } of body.parameters()) {
    if (type === FILTER) filters.push(readFilter(value));
    else if (type === RF_CONTROL) rfControl = { modeId: value.u16(), tariNs: value.u16() };
    else if (type === SINGULATION) singulation = readSingulation(value);
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return { stateAware, filters, ...(rfControl && { rfControl }), ...(singulation && { singulation }), custom };
}

function readFilter(body: FieldReader): InventoryFilter {
  const truncate = body.u8() >> 6;
  let mask = { memoryBank: 0, firstBit: 0, maskBits: 0, mask: '' };
  let stateAware: InventoryFilter['stateAware'];
  let stateUnawareAction: number | undefined;
  for (const { type, body: value } of body.parameters()) {
    if (type === MASK) mask = readMask(value);
    else if (type === STATE_AWARE_ACTION) stateAware = { target: value.u8(), action: value.u8() };
    else if (type === STATE_UNAWARE_ACTION) stateUnawareAction = value.u8();
  }
  return {
    truncate,
    ...mask,
    ...(stateAware && { stateAware }),
    ...(stateUnawareAction !== undefined && { stateUnawareAction }),
  };
}

function readMask(body: FieldReader): Pick<InventoryFilter, 'memoryBank' | 'firstBit' | 'maskBits' | 'mask'> {
  const memoryBank = body.u8() >> 6;
  const firstBit = body.u16();
  const maskBits = body.u16();
  return { memoryBank, firstBit, maskBits, mask: toHex(body.take(Math.ceil(maskBits / 8))) };
}

function readSingulation(body: FieldReader): Singulation {
  const session = body.u8() >> 6;
  const population = body.u16();
  const transitMs = body.u32();
  for (const { type, body: value } of body.parameters()) {
    if (type === SINGULATION_STATE) return { session, population, transitMs, stateFlags: value.u8() };
  }
  return { session, population, transitMs };
}

/** Writes one C1G2InventoryCommand parameter. */
export function writeInventoryCommand(out: FieldWriter, command: InventoryCommand): void {
  const { rfControl, singulation } = command;
  out.tlv(INVENTORY_COMMAND, () => {
    out.u8(command.stateAware ? 0x80 : 0);
    for (const filter of command.filters) writeFilter(out, filter);
    if (rfControl !== undefined) {
      out.tlv(RF_CONTROL, () => {
        out.u16(rfControl.modeId);
        out.u16(rfControl.tariNs);
      });
    }
    if (singulation !== undefined) writeSingulation(out, singulation);
    writeCustom(out, command.custom);
  });
}

function writeFilter(out: FieldWriter, filter: InventoryFilter): void {
  const { stateAware, stateUnawareAction } = filter;
  out.tlv(FILTER, () => {
    out.u8(filter.truncate << 6);
    out.tlv(MASK, () => {
      out.u8(filter.memoryBank << 6);
      out.u16(filter.firstBit);
      out.u16(filter.maskBits);
      out.put((fromHex(filter.mask) ?? new Uint8Array(0)).subarray(0, Math.ceil(filter.maskBits / 8)));
    });
    if (stateAware !== undefined) {
      out.tlv(STATE_AWARE_ACTION, () => {
        out.u8(stateAware.target);
        out.u8(stateAware.action);
      });
    }
    if (stateUnawareAction !== undefined) {
      out.tlv(STATE_UNAWARE_ACTION, () => {
        out.u8(stateUnawareAction);
      });
    }
  });
}

function writeSingulation(out: FieldWriter, singulation: Singulation): void {
  const { stateFlags } = singulation;
  out.tlv(SINGULATION, () => {
    out.u8(singulation.session << 6);
    out.u16(singulation.population);
    out.u32(singulation.transitMs);
    if (stateFlags !== undefined) {
      out.tlv(SINGULATION_STATE, () => {
        out.u8(stateFlags);
      });
    }
  });
}
