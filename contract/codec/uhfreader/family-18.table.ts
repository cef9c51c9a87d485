/**
 * Commands and answers of the UHFReader18 family: UHFReader18, CF-RU5102 and their kin. One antenna, no signal strength,
 * 57600 baud.
 *
 * Source: UHFReader18 User's Manual V2.0, chapter 8.
 */
import { command, answer, type Family } from '#contract/codec/uhfreader/message.ts';
import {
  counted,
  EMPTY,
  group,
  hex,
  hexRest,
  optional,
  sizedHex,
  struct,
  u8,
  words,
  wordsRest,
  type Body,
} from '#contract/codec/uhfreader/fields.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import { byteMask, onTag, writingOnTag } from '#contract/codec/uhfreader/tag-fields.ts';

const password = hex(4);
/** ISO 18000-6B, least significant byte first. */
const id = hex(8);
const OK = [STATUS.ok];
const INVENTORY = [STATUS.inventoryDone, STATUS.inventoryTimedOut, STATUS.moreFrames, STATUS.memoryFull];
const INVENTORY_6B = [0x15, 0x16, 0x17, 0x18];

const targeted = <Value extends object>(body: Body<Value>) => onTag(body, byteMask, false);
const writing = writingOnTag(
  (count) => struct({ mem: u8, wordPtr: u8, data: words(count), pwd: password }),
  byteMask,
  false,
);
const reading = targeted(struct({ mem: u8, wordPtr: u8, num: u8, pwd: password }));
const epcs = struct({ epcs: counted(sizedHex) });
const wiegand = { wgMode: u8, wgDataInterval: u8, wgPulseWidth: u8, wgPulseInterval: u8 };
const workMode = { readMode: u8, modeState: u8, memInven: u8, firstAdr: u8, wordNum: u8, tagTime: u8 };

const COMMANDS = {
  inventory: command(0x01, struct({ tid: optional(group(struct({ adrTid: u8, lenTid: u8 }))) })),
  read: command(0x02, reading),
  write: command(0x03, writing),
  'write-epc': command(0x04, writtenEpc()),
  kill: command(0x05, targeted(struct({ killPwd: password }))),
  lock: command(0x06, targeted(struct({ select: u8, setProtect: u8, pwd: password }))),
  'block-erase': command(0x07, reading),
  'read-protect': command(0x08, targeted(struct({ pwd: password }))),
  'read-protect-any': command(0x09, struct({ pwd: password })),
  'reset-read-protect': command(0x0a, struct({ pwd: password })),
  'check-read-protect': command(0x0b, EMPTY),
  'set-eas': command(0x0c, targeted(struct({ pwd: password, eas: u8 }))),
  'check-eas': command(0x0d, EMPTY),
  'block-lock': command(0x0e, targeted(struct({ pwd: password, wrdPointer: u8 }))),
  'inventory-single': command(0x0f, EMPTY),
  'block-write': command(0x10, writing),
  'inventory-6b': command(0x50, EMPTY),
  'inventory-many-6b': command(0x51, struct({ condition: u8, start: u8, mask: u8, wordData: hex(8) })),
  'read-6b': command(0x52, struct({ start: u8, id, num: u8 })),
  'write-6b': command(0x53, struct({ start: u8, id, wdata: hexRest })),
  'check-lock-6b': command(0x54, struct({ start: u8, id })),
  'lock-6b': command(0x55, struct({ start: u8, id })),
  'reader-info': command(0x21, EMPTY),
  'set-region': command(0x22, struct({ maxFre: u8, minFre: u8 })),
  'set-address': command(0x24, struct({ newAddress: u8 })),
  'set-scan-time': command(0x25, struct({ scanTime: u8 })),
  'set-baud-rate': command(0x28, struct({ baudRate: u8 })),
  'set-power': command(0x2f, struct({ power: u8 })),
  signal: command(0x33, struct({ activeT: u8, silentT: u8, times: u8 })),
  'set-wiegand': command(0x34, struct(wiegand)),
  'set-work-mode': command(0x35, struct(workMode)),
  'work-mode': command(0x36, EMPTY),
  'set-eas-accuracy': command(0x37, struct({ accuracy: u8 })),
  'set-syris-offset': command(0x38, struct({ offsetTime: u8 })),
  'trigger-time': command(0x3b, struct({ triggerTime: u8 })),
} as const;

const ANSWERS = {
  inventory: answer(0x01, INVENTORY, epcs),
  'inventory-single': answer(0x0f, INVENTORY, epcs),
  read: answer(0x02, OK, struct({ data: wordsRest })),
  'check-read-protect': answer(0x0b, OK, struct({ readPro: u8 })),
  'inventory-6b': answer(0x50, OK, struct({ id })),
  'inventory-many-6b': answer(0x51, INVENTORY_6B, struct({ ids: counted(id) })),
  'read-6b': answer(0x52, OK, struct({ data: hexRest })),
  'check-lock-6b': answer(0x54, OK, struct({ lockState: u8 })),
  'reader-info': answer(
    0x21,
    OK,
    struct({
      version: hex(2),
      type: u8,
      trType: u8,
      maxFre: u8,
      minFre: u8,
      power: u8,
      scanTime: u8,
    }),
  ),
  'work-mode': answer(0x36, OK, struct({ ...wiegand, ...workMode, accuracy: u8, offsetTime: u8 })),
  'trigger-time': answer(0x3b, OK, struct({ triggerTime: u8 })),
  /** Pushed in scan and trigger mode: an EPC, or the words that the work mode names. */
  pushed: answer(0xee, OK, struct({ data: hexRest })),
} as const;

export const FAMILY_18 = { commands: COMMANDS, answers: ANSWERS } as const satisfies Family;

function writtenEpc(): Body<{ pwd: string; wepc: string }> {
  return {
    read(from) {
      const count = from.byte();
      return { pwd: password.read(from), wepc: words(count).read(from) };
    },
    write: ({ pwd, wepc }) => [wepc.length / 4, ...password.write(pwd), ...words(0).write(wepc)],
    shape: { pwd: password.schema, wepc: words(0).schema },
  };
}
