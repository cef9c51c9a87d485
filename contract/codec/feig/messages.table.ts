/**
 * The messages of the FEIG host protocol whose bodies are fields in a row: what follows the command, and what follows the
 * status of its answer.
 *
 * A MODE byte of a tag command: bit 5 wide addresses, bit 4 UID with a length, bit 3 security status wanted, bits 2-0 how
 * the tag is meant (1: by the UID behind it). The two wide forms are shown as raw data.
 *
 * Source: FEIG ID ISC.PR101 system manual H60301-3e-ID-B, chapters 4 to 8; ID ISC.MU02.02 H90701-3e-ID-B, 9.9 (72);
 * ID ISC.LRU3000 H90202-7e-ID-B, 8.2 (88), chapter 11 (buffer); SIMATIC RF290R configuration manual
 * C79000-G8976-C377-01, 9.1 (BF, the same protocol); FEIG's own SDK: FEDM_ISCReaderID.h (bits of MODE),
 * FEDM_ISCReader::Get_0xB1_IsoTableData_NXP, FedmIscPeopleCounter (77, 78).
 */
import { COMMAND, ISO, MANUFACTURER_NXP, NXP } from '#contract/codec/feig/codes.ts';
import { hex, hexRest, many, uint, usual, type Layout, type Row } from '#contract/codec/layout.ts';

export interface Message {
  readonly kind: string;
  readonly command: number;
  /** What the body of the question begins with: the sub-command. */
  readonly prefix: readonly number[];
  /** Forms of the rest of the question; no two have the same names. */
  readonly asked: readonly Layout[];
  /** Forms of what stands behind the status; none: nothing may stand there. */
  readonly answered: readonly Layout[];
}

const NOTHING: readonly Layout[] = [[]];
const UID_BYTES = 8;

export const TIME = [uint('hour', 8), uint('minute', 8), uint('milliseconds', 16)] as const;
export const DATE = [
  uint('century', 8),
  uint('year', 8),
  uint('month', 8),
  uint('day', 8),
  uint('timeZone', 8),
] as const;
const VERSION = [
  uint('softwareMajor', 8),
  uint('softwareMinor', 8),
  uint('developmentRevision', 8),
  uint('hardwareType', 8),
  uint('readerType', 8),
  uint('transponderTypes', 16),
] as const;
const BUFFERS = [uint('receiveBufferBytes', 16), uint('transmitBufferBytes', 16)] as const;
const COUNTERS = [uint('counter1', 32), uint('counter2', 32), uint('counter3', 32), uint('counter4', 32)] as const;
const CONFIGURATION = [uint('eeprom', 1), usual('reserved', 1, 0), uint('block', 6)] as const;
const OUTPUT = [uint('output', 8), uint('state', 8), uint('time100Ms', 16)] as const;

const WIDE = [usual('flags', 2, 0), usual('wideAddress', 1, 0), usual('uidLength', 1, 0)] as const;
const MODE = [...WIDE, usual('bit3', 1, 0), uint('addressing', 3)] as const;
const READ_MODE = [...WIDE, uint('security', 1), uint('addressing', 3)] as const;

/** About one tag: with its UID, and without. */
function tag(rows: readonly Row[], mode: Layout = MODE): readonly Layout[] {
  return [
    [...mode, hex('uid', UID_BYTES), ...rows],
    [...mode, ...rows],
  ];
}

const INVENTORY = [
  uint('more', 1),
  uint('notify', 1),
  uint('presence', 1),
  uint('antenna', 1),
  usual('flags', 4, 0),
] as const;
const BLOCKS = [uint('firstBlock', 8), uint('blockCount', 8)] as const;

function simple(kind: string, command: number, asked = NOTHING, answered: readonly Layout[] = []): Message {
  return { kind, command, prefix: [], asked, answered };
}

function iso(kind: string, code: number, asked: readonly Layout[]): Message {
  return { kind, command: COMMAND.isoHost, prefix: [code], asked, answered: [] };
}

function nxp(kind: string, code: number, rows: readonly Row[] = []): Message {
  return { kind, command: COMMAND.isoCustom, prefix: [MANUFACTURER_NXP, code], asked: tag(rows), answered: [] };
}

const TRANSPARENT = [uint('mode', 8), uint('responseBits', 16), uint('responseDelay', 16)] as const;

/** Questions with a longer prefix first. Answers to 21, 22, B0, B1 and BF have files of their own, or are data. */
export const MESSAGES: readonly Message[] = [
  iso('inventory', ISO.inventory, [
    INVENTORY,
    [...INVENTORY, uint('notifyTime100Ms', 8)],
    [...INVENTORY, uint('antennas', 8)],
  ]),
  iso('stay-quiet', ISO.stayQuiet, tag([])),
  iso('lock-blocks', ISO.lockBlocks, tag(BLOCKS)),
  iso('read-blocks', ISO.readBlocks, tag(BLOCKS, READ_MODE)),
  iso('write-blocks', ISO.writeBlocks, tag([...BLOCKS, uint('blockBytes', 8), hexRest('blocks')])),
  iso('select', ISO.select, tag([])),
  iso('reset-to-ready', ISO.resetToReady, tag([])),
  iso('write-afi', ISO.writeAfi, tag([uint('afi', 8)])),
  iso('lock-afi', ISO.lockAfi, tag([])),
  iso('write-dsfid', ISO.writeDsfid, tag([uint('dsfid', 8)])),
  iso('lock-dsfid', ISO.lockDsfid, tag([])),
  iso('system-information', ISO.systemInformation, tag([])),
  iso('block-security', ISO.blockSecurity, tag(BLOCKS)),
  nxp('set-eas', NXP.setEas),
  nxp('reset-eas', NXP.resetEas),
  nxp('lock-eas', 0xa4),
  nxp('eas-alarm', NXP.easAlarm),
  nxp('password-protect-eas', 0xa6),
  nxp('write-eas-id', 0xa7, [hex('easId', 2)]),
  nxp('get-random-number', NXP.getRandomNumber),
  nxp('set-password', NXP.setPassword, [uint('passwordId', 8), hex('password', 4)]),
  nxp('write-password', 0xb4, [uint('passwordId', 8), hex('password', 4)]),
  simple('iso-host', COMMAND.isoHost, [[uint('isoCommand', 8), hexRest('data')]]),
  simple('iso-custom', COMMAND.isoCustom, [[uint('manufacturer', 8), uint('customCommand', 8), hexRest('data')]]),
  simple('transparent', COMMAND.transparent, [
    [...TRANSPARENT, uint('eofDelay', 16), hexRest('request')],
    [...TRANSPARENT, uint('grids', 16), hexRest('request')],
    [...TRANSPARENT, hexRest('request')],
  ]),
  simple('read-buffer', COMMAND.readBuffer, [[uint('dataSetCount', 8)]]),
  simple('read-buffer-advanced', COMMAND.readBufferAdvanced, [[uint('dataSetCount', 16)]]),
  simple('read-buffer-info', COMMAND.readBufferInfo, NOTHING, [
    [uint('tableSize', 16), uint('tableStart', 16), uint('tableLength', 16)],
  ]),
  simple('clear-buffer', COMMAND.clearBuffer),
  simple('initialize-buffer', COMMAND.initializeBuffer),
  simple('force-notification', COMMAND.forceNotification, [[], [uint('mode', 8)]]),
  simple('baud-rate-detection', COMMAND.baudRateDetection, [[usual('parameter', 8, 0)]]),
  simple('cpu-reset', 0x63),
  simple('system-reset', 0x64, [[uint('mode', 8)]]),
  simple('software-version', COMMAND.softwareVersion, NOTHING, [VERSION, [...VERSION, ...BUFFERS]]),
  simple(
    'reader-info',
    COMMAND.readerInfo,
    [[uint('mode', 8)]],
    [VERSION, [...VERSION, ...BUFFERS], [hexRest('data')]],
  ),
  simple('rf-reset', COMMAND.rfReset),
  simple('rf-on-off', COMMAND.rfOnOff, [[uint('rf', 8)]]),
  simple('reader-diagnostic', COMMAND.diagnostic, [[uint('mode', 8)]], [[hexRest('data')]]),
  simple('set-output', 0x71, [
    [uint('outputStates', 16), uint('flashing', 16), uint('time100Ms', 16), usual('reserved', 16, 0)],
  ]),
  simple('set-outputs', 0x72, [[usual('mode', 8, 1), uint('outputCount', 8), many('outputs', OUTPUT)]]),
  simple('get-input', 0x74, NOTHING, [[uint('inputs', 8)]]),
  simple('get-counters', 0x77, [[uint('mode', 8)]], [COUNTERS]),
  simple('set-counters', 0x78, [[uint('mode', 8), ...COUNTERS]]),
  simple('read-configuration', 0x80, [CONFIGURATION], [[hexRest('record')]]),
  simple('write-configuration', 0x81, [[...CONFIGURATION, hexRest('record')]]),
  simple('save-configuration', 0x82, [CONFIGURATION]),
  simple('default-configuration', 0x83, [CONFIGURATION]),
  simple('set-system-timer', 0x85, [TIME]),
  simple('get-system-timer', COMMAND.systemTimer, NOTHING, [TIME]),
  simple('set-system-time-and-date', 0x87, [[...DATE, ...TIME]]),
  simple('get-system-time-and-date', COMMAND.systemTimeAndDate, NOTHING, [[...DATE, ...TIME]]),
  simple('login', 0xa0, [[hex('password', 4)]]),
];
