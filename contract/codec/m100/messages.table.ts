/**
 * The messages of the M100 family: what follows each command in each direction.
 *
 * A tag in an answer is `| length of PC and EPC, u8 | PC u16 | EPC |`.
 *
 * Source: M100/QM100 firmware manual V2.1 and V2.3.3, chapters 2 to 4, with its examples; 09, 0A, 19 and F5 from the
 * constants of the maker's own demonstration program (RFID_Reader_Com, ConstCode).
 */
import {
  countedUints,
  hex,
  hexRest,
  int,
  intsRest,
  sized,
  textRest,
  uint,
  usual,
  type Layout,
} from '#contract/codec/layout.ts';

export const COMMAND = {
  moduleInformation: 0x03,
  setRegion: 0x07,
  getSelect: 0x0b,
  setSelect: 0x0c,
  setQuery: 0x0e,
  setSelectMode: 0x12,
  singlePoll: 0x22,
  multiplePoll: 0x27,
  stopMultiplePoll: 0x28,
  readMemory: 0x39,
  writeMemory: 0x49,
  setHopping: 0xad,
  setChannel: 0xab,
  setPower: 0xb6,
  failed: 0xff,
} as const;

const TAG = sized('tag', [hex('pc', 2), hexRest('epc')]);

/** One tag heard. `crc` is the tag's own, over PC and EPC. */
export const NOTICE = [int('rssiDbm', 8), hex('pc', 2), hexRest('epc', 2), hex('crc', 2)] as const;
/** The tag's PC and EPC are there where the reader had heard it before it failed. */
export const FAILURES = [[uint('error', 8)], [uint('error', 8), TAG]] as const;
export const READ_MEMORY = [
  hex('accessPassword', 4),
  uint('memBank', 8),
  uint('address', 16),
  uint('words', 16),
] as const;
export const READ_ANSWER = [TAG, hexRest('data')] as const;
export const WRITE_MEMORY = [...READ_MEMORY, hexRest('data')] as const;
export const TAG_DONE = [TAG, uint('status', 8)] as const;
export const SELECT = [
  uint('target', 3),
  uint('action', 3),
  uint('memBank', 2),
  uint('pointer', 32),
  uint('maskBits', 8),
  uint('truncate', 8),
  hexRest('mask'),
] as const;
export const MULTIPLE_POLL = [usual('reserved', 8, 0x22), uint('count', 16)] as const;
export const POWER = [uint('powerCentiDbm', 16)] as const;
export const STATUS = [uint('status', 8)] as const;
/** Bits of a Gen2 Query. */
export const QUERY = [
  uint('divideRatio', 1),
  uint('millerExponent', 2),
  uint('pilotTone', 1),
  uint('select', 2),
  uint('session', 2),
  uint('target', 1),
  uint('q', 4),
  usual('reserved', 3, 0),
] as const;
export const REGION = [uint('region', 8)] as const;
export const CHANNEL = [uint('channel', 8)] as const;
export const HOPPING = [uint('hopping', 8)] as const;
export const MODULE_INFORMATION = [uint('topic', 8)] as const;
export const MODULE_ANSWER = [uint('topic', 8), textRest('text')] as const;

const NOTHING = [] as const;
const PASSWORD = hex('accessPassword', 4);
const DEMODULATOR = [uint('mixerGain', 8), uint('ifGain', 8), uint('threshold', 16)] as const;
const CHANNEL_LEVELS = [uint('firstChannel', 8), uint('lastChannel', 8), intsRest('levelsDbm', 8)] as const;
const PORT = [uint('operation', 8), uint('port', 8), uint('value', 8)] as const;
const IDLE = [uint('idle', 8), usual('reserved', 8, 1), uint('minutes', 8)] as const;
const PERMALOCK_READ = [
  PASSWORD,
  uint('lock', 8),
  uint('memBank', 8),
  uint('blockPointer', 16),
  uint('blockRange', 8),
] as const;
const LOCK = [PASSWORD, usual('reserved', 4, 0), uint('mask', 10), uint('action', 10)] as const;

export interface Message {
  readonly code: number;
  readonly kind: string;
  readonly command?: readonly Layout[];
  readonly response?: readonly Layout[];
  readonly notice?: readonly Layout[];
}

export const MESSAGES: readonly Message[] = [
  { code: 0x03, kind: 'module-information', command: [MODULE_INFORMATION], response: [MODULE_ANSWER] },
  { code: 0x04, kind: 'idle-mode', command: [IDLE], response: [STATUS, IDLE] },
  { code: 0x07, kind: 'set-region', command: [REGION], response: [STATUS] },
  { code: 0x08, kind: 'get-region', command: [NOTHING], response: [REGION] },
  { code: 0x09, kind: 'save-configuration', command: [[uint('enable', 8)]], response: [STATUS] },
  { code: 0x0a, kind: 'load-configuration', command: [NOTHING], response: [STATUS] },
  { code: 0x0b, kind: 'get-select', command: [NOTHING], response: [SELECT] },
  { code: 0x0c, kind: 'set-select', command: [SELECT], response: [STATUS] },
  { code: 0x0d, kind: 'get-query', command: [NOTHING], response: [QUERY] },
  { code: 0x0e, kind: 'set-query', command: [QUERY], response: [STATUS] },
  { code: 0x11, kind: 'set-baud-rate', command: [[uint('hundredBaud', 16)]], response: [STATUS] },
  { code: 0x12, kind: 'set-select-mode', command: [[uint('mode', 8)]], response: [STATUS] },
  { code: 0x17, kind: 'sleep', command: [NOTHING], response: [STATUS] },
  { code: 0x19, kind: 'restart', command: [NOTHING], response: [STATUS] },
  { code: 0x1a, kind: 'control-port', command: [PORT], response: [PORT] },
  { code: 0x1d, kind: 'sleep-after', command: [[uint('minutes', 8)]], response: [[uint('minutes', 8)]] },
  { code: 0x22, kind: 'single-poll', command: [NOTHING], notice: [NOTICE] },
  { code: 0x27, kind: 'multiple-poll', command: [MULTIPLE_POLL], notice: [NOTICE] },
  { code: 0x28, kind: 'stop-multiple-poll', command: [NOTHING], response: [STATUS] },
  { code: 0x39, kind: 'read-memory', command: [READ_MEMORY], response: [READ_ANSWER] },
  { code: 0x49, kind: 'write-memory', command: [WRITE_MEMORY], response: [TAG_DONE] },
  { code: 0x65, kind: 'kill', command: [[hex('killPassword', 4)]], response: [TAG_DONE] },
  { code: 0x82, kind: 'lock', command: [LOCK], response: [TAG_DONE] },
  { code: 0xa9, kind: 'insert-channels', command: [[countedUints('channels', 8)]], response: [STATUS] },
  { code: 0xaa, kind: 'get-channel', command: [NOTHING], response: [CHANNEL] },
  { code: 0xab, kind: 'set-channel', command: [CHANNEL], response: [STATUS] },
  { code: 0xad, kind: 'set-hopping', command: [HOPPING], response: [STATUS] },
  { code: 0xb0, kind: 'set-carrier', command: [[uint('carrier', 8)]], response: [STATUS] },
  { code: 0xb6, kind: 'set-power', command: [POWER], response: [STATUS] },
  { code: 0xb7, kind: 'get-power', command: [NOTHING], response: [POWER] },
  {
    code: 0xd3,
    kind: 'block-permalock',
    command: [PERMALOCK_READ, [...PERMALOCK_READ, hexRest('mask')]],
    response: [[TAG, uint('blockRange', 8), hexRest('locked')]],
  },
  { code: 0xd4, kind: 'block-permalock-done', response: [TAG_DONE] },
  {
    code: 0xe0,
    kind: 'nxp-change-config',
    command: [[PASSWORD, hex('configWord', 2)]],
    response: [[TAG, hex('configWord', 2)]],
  },
  { code: 0xe1, kind: 'nxp-read-protect', command: [[PASSWORD, uint('reset', 8)]], response: [TAG_DONE] },
  { code: 0xe2, kind: 'nxp-reset-read-protect', response: [TAG_DONE] },
  { code: 0xe3, kind: 'nxp-change-eas', command: [[PASSWORD, uint('eas', 8)]], response: [TAG_DONE] },
  { code: 0xe4, kind: 'nxp-eas-alarm', command: [NOTHING], response: [[hex('alarmCode', 8)]] },
  {
    code: 0xe5,
    kind: 'monza-qt',
    command: [[PASSWORD, uint('write', 8), uint('persistence', 8), hex('control', 2)]],
    response: [[TAG, hex('control', 2)]],
  },
  { code: 0xe6, kind: 'monza-qt-done', response: [TAG_DONE] },
  { code: 0xf0, kind: 'set-demodulator', command: [DEMODULATOR], response: [STATUS] },
  { code: 0xf1, kind: 'get-demodulator', command: [NOTHING], response: [DEMODULATOR] },
  { code: 0xf2, kind: 'scan-jammer', command: [NOTHING], response: [CHANNEL_LEVELS] },
  { code: 0xf3, kind: 'scan-rssi', command: [NOTHING], response: [CHANNEL_LEVELS] },
  { code: 0xf5, kind: 'set-environment-mode', command: [[uint('mode', 8)]], response: [STATUS] },
  { code: 0xff, kind: 'failed', response: FAILURES },
];

/** Why a command failed; `readTag` and `writeTag` have in their low four bits what the tag said ({@link TAG_REASON}). */
export const ERROR = {
  readNoTag: 0x09,
  parameter: 0x0e,
  writeNoTag: 0x10,
  noTag: 0x15,
  accessPassword: 0x16,
  command: 0x17,
  hopping: 0x20,
  readTag: 0xa0,
  writeTag: 0xb0,
} as const;

/** Source: EPC Gen2, annex I, error codes of tags; the M100 manual lists the same. */
export const TAG_REASON = { other: 0x0, memoryOverrun: 0x3, memoryLocked: 0x4, power: 0xb, nonSpecific: 0xf } as const;
