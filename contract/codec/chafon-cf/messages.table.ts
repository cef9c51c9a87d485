/**
 * Commands and answers of the Chafon CF family.
 *
 * Source: CFApi.h of the vendor's SDK (CF591) for names and order; captured frames of UHF Prime Reader, H103 and CF-MU910
 * readers for 0001, 0002, 0007, 0050 to 0053, 0070 to 0072. Lock and kill are laid out after the SDK's calls only.
 */
import {
  EMPTY,
  hex,
  hexRest,
  i16,
  optional,
  sizedHex,
  sizedWords,
  struct,
  u16,
  u32,
  u8,
} from '#contract/codec/uhfreader/fields.ts';
import { answer, command, type Family } from '#contract/codec/uhfreader/message.ts';

/** The byte behind the command of every answer. */
export const CF_STATUS = {
  ok: 0x00,
  wrongParameter: 0x01,
  failed: 0x02,
  /** All is told. */
  over: 0x12,
  tagSilent: 0x14,
  tagGarbled: 0x15,
  authentication: 0x16,
  wrongPassword: 0x17,
  noMoreData: 0xff,
} as const;

/** What a tag answered to a work on it. */
export const CF_TAG_STATUS = {
  ok: 0x00,
  notSupported: 0x01,
  noRight: 0x02,
  memoryOverrun: 0x03,
  memoryLocked: 0x04,
  lowPower: 0x0b,
} as const;

const OK = [CF_STATUS.ok];
const password = hex(4);
const parameters = struct({
  ...{ addr: u8, rfidPro: u8, workMode: u8, interface: u8, baudRate: u8, wgSet: u8 },
  /** A bit for each antenna. */
  ant: u8,
  ...{ region: u8, startFreI: u16, startFreD: u16, stepFre: u16, cn: u8 },
  ...{ rfidPower: u8, inquiryArea: u8, qValue: u8, session: u8, acsAddr: u8, acsDataLen: u8 },
  ...{ filterTime: u8, triggerTime: u8, buzzerTime: u8, pollingInterval: u8 },
});
const versions = { hardware: hex(32), firmware: hex(32), serialNumber: hex(12) };
const tagResult = { tagStatus: u8, antenna: u8, crc: hex(2), pc: hex(2), epc: sizedHex };
const mask = optional(hexRest);

const COMMANDS = {
  /** `invType` 0: for so many seconds, 0 without end; 1: so many rounds. */
  inventory: command(0x0001, struct({ invType: u8, invParam: u32 })),
  stop: command(0x0002, EMPTY),
  read: command(0x0003, struct({ option: u8, accPwd: password, memBank: u8, wordPtr: u16, wordCount: u8 })),
  write: command(0x0004, struct({ option: u8, accPwd: password, memBank: u8, wordPtr: u16, data: sizedWords })),
  lock: command(0x0005, struct({ accPwd: password, area: u8, action: u8 })),
  kill: command(0x0006, struct({ killPwd: password })),
  /** Which tags are worked on: those whose EPC has these bits. No bits: all. */
  'set-mask': command(0x0007, struct({ maskPtr: u16, maskBits: u8, mask })),
  'set-select': command(
    0x0010,
    struct({ protocol: u8, target: u8, truncate: u8, action: u8, memBank: u8, maskPtr: u16, maskBits: u8, mask }),
  ),
  'set-query': command(0x0012, struct({ protocol: u8, condition: u8, session: u8, target: u8 })),
  init: command(0x0050, EMPTY),
  info: command(0x0051, EMPTY),
  reboot: command(0x0052, EMPTY),
  'set-power': command(0x0053, struct({ power: u8, reserved: u8 })),
  'set-frequency': command(0x0055, struct({ region: u8, startFreI: u16, startFreD: u16, stepFre: u16, cn: u8 })),
  'baud-rate': command(0x005a, struct({ option: u8, baudRate: u8 })),
  beep: command(0x005b, struct({ option: u8, on: u8 })),
  'device-info': command(0x0070, EMPTY),
  'set-parameters': command(0x0071, parameters),
  parameters: command(0x0072, EMPTY),
} as const;

const ANSWERS = {
  /** `rssi` in tenths of dBm, `antenna` from 1. */
  inventory: answer(0x0001, OK, struct({ rssi: i16, antenna: u8, channel: u8, epc: sizedHex })),
  read: answer(0x0003, OK, struct({ ...tagResult, data: sizedWords })),
  write: answer(0x0004, OK, struct(tagResult)),
  lock: answer(0x0005, OK, struct(tagResult)),
  kill: answer(0x0006, OK, struct(tagResult)),
  'device-info': answer(
    0x0070,
    OK,
    struct({
      ...versions,
      ...{ moduleHardware: hex(32), moduleFirmware: hex(32), moduleSerialNumber: hex(12) },
    }),
  ),
  parameters: answer(0x0072, OK, parameters),
} as const;

export const FAMILY_CF = { commands: COMMANDS, answers: ANSWERS } as const satisfies Family;
