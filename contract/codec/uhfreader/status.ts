/**
 * How a command ended, the byte behind the command in every answer; and what a tag said when it refused.
 *
 * Source: UHFReader18 User's Manual V2.0, chapters 5 and 6; UHFReader288MP User's Manual V1.14, chapters 5, 6, 8.2.1
 * (26, F8) and 8.4.23 (28).
 */
export const STATUS = {
  ok: 0x00,
  /** All tags were told, also those of frames before this one. */
  inventoryDone: 0x01,
  /** The scan time was over first; what was heard has been told. */
  inventoryTimedOut: 0x02,
  /** More frames follow. */
  moreFrames: 0x03,
  memoryFull: 0x04,
  wrongAccessPassword: 0x05,
  killFailed: 0x09,
  killPasswordZero: 0x0a,
  tagLacksCommand: 0x0b,
  accessPasswordZero: 0x0c,
  lockedBytes: 0x10,
  cannotLock: 0x11,
  alreadyLocked: 0x12,
  /** Behind the last frame, where it was asked for. */
  statistics: 0x26,
  /** Nothing was heard for a while. */
  heartbeat: 0x28,
  easAlarm: 0xee,
  antennaFault: 0xf8,
  executionFailed: 0xf9,
  /** There is a tag, but it cannot be understood. */
  poorCommunication: 0xfa,
  noTag: 0xfb,
  /** One byte follows, one of {@link TAG_ERROR}. */
  tagError: 0xfc,
  wrongLength: 0xfd,
  /** Unknown command or wrong checksum; the command byte of the answer is 0. */
  illegalCommand: 0xfe,
  wrongParameter: 0xff,
} as const;

/** Those and the few that only ISO 18000-6B, QT and NXP commands give. */
export const STATUSES: ReadonlySet<number> = new Set([
  ...Object.values(STATUS),
  ...[0x0d, 0x0e, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a],
]);

/** EPC Gen2 error codes. */
export const TAG_ERROR = {
  other: 0x00,
  memoryOverrun: 0x03,
  memoryLocked: 0x04,
  insufficientPower: 0x0b,
  nonSpecific: 0x0f,
} as const;
