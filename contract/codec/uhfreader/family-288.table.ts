/**
 * Commands and answers of the UHFReader288 family: UHFReader288(M, MP), RRU9816, CF-RU5x06, CF-MU8xx, MU90x, and with
 * some more commands UHFEx10. 57600 baud, TCP 6000 or 27011.
 *
 * Antennas: a command names one as 80 + number - 1. Answers name it by a bit (01 = 1, 02 = 2, 04 = 3, …) on readers with
 * up to eight, by number - 1 on those with sixteen.
 *
 * Source: UHFReader288MP User's Manual V1.14, chapter 8; the commands 15, 16, 18, 70 to 7B and 9x also as the vendor's
 * libraries (UHFReader288 DLL, UHFReaderModule, com.rfid.trans) write them.
 */
import { command, answer, type Family } from '#contract/codec/uhfreader/message.ts';
import {
  bytesRest,
  counted,
  EMPTY,
  group,
  hex,
  hexSchema,
  hexToBytes,
  optional,
  sizedHex,
  sizedWords,
  struct,
  u16,
  u32,
  u8,
  words,
  wordsRest,
  type Body,
  type ByteReader,
} from '#contract/codec/uhfreader/fields.ts';
import { STATUS } from '#contract/codec/uhfreader/status.ts';
import {
  bitMask,
  firstFit,
  HEARD_TAGS,
  masked,
  onTag,
  searching,
  writingOnTag,
} from '#contract/codec/uhfreader/tag-fields.ts';

const password = hex(4);
const OK = [STATUS.ok];
const INVENTORY = [STATUS.inventoryDone, STATUS.inventoryTimedOut, STATUS.moreFrames, STATUS.memoryFull];

const targeted = <Value extends object>(body: Body<Value>) => onTag(body, bitMask, true);
const writing = (ptr: typeof u8) =>
  writingOnTag((count) => struct({ mem: u8, wordPtr: ptr, data: words(count), pwd: password }), bitMask, true);

const inventory = searching(struct({ qValue: u8, session: u8 }), { search: true });
const read = (ptr: typeof u8) => targeted(struct({ mem: u8, wordPtr: ptr, num: u8, pwd: password }));

const [tag, longTag] = HEARD_TAGS;
const tags = struct({ ant: u8, tags: firstFit([counted(tag), counted(longTag)]) });
const statistics = struct({ ant: u8, readRate: u16, totalCount: u32 });
const mixed = struct({
  ant: u8,
  packets: counted(group(struct({ packetParam: u8, data: sizedHex, rssi: u8 }))),
});
const kept = struct({ tags: counted(group(struct({ ant: u8, epc: sizedHex, rssi: u8, count: u8 }))) });

/** Mask fields that are always there, with room for the longest mask. */
const fixedMask = { maskMem: u8, maskAdr: u16, maskLen: u8, maskData: hex(32) };

/** EPC bits that must, or must not, be there. */
const byEpc: Body<{ matchType: number; matchLen: number; matchOffset: number; epcData: string }> = struct({
  matchType: u8,
  matchLen: u16,
  matchOffset: u16,
  epcData: { read: (from: ByteReader) => from.hex(from.leftBytes), write: hexToBytes, schema: hexSchema },
});

/** One byte for readers with four or eight antennas; three, with the antennas as a u16, for those with more. */
const fewAntennas = struct({ ant: u8 });
const manyAntennas = struct({ setOnce: u8, antennas: u16 });

const COMMANDS = {
  inventory: command(0x01, inventory),
  read: command(0x02, read(u8)),
  write: command(0x03, writing(u8)),
  'write-epc': command(0x04, onWrittenEpc()),
  kill: command(0x05, targeted(struct({ killPwd: password }))),
  lock: command(0x06, targeted(struct({ select: u8, setProtect: u8, pwd: password }))),
  'block-erase': command(0x07, read(u8)),
  'read-protect': command(0x08, targeted(struct({ pwd: password }))),
  'read-protect-any': command(0x09, struct({ pwd: password })),
  'reset-read-protect': command(0x0a, struct({ pwd: password })),
  'check-read-protect': command(0x0b, EMPTY),
  'set-eas': command(0x0c, targeted(struct({ pwd: password, eas: u8 }))),
  'check-eas': command(0x0d, EMPTY),
  'inventory-single': command(0x0f, EMPTY),
  'block-write': command(0x10, writing(u8)),
  'read-extended': command(0x15, read(u16)),
  'write-extended': command(0x16, writing(u16)),
  'inventory-buffer': command(0x18, inventory),
  'inventory-mix': command(
    0x19,
    masked(struct({ qValue: u8, session: u8 }), struct({ readMem: u8, readAdr: u16, readLen: u8, pwd: password }), 8),
  ),
  'inventory-by-epc': command(0x1a, byEpc),
  'inventory-qt': command(0x1b, inventory),
  'reader-info': command(0x21, EMPTY),
  'set-region': command(0x22, struct({ maxFre: u8, minFre: u8 })),
  'set-address': command(0x24, struct({ newAddress: u8 })),
  'set-scan-time': command(0x25, struct({ scanTime: u8 })),
  'set-baud-rate': command(0x28, struct({ baudRate: u8 })),
  /** One power for all antennas, or one for each. */
  'set-power': command(0x2f, struct({ power: bytesRest })),
  signal: command(0x33, struct({ activeT: u8, silentT: u8, times: u8 })),
  /** Readers before the MP generation. */
  'set-auto-mode': command(0x35, struct({ readMode: u8 })),
  'system-parameters': command(0x36, EMPTY),
  'set-eas-accuracy': command(0x37, struct({ accuracy: u8 })),
  'set-inlay-type': command(0x3a, struct({ inlayType: u8 })),
  'set-auto-mask': command(0x3b, struct({ mask: bitMask })),
  'set-auto-answer': command(0x3c, struct({ repCondition: u8, repPauseTime: u8 })),
  'set-auto-pause': command(0x3d, struct({ readPauseTime: u8 })),
  'set-auto-protocol': command(0x3e, struct({ tagProtocol: u8 })),
  'set-antennas': command(0x3f, fewAntennas),
  'set-many-antennas': command(0x3f, manyAntennas),
  'set-beep': command(0x40, struct({ beepEn: u8 })),
  'set-clock': command(0x41, struct({ clock: hex(6) })),
  clock: command(0x42, EMPTY),
  'clear-tags': command(0x44, EMPTY),
  'set-relay': command(0x45, struct({ relayTime: u8 })),
  'set-gpio': command(0x46, struct({ outputPin: u8 })),
  gpio: command(0x47, EMPTY),
  'set-pulse': command(0x48, struct({ outputRep: u8 })),
  'set-trigger-time': command(0x49, struct({ triggerTime: u8 })),
  'set-auto-tid': command(0x4a, struct({ adrTid: u8, lenTid: u8 })),
  'serial-number': command(0x4c, EMPTY),
  'start-fast-inventory': command(0x50, struct({ target: u8 })),
  'stop-fast-inventory': command(0x51, EMPTY),
  'set-antenna-check': command(0x66, struct({ checkAnt: u8 })),
  'set-save-length': command(0x70, struct({ saveLen: u8 })),
  'save-length': command(0x71, EMPTY),
  'buffered-tags': command(0x72, EMPTY),
  'clear-buffer': command(0x73, EMPTY),
  'buffered-count': command(0x74, EMPTY),
  'set-real-time': command(
    0x75,
    searching(struct({ tagProtocol: u8, readPauseTime: u8, fltTime: u8, qValue: u8, session: u8 }), { search: false }),
  ),
  'set-read-mode': command(0x76, struct({ readMode: u8 })),
  'real-time': command(0x77, EMPTY),
  /** Bit 7: set, else ask. x 30 s. */
  'heartbeat-time': command(0x78, struct({ heartBeatTime: u8 })),
  'set-write-power': command(0x79, struct({ writePower: u8 })),
  'write-power': command(0x7a, EMPTY),
  'retry-times': command(0x7b, struct({ retryTimes: u8 })),
  'set-user-password': command(0x7d, struct({ userPwd: password })),
  'user-password': command(0x7e, EMPTY),
  profile: command(0x7f, struct({ profile: u8 })),
  drm: command(0x90, struct({ drm: u8 })),
  'return-loss': command(0x91, struct({ testFreq: u32, ant: u8 })),
  temperature: command(0x92, EMPTY),
  stop: command(0x93, EMPTY),
  'antenna-powers': command(0x94, EMPTY),
} as const;

const ANSWERS = {
  inventory: answer(0x01, INVENTORY, tags),
  'inventory-statistics': answer(0x01, [STATUS.statistics], statistics),
  'inventory-single': answer(0x0f, INVENTORY, tags),
  'inventory-by-epc': answer(0x1a, INVENTORY, tags),
  'inventory-qt': answer(0x1b, INVENTORY, tags),
  'inventory-qt-statistics': answer(0x1b, [STATUS.statistics], statistics),
  'inventory-mix': answer(0x19, INVENTORY, mixed),
  'inventory-mix-statistics': answer(0x19, [STATUS.statistics], statistics),
  'inventory-buffer': answer(0x18, OK, struct({ bufferCount: u16, tagNum: u16 })),
  read: answer(0x02, OK, struct({ data: wordsRest })),
  'read-extended': answer(0x15, OK, struct({ data: wordsRest })),
  'check-read-protect': answer(0x0b, OK, struct({ readPro: u8 })),
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
      ant: u8,
      beepEn: u8,
      outputRep: u8,
      checkAnt: u8,
    }),
  ),
  'system-parameters': answer(
    0x36,
    OK,
    struct({
      readMode: u8,
      accuracy: u8,
      repCondition: u8,
      repPauseTime: u8,
      readPauseTime: u8,
      tagProtocol: u8,
      ...fixedMask,
      later: optional(group(struct({ triggerTime: u8, adrTid: u8, lenTid: u8 }))),
    }),
  ),
  'inlay-type': answer(0x3a, OK, struct({ inlayType: u8 })),
  clock: answer(0x42, OK, struct({ clock: hex(6) })),
  gpio: answer(0x47, OK, struct({ outputPin: u8 })),
  'serial-number': answer(0x4c, OK, struct({ serialNo: hex(4) })),
  'save-length': answer(0x71, OK, struct({ saveLen: u8 })),
  'buffered-tags': answer(0x72, INVENTORY, kept),
  'buffered-count': answer(0x74, OK, struct({ count: u16 })),
  'real-time': answer(
    0x77,
    OK,
    struct({
      readMode: u8,
      tagProtocol: u8,
      readPauseTime: u8,
      fltTime: u8,
      qValue: u8,
      session: u8,
      ...fixedMask,
      adrTid: u8,
      lenTid: u8,
    }),
  ),
  'heartbeat-time': answer(0x78, OK, struct({ heartBeatTime: u8 })),
  'write-power': answer(0x7a, OK, struct({ writePower: u8 })),
  'retry-times': answer(0x7b, OK, struct({ retryTimes: u8 })),
  'user-password': answer(0x7e, OK, struct({ userPwd: password })),
  profile: answer(0x7f, OK, struct({ profile: u8 })),
  drm: answer(0x90, OK, struct({ drm: u8 })),
  'return-loss': answer(0x91, OK, struct({ returnLoss: u8 })),
  temperature: answer(0x92, OK, struct({ plusMinus: u8, temperature: u8 })),
  'antenna-powers': answer(0x94, OK, struct({ power: bytesRest })),
  /** Pushed in real-time mode, by nobody's command. */
  tag: answer(0xee, OK, struct({ ant: u8, tag: firstFit([tag, longTag]) })),
  heartbeat: answer(0xee, [STATUS.heartbeat], struct({ packetNo: u32, antStatus: hex(8), totalCount: u32 })),
} as const;

export const FAMILY_288 = { commands: COMMANDS, answers: ANSWERS } as const satisfies Family;

/** The number of words stands before the password, the words behind it. */
function onWrittenEpc(): Body<{ pwd: string; wepc: string }> {
  return {
    read(from) {
      const count = from.byte();
      return { pwd: password.read(from), wepc: words(count).read(from) };
    },
    write: ({ pwd, wepc }) => [wepc.length / 4, ...password.write(pwd), ...words(0).write(wepc)],
    shape: { pwd: password.schema, wepc: sizedWords.schema },
  };
}
