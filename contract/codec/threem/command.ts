/**
 * Commands to a 3M reader.
 *
 *     FE inventory    | AFI, 00 = all | options |
 *     02 read blocks  | UID | first block | blocks |
 *     04 write blocks | UID | first block | blocks | 00 | 4 bytes each |
 *     0A get AFI      | UID |            09 write AFI    | UID | AFI |
 *     03 check EAS    | UID |            0C control EAS  | UID | 00 or 01 |
 *     11 version      |                  probe (in a D5 frame) | 04 00 11 |
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, command descriptions.
 */
import { assert } from '#contract/assert.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { BLOCK_BYTES, BodyReader, join, uidBytes } from '#contract/codec/threem/bytes.ts';
import { COMMAND, PROBE_BODY } from '#contract/codec/threem/codes.ts';
import { encodeFrame, START, START_PROBE, type ThreemFrame } from '#contract/codec/threem/framer.ts';
import { err, ok, type Result } from '#contract/result.ts';

export type ThreemCommand =
  | { readonly kind: 'probe' }
  | { readonly kind: 'version' }
  | { readonly kind: 'inventory'; readonly afi: number; readonly options: number }
  | { readonly kind: 'read-blocks'; readonly uid: string; readonly firstBlock: number; readonly blockCount: number }
  | { readonly kind: 'write-blocks'; readonly uid: string; readonly firstBlock: number; readonly data: Uint8Array }
  | { readonly kind: 'get-afi'; readonly uid: string }
  | { readonly kind: 'write-afi'; readonly uid: string; readonly afi: number }
  | { readonly kind: 'check-eas'; readonly uid: string }
  | { readonly kind: 'control-eas'; readonly uid: string; readonly on: boolean }
  | { readonly kind: 'other'; readonly command: number; readonly data: Uint8Array };

/** The whole frame of a command, ready for the line. */
export function encodeCommand(command: ThreemCommand): Uint8Array {
  return encodeFrame({ start: command.kind === 'probe' ? START_PROBE : START, body: commandBody(command) });
}

function commandBody(command: ThreemCommand): Uint8Array {
  switch (command.kind) {
    case 'probe':
      return join(PROBE_BODY);
    case 'version':
      return join([COMMAND.version]);
    case 'inventory':
      return join([COMMAND.inventory, command.afi, command.options]);
    case 'read-blocks':
      return join([COMMAND.readBlocks], uidBytes(command.uid), [command.firstBlock, command.blockCount]);
    case 'write-blocks': {
      assert(command.data.length % BLOCK_BYTES === 0, 'whole blocks are written');
      const blockCount = command.data.length / BLOCK_BYTES;
      return join([COMMAND.writeBlocks], uidBytes(command.uid), [command.firstBlock, blockCount, 0], command.data);
    }
    case 'get-afi':
      return join([COMMAND.getAfi], uidBytes(command.uid));
    case 'write-afi':
      return join([COMMAND.writeAfi], uidBytes(command.uid), [command.afi]);
    case 'check-eas':
      return join([COMMAND.checkEas], uidBytes(command.uid));
    case 'control-eas':
      return join([COMMAND.controlEas], uidBytes(command.uid), [command.on ? 1 : 0]);
    case 'other':
      return join([command.command], command.data);
  }
}

/**
 * Reads the command in a frame, as a simulated reader does. A command we do not know is given as `other`.
 *
 * Errors: `truncated`, `bad-length` (the body does not have the bytes of its command).
 */
export function decodeCommand(frame: ThreemFrame): Result<ThreemCommand, CodecError> {
  const body = new BodyReader(frame.body);
  const command = frame.start === START_PROBE ? readProbe(body) : readCommand(body);
  body.end();
  return body.error === undefined ? ok(command) : err(body.error);
}

function readProbe(body: BodyReader): ThreemCommand {
  body.take(PROBE_BODY.length);
  return { kind: 'probe' };
}

function readCommand(body: BodyReader): ThreemCommand {
  const command = body.byte();
  switch (command) {
    case COMMAND.version:
      return { kind: 'version' };
    case COMMAND.inventory:
      return { kind: 'inventory', afi: body.byte(), options: body.byte() };
    case COMMAND.readBlocks:
      return { kind: 'read-blocks', uid: body.uid(), firstBlock: body.byte(), blockCount: body.byte() };
    case COMMAND.writeBlocks: {
      const uid = body.uid();
      const firstBlock = body.byte();
      const blockCount = body.byte();
      body.byte();
      return { kind: 'write-blocks', uid, firstBlock, data: body.take(BLOCK_BYTES * blockCount) };
    }
    case COMMAND.getAfi:
      return { kind: 'get-afi', uid: body.uid() };
    case COMMAND.writeAfi:
      return { kind: 'write-afi', uid: body.uid(), afi: body.byte() };
    case COMMAND.checkEas:
      return { kind: 'check-eas', uid: body.uid() };
    case COMMAND.controlEas:
      return { kind: 'control-eas', uid: body.uid(), on: body.byte() !== 0 };
    default:
      return { kind: 'other', command, data: body.rest() };
  }
}
