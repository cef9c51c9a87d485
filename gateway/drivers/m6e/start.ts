/** From a module in any state to one that reads. Source: MercuryAPI, serial_reader.c, TMR_SR_boot, prepForSearch. */
import { bytesOfLayout, readLayout } from '#contract/codec/layout.ts';
import type { M6eFrame } from '#contract/codec/m6e/frame.ts';
import {
  ANTENNA_LIST,
  OPCODE,
  OPTIONAL_VALUE,
  POWER,
  PROGRAM,
  PROTOCOL,
  REGION,
  START_READING,
  STATUS,
} from '#contract/codec/m6e/messages.table.ts';
import { STREAM_METADATA } from '#contract/codec/m6e/tag-record.ts';
import { AppError } from '#contract/errors.ts';
import { commandFrame, insist, statusText, stopReading, type M6eLine } from '#gateway/drivers/m6e/line.ts';
import { REGION_CODE, type M6eSettings } from '#gateway/drivers/m6e/settings.ts';

const GEN2 = 5;
/** In the low bits of the program that runs. */
const BOOT_LOADER = 1;
const PROGRAM_MASK = 0x3;
const BOOT_TIMEOUT_MS = 2000;
/** With the filter on, a tag is told once and then no more. */
const READ_FILTER_KEY = 0x0c;
/** Configured list, streaming, large population. */
const SEARCH_FLAGS = 0x001b;
const OPTION_METADATA = 0x10;
/** Bytes of the plan below behind its opcode. */
const PLAN_BYTES = 7;

/** Boots the module if need be and sets what is to be set. Errors: DRV_READER_REFUSED, DRV_READER_SILENT, DRV_LINK_LOST. */
export async function prepare(line: M6eLine, settings: M6eSettings): Promise<void> {
  // It may still be streaming for a gateway that is no more.
  await stopReading(line);
  const running = await insist(line, commandFrame(OPCODE.currentProgram));
  const program = readLayout(PROGRAM, running.data)?.program ?? 0;
  if ((program & PROGRAM_MASK) === BOOT_LOADER) {
    await set(line, 'its firmware', commandFrame(OPCODE.bootFirmware), BOOT_TIMEOUT_MS);
  }
  await set(line, 'the Gen2 protocol', commandFrame(OPCODE.setProtocol, bytesOfLayout(PROTOCOL, { protocol: GEN2 })));
  const { region, readPowerDbm, writePowerDbm } = settings;
  if (region !== undefined) {
    const value = bytesOfLayout(REGION, { region: REGION_CODE[region] });
    await set(line, 'the setting region', commandFrame(OPCODE.setRegion, value));
  }
  if (readPowerDbm !== undefined) {
    await set(line, 'the setting readPowerDbm', commandFrame(OPCODE.setReadPower, powerOf(readPowerDbm)));
  }
  if (writePowerDbm !== undefined) {
    await set(line, 'the setting writePowerDbm', commandFrame(OPCODE.setWritePower, powerOf(writePowerDbm)));
  }
  const filterOff = bytesOfLayout(OPTIONAL_VALUE, { option: 1, key: READ_FILTER_KEY, value: '00' });
  await set(line, 'to tell each read', commandFrame(OPCODE.setOptional, filterOff));
}

function powerOf(dbm: number): Uint8Array {
  return bytesOfLayout(POWER, { powerCentiDbm: Math.round(dbm * 100) });
}

async function set(line: M6eLine, what: string, command: M6eFrame, timeoutMs?: number): Promise<void> {
  const { status = STATUS.ok } = await insist(line, command, timeoutMs);
  if (status === STATUS.ok) return;
  const sentence = `${line.name} does not take ${what} (${statusText(status)}); see the module's manual`;
  throw new AppError('DRV_READER_REFUSED', sentence, { link: line.name, status });
}

/** Has the module stream from these antennas. Undefined answers are counted by the line. Errors: as `prepare`. */
export async function startReading(line: M6eLine, antennas: readonly number[], searchMs: number): Promise<void> {
  const list = antennas.map((antenna) => ({ antennaTx: antenna, antennaRx: antenna }));
  const setList = commandFrame(OPCODE.setAntenna, bytesOfLayout(ANTENNA_LIST, { option: 2, antennas: list }));
  await set(line, `the antennas ${antennas.join(', ')}`, setList);
  const plan = bytesOfLayout(START_READING, {
    ...{ timeoutMs: 0, option: 1, subOpcode: OPCODE.readMultiple, searchFlags: 0, protocol: GEN2 },
    ...{ planBytes: PLAN_BYTES, planOpcode: OPCODE.readMultiple, planOption: OPTION_METADATA },
    ...{ planSearchFlags: SEARCH_FLAGS, planTimeoutMs: searchMs, metadataFlags: STREAM_METADATA },
  });
  await set(line, 'to read', commandFrame(OPCODE.multiProtocol, plan));
}
