/**
 * Command and error numbers of the 3M readers.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, command codes and error codes.
 */

/** First byte of every body. */
export const COMMAND = {
  readBlocks: 0x02,
  checkEas: 0x03,
  writeBlocks: 0x04,
  writeAfi: 0x09,
  getAfi: 0x0a,
  controlEas: 0x0c,
  version: 0x11,
  inventory: 0xfe,
} as const;

/** Second byte of every answer. */
export const ERROR = {
  ok: 0x00,
  notImplemented: 0x02,
  /** Also what checkEas answers where EAS is off: the two cannot be told apart. */
  noTransponder: 0x06,
  memoryNotAvailable: 0x11,
  memoryLocked: 0x12,
  readFailed: 0x15,
  writeFailed: 0x16,
  notSupported: 0x30,
  optionNotSupported: 0x31,
} as const;

/** What a frame with start byte D5 carries before its version: the probe that looks for a reader. */
export const PROBE_BODY: readonly number[] = [0x04, 0x00, 0x11];

/** Inventory options: what the answer holds for each tag. Bit 2 is set by every program we have seen. */
export const INVENTORY_OPTION = { uid: 0x01, dsfid: 0x02, default: 0x05 } as const;
