/**
 * Numbers of the FEIG host protocol.
 *
 * Source: FEIG ID ISC.PR101 system manual H60301-3e-ID-B, chapters 4 to 8 and annex D; ID ISC.LR1002 H20411-0e-ID-B,
 * chapter 10 (buffer commands, status 84, 85, 93). Status 90 and which statuses carry data: FEIG's own SDK,
 * FEDM_ISCReader::SendProtocol.
 */
export const COMMAND = {
  readBuffer: 0x21,
  readBufferAdvanced: 0x22,
  readBufferInfo: 0x31,
  clearBuffer: 0x32,
  initializeBuffer: 0x33,
  forceNotification: 0x34,
  baudRateDetection: 0x52,
  softwareVersion: 0x65,
  readerInfo: 0x66,
  rfReset: 0x69,
  rfOnOff: 0x6a,
  diagnostic: 0x6e,
  systemTimer: 0x86,
  systemTimeAndDate: 0x88,
  isoHost: 0xb0,
  isoCustom: 0xb1,
  transparent: 0xbf,
} as const;

/** What follows {@link COMMAND.isoHost}. */
export const ISO = {
  inventory: 0x01,
  stayQuiet: 0x02,
  lockBlocks: 0x22,
  readBlocks: 0x23,
  writeBlocks: 0x24,
  select: 0x25,
  resetToReady: 0x26,
  writeAfi: 0x27,
  lockAfi: 0x28,
  writeDsfid: 0x29,
  lockDsfid: 0x2a,
  systemInformation: 0x2b,
  blockSecurity: 0x2c,
} as const;

/** Follows {@link COMMAND.isoCustom}; 04 is the ISO 7816-6 number of NXP (Philips). */
export const MANUFACTURER_NXP = 0x04;

/** Custom commands of NXP's tags, as the tag knows them. */
export const NXP = {
  setEas: 0xa2,
  resetEas: 0xa3,
  easAlarm: 0xa5,
  getRandomNumber: 0xb2,
  setPassword: 0xb3,
} as const;

/** First byte of every answer. */
export const STATUS = {
  ok: 0x00,
  noTransponder: 0x01,
  dataFalse: 0x02,
  writeError: 0x03,
  addressError: 0x04,
  wrongTransponderType: 0x05,
  authenticationError: 0x08,
  eepromFailure: 0x10,
  parameterRange: 0x11,
  loginRequest: 0x13,
  loginError: 0x14,
  readProtect: 0x15,
  writeProtect: 0x16,
  firmwareActivation: 0x17,
  unknownCommand: 0x80,
  lengthError: 0x81,
  notAvailable: 0x82,
  rfCommunication: 0x83,
  rfWarning: 0x84,
  epcError: 0x85,
  noValidData: 0x92,
  bufferOverflow: 0x93,
  moreData: 0x94,
  isoError: 0x95,
  hardwareWarning: 0xf1,
} as const;

/** The answer holds what was asked for, whatever else the status says. */
export const DATA_STATUSES: ReadonlySet<number> = new Set([
  STATUS.ok,
  STATUS.rfCommunication,
  STATUS.rfWarning,
  STATUS.epcError,
  0x90,
  STATUS.bufferOverflow,
  STATUS.moreData,
  STATUS.hardwareWarning,
]);

/** Second byte of an answer with {@link STATUS.isoError}: what the tag itself said. Source: ISO/IEC 15693-3, 7.4.2. */
export const ISO_ERROR = {
  notSupported: 0x01,
  notRecognized: 0x02,
  optionNotSupported: 0x03,
  unknown: 0x0f,
  blockNotAvailable: 0x10,
  blockAlreadyLocked: 0x11,
  blockLocked: 0x12,
  blockNotProgrammed: 0x13,
  blockNotLocked: 0x14,
} as const;

/** How a tag is meant: the low three bits of a MODE byte. */
export const ADDRESSING = { none: 0, addressed: 1, selected: 2 } as const;

/** TR-TYPE: what kind of tag it is. */
export const TR_TYPE = { iso15693: 0x03, iso14443a: 0x04, iso14443b: 0x05, gen2: 0x84 } as const;
