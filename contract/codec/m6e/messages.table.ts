/**
 * The messages of the ThingMagic modules: what follows each opcode in each direction.
 *
 * Source: MercuryAPI, serial_reader_imp.h (opcodes) and serial_reader_l3.c (their layouts); SparkFun Simultaneous RFID Tag
 * Reader Library for the forms that its recorded frames have; statuses from tmr_status.h.
 */
import { bitMask, hex, hexRest, int, many, only, uint, uintsRest, usual, type Layout } from '#contract/codec/layout.ts';

export const OPCODE = {
  version: 0x03,
  bootFirmware: 0x04,
  currentProgram: 0x0c,
  readMultiple: 0x22,
  writeMemory: 0x24,
  readMemory: 0x28,
  multiProtocol: 0x2f,
  setAntenna: 0x91,
  setReadPower: 0x92,
  setProtocol: 0x93,
  setWritePower: 0x94,
  setRegion: 0x97,
  setOptional: 0x9a,
} as const;

export const STATUS = {
  ok: 0x0000,
  wrongDataBytes: 0x0100,
  invalidOpcode: 0x0101,
  invalidParameter: 0x0105,
  /** In a continuous read: the time of one search is over. */
  noTags: 0x0400,
  noDataRead: 0x0404,
  writeFailed: 0x0406,
  notImplemented: 0x0407,
  invalidAddress: 0x0409,
  generalTagError: 0x040a,
  memoryOverrun: 0x0423,
  memoryLocked: 0x0424,
  insufficientPower: 0x042b,
  antennaMissing: 0x0503,
  temperature: 0x0504,
  returnLoss: 0x0505,
} as const;

/** Says in an option that a filter by EPC follows, a password alone, or metadata flags too. */
export const OPTION = { none: 0x00, epc: 0x01, password: 0x05, epcWithMetadata: 0x11 } as const;

const NOTHING: Layout = [];
const TIMEOUT = uint('timeoutMs', 16);
const OPTION_FIELD = uint('option', 8);
const SEARCH = uint('searchFlags', 16);
const METADATA = uint('metadataFlags', 16);
/** Select with every command, and more than one filter: later firmware. */
const MULTI_SELECT = only('multiSelect', 8, 0x88);
const PASSWORD = hex('accessPassword', 4);
const POINTER = uint('pointer', 32);
const MASK = bitMask('mask');

export const PROGRAM = [uint('program', 8)] as const;
export const PROTOCOL = [uint('protocol', 16)] as const;
export const REGION = [uint('region', 8)] as const;
export const POWER = [int('powerCentiDbm', 16)] as const;
export const ANTENNA_PORTS = [uint('antennaTx', 8), uint('antennaRx', 8)] as const;
export const ANTENNA_LIST = [
  only('option', 8, 2),
  many('antennas', [uint('antennaTx', 8), uint('antennaRx', 8)]),
] as const;
export const OPTIONAL_VALUE = [only('option', 8, 1), uint('key', 8), hexRest('value')] as const;

export const VERSION = [
  hex('bootloader', 4),
  hex('hardware', 4),
  hex('firmwareDate', 4),
  hex('firmware', 4),
  hex('protocols', 4),
] as const;

const PLACE = [uint('memBank', 8), uint('address', 32), uint('words', 8)] as const;
/** The form with which the maker's own program reads one tag's memory. */
export const READ_MEMORY_OF_EPC = [
  TIMEOUT,
  only('option', 8, OPTION.epcWithMetadata),
  METADATA,
  ...PLACE,
  PASSWORD,
  MASK,
] as const;
const READ_MEMORY: readonly Layout[] = [
  [TIMEOUT, ...PLACE],
  [TIMEOUT, OPTION_FIELD, ...PLACE],
  [TIMEOUT, only('option', 8, 0x10), METADATA, ...PLACE],
  [TIMEOUT, only('option', 8, OPTION.password), ...PLACE, PASSWORD],
  [TIMEOUT, only('option', 8, 0x15), METADATA, ...PLACE, PASSWORD],
  READ_MEMORY_OF_EPC,
  [TIMEOUT, only('option', 8, OPTION.epc), ...PLACE, PASSWORD, MASK],
  [TIMEOUT, OPTION_FIELD, ...PLACE, PASSWORD, POINTER, MASK],
  [TIMEOUT, OPTION_FIELD, METADATA, ...PLACE, PASSWORD, POINTER, MASK],
];

const WRITE_PLACE = [uint('address', 32), uint('memBank', 8)] as const;
const DATA = hexRest('data');
export const WRITE_MEMORY_OF_EPC = [
  TIMEOUT,
  only('option', 8, OPTION.epc),
  ...WRITE_PLACE,
  PASSWORD,
  MASK,
  DATA,
] as const;
const WRITE_MEMORY: readonly Layout[] = [
  [TIMEOUT, only('option', 8, OPTION.none), ...WRITE_PLACE, DATA],
  [TIMEOUT, only('option', 8, OPTION.password), ...WRITE_PLACE, PASSWORD, DATA],
  WRITE_MEMORY_OF_EPC,
  [TIMEOUT, OPTION_FIELD, ...WRITE_PLACE, PASSWORD, POINTER, MASK, DATA],
];

const WRITE_EPC: readonly Layout[] = [
  [TIMEOUT, only('option', 8, OPTION.none), usual('reserved', 8, 0), hexRest('epc')],
  [TIMEOUT, only('option', 8, OPTION.password), PASSWORD, hexRest('epc')],
  [TIMEOUT, only('option', 8, OPTION.epc), PASSWORD, MASK, hexRest('epc')],
  [TIMEOUT, OPTION_FIELD, PASSWORD, POINTER, MASK, hexRest('epc')],
];

const LOCK = [PASSWORD, uint('lockMask', 16), uint('lockAction', 16)] as const;
const KILL = [hex('killPassword', 4), usual('reserved', 8, 0)] as const;

/** One search of a continuous read, or a search into the module's buffer. */
const SEARCH_FORMS: readonly Layout[] = [
  [OPTION_FIELD, SEARCH, TIMEOUT],
  [OPTION_FIELD, SEARCH, TIMEOUT, METADATA],
  [MULTI_SELECT, OPTION_FIELD, SEARCH, TIMEOUT, METADATA],
  [MULTI_SELECT, OPTION_FIELD, SEARCH, TIMEOUT, METADATA, hexRest('parameters')],
  [OPTION_FIELD, SEARCH, TIMEOUT, METADATA, hexRest('parameters')],
];

/** The length of a plan does not count its own opcode. */
const PLAN_HEAD = [uint('planBytes', 8), uint('planOpcode', 8)] as const;
const PLAN = [uint('planOption', 8), uint('planSearchFlags', 16), uint('planTimeoutMs', 16)] as const;
const START_HEAD = [
  TIMEOUT,
  only('option', 8, 1),
  uint('subOpcode', 8),
  SEARCH,
  uint('protocol', 8),
  ...PLAN_HEAD,
] as const;
export const START_READING = [...START_HEAD, ...PLAN, METADATA] as const;
export const STOP_READING = [TIMEOUT, only('option', 8, 2)] as const;
const STATS = uint('statsFlags', 16);
const MULTI_PROTOCOL: readonly Layout[] = [
  STOP_READING,
  START_READING,
  [...START_HEAD, ...PLAN, METADATA, STATS],
  [...START_HEAD, MULTI_SELECT, ...PLAN, uint('offTimeMs', 16), METADATA, STATS],
  [...START_HEAD, hexRest('plan')],
];

const TYPE_REPORT = only('responseType', 8, 2);
const TYPE_END = only('responseType', 8, 0);
const REPORT_HEAD = [OPTION_FIELD, SEARCH, TYPE_REPORT, hex('requestedStats', 2)] as const;
/** What a search says that is no tag. */
export const SEARCH_ANSWERS: readonly Layout[] = [
  NOTHING,
  [...REPORT_HEAD, only('stats', 16, 0x8200), only('statsBytes', 8, 1), int('temperatureC', 8)],
  [...REPORT_HEAD, hexRest('report')],
  [
    ...[OPTION_FIELD, SEARCH, TYPE_END, uint('tagCount', 32), uint('embeddedCount', 8), uint('embeddedOpcode', 8)],
    ...[uint('succeeded', 16), uint('failed', 16)],
  ],
  [OPTION_FIELD, SEARCH, TYPE_END, uint('tagCount', 32)],
  [OPTION_FIELD, SEARCH, uint('tagCount', 32)],
  [MULTI_SELECT, OPTION_FIELD, SEARCH, METADATA, only('responseType', 8, 1), uint('elapsedMs', 32)],
  [MULTI_SELECT, OPTION_FIELD, SEARCH, uint('tagCount', 32)],
];

const PIN = [uint('pin', 8), uint('output', 8), uint('high', 8)] as const;

export interface Message {
  readonly opcode: number;
  readonly kind: string;
  readonly command: readonly Layout[];
  readonly response: readonly Layout[];
}

function message(opcode: number, kind: string, command: readonly Layout[], response: readonly Layout[]): Message {
  return { opcode, kind, command, response };
}

/** Takes fields, confirms with nothing. */
function setter(opcode: number, kind: string, ...command: readonly Layout[]): Message {
  return message(opcode, kind, command, [NOTHING]);
}

/** Takes nothing, or which of several values; tells fields. */
function getter(opcode: number, kind: string, ...response: readonly Layout[]): Message {
  return message(opcode, kind, [NOTHING, [OPTION_FIELD]], [NOTHING, ...response]);
}

export const MESSAGES: readonly Message[] = [
  getter(0x03, 'version', VERSION),
  getter(0x04, 'boot-firmware', VERSION),
  setter(0x06, 'set-baud-rate', [uint('baud', 32)]),
  setter(0x09, 'boot-bootloader', NOTHING),
  getter(0x0c, 'get-current-program', PROGRAM),
  message(0x10, 'get-hardware-version', [[OPTION_FIELD, uint('flags', 8)]], []),
  message(0x21, 'read-tag-single', [[TIMEOUT]], [NOTHING, [hexRest('epc', 2), hex('crc', 2)]]),
  message(0x22, 'read-tag-multiple', SEARCH_FORMS, SEARCH_ANSWERS),
  setter(0x23, 'write-tag-epc', ...WRITE_EPC),
  setter(0x24, 'write-tag-memory', ...WRITE_MEMORY),
  setter(
    0x25,
    'lock-tag',
    [TIMEOUT, only('option', 8, OPTION.none), ...LOCK],
    [TIMEOUT, only('option', 8, OPTION.epc), ...LOCK, MASK],
    [TIMEOUT, OPTION_FIELD, ...LOCK, POINTER, MASK],
  ),
  setter(
    0x26,
    'kill-tag',
    [TIMEOUT, only('option', 8, OPTION.none), ...KILL],
    [TIMEOUT, only('option', 8, OPTION.epc), ...KILL, MASK],
    [TIMEOUT, OPTION_FIELD, ...KILL, POINTER, MASK],
  ),
  message(0x28, 'read-tag-memory', READ_MEMORY, []),
  message(0x29, 'get-tag-buffer', [NOTHING, [METADATA, uint('readOptions', 8)]], []),
  setter(0x2a, 'clear-tag-buffer', NOTHING),
  message(0x2f, 'multi-protocol-tag-operation', MULTI_PROTOCOL, [
    NOTHING,
    [OPTION_FIELD],
    [OPTION_FIELD, hexRest('parameters')],
  ]),
  message(
    0x61,
    'get-antenna-port',
    [NOTHING, [OPTION_FIELD]],
    [NOTHING, ANTENNA_PORTS, [only('option', 8, 5), many('ports', [uint('port', 8), uint('connected', 8)])]],
  ),
  getter(0x62, 'get-read-power', ...powerAnswers()),
  getter(0x63, 'get-protocol', PROTOCOL),
  getter(0x64, 'get-write-power', ...powerAnswers()),
  getter(0x65, 'get-hop-table', [uintsRest('channelsKhz', 32)]),
  getter(0x66, 'get-pins', [OPTION_FIELD, many('pins', PIN)]),
  getter(0x67, 'get-region', REGION),
  getter(0x68, 'get-power-mode', [uint('mode', 8)]),
  getter(0x69, 'get-user-mode', [uint('mode', 8)]),
  message(0x6a, 'get-optional', [[OPTION_FIELD, uint('key', 8)]], [[OPTION_FIELD, uint('key', 8), hexRest('value')]]),
  message(
    0x6b,
    'get-protocol-parameter',
    [[uint('protocol', 8), uint('key', 8)]],
    [[uint('protocol', 8), uint('key', 8), hexRest('value')]],
  ),
  message(0x6c, 'get-reader-statistics', [[OPTION_FIELD, hexRest('flags')]], []),
  getter(0x70, 'get-available-protocols', [uintsRest('protocols', 16)]),
  getter(0x71, 'get-available-regions', [uintsRest('regions', 8)]),
  getter(0x72, 'get-temperature', [int('temperatureC', 8)]),
  setter(
    0x91,
    'set-antenna-port',
    ANTENNA_PORTS,
    ANTENNA_LIST,
    [only('option', 8, 3), many('powers', [uint('port', 8), int('readCentiDbm', 16), int('writeCentiDbm', 16)])],
    [
      only('option', 8, 4),
      many('settlings', [uint('port', 8), int('readCentiDbm', 16), int('writeCentiDbm', 16), uint('settlingUs', 16)]),
    ],
  ),
  setter(0x92, 'set-read-power', POWER),
  setter(0x93, 'set-protocol', PROTOCOL),
  setter(0x94, 'set-write-power', POWER),
  setter(0x95, 'set-hop-table', [uintsRest('channelsKhz', 32)]),
  message(
    0x96,
    'set-pin',
    [[uint('pin', 8), uint('high', 8)], [only('option', 8, 1), ...PIN], [uint('pin', 8)]],
    [NOTHING, [OPTION_FIELD, uint('output', 8)]],
  ),
  setter(0x97, 'set-region', REGION, [only('option', 8, 1), uint('region', 8), uint('key', 8), hexRest('value')]),
  setter(0x98, 'set-power-mode', [uint('mode', 8)]),
  setter(0x99, 'set-user-mode', [uint('mode', 8)]),
  setter(0x9a, 'set-optional', OPTIONAL_VALUE),
  setter(0x9b, 'set-protocol-parameter', [uint('protocol', 8), uint('key', 8), hexRest('value')]),
  message(0x9e, 'set-license', [[OPTION_FIELD, hexRest('key')]], []),
  setter(0xc1, 'set-frequency', [uint('channelKhz', 32)]),
  setter(0xc3, 'transmit-carrier', [OPTION_FIELD], [OPTION_FIELD, hexRest('parameters')]),
];

function powerAnswers(): readonly Layout[] {
  return [POWER, [OPTION_FIELD, ...POWER], [OPTION_FIELD, ...POWER, int('maxCentiDbm', 16), int('minCentiDbm', 16)]];
}
