/**
 * Frames of the 3M readers for the bench tool. A frame does not say which way it goes: it is shown as the answer, else
 * as the command, that is written with exactly these bytes, else with its raw body.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { byteField, fromJson, hexBytes, hexText, sameBytes, toJson } from '#contract/codec/format-json.ts';
import { frameProblem, serialSplitter } from '#contract/codec/serial-framer.ts';
import { decodeAnswer, encodeAnswer } from '#contract/codec/threem/answer.ts';
import { UID_BYTES } from '#contract/codec/threem/bytes.ts';
import { decodeCommand, encodeCommand } from '#contract/codec/threem/command.ts';
import {
  encodeFrame,
  LENGTH_MAX,
  openFrame,
  START,
  START_PROBE,
  THREEM_SHAPE,
  type ThreemFrame,
} from '#contract/codec/threem/framer.ts';
import { err, ok, type Result } from '#contract/result.ts';

const CRC_BYTES = 2;
const BLOCK_BYTES = 4;

/** Behind command and error. */
const data = hexBytes().refine(({ length }) => length + 2 + CRC_BYTES <= LENGTH_MAX, 'too long for a frame');
const uid = hexText(UID_BYTES);
const version = { vendor: byteField, major: byteField, minor: byteField, build: byteField };
const tag = z.strictObject({ uid: uid.optional(), dsfid: byteField.optional() });
const block = z.strictObject({ block: byteField, lock: byteField, data: hexBytes(BLOCK_BYTES) });
const frame = { direction: z.literal('answer') };

const answer = z.discriminatedUnion('kind', [
  z.strictObject({ ...frame, kind: z.literal('probe'), ...version }),
  z.strictObject({ ...frame, kind: z.literal('version'), ...version }),
  z
    .strictObject({
      ...frame,
      kind: z.literal('inventory'),
      afi: byteField,
      options: byteField,
      tags: z.array(tag).max(0xff),
    })
    .refine(
      ({ options, tags }) => tags.every((one) => (options & 1) === 0 || one.uid !== undefined),
      'options with bit 0 set want a uid for each tag',
    ),
  z.strictObject({ ...frame, kind: z.literal('read-blocks'), uid, blocks: z.array(block).max(0xff) }),
  z.strictObject({ ...frame, kind: z.literal('write-blocks'), uid, nextBlock: byteField.optional() }),
  z.strictObject({ ...frame, kind: z.literal('get-afi'), uid, afi: byteField }),
  z.strictObject({ ...frame, kind: z.literal('write-afi'), uid }),
  z.strictObject({ ...frame, kind: z.literal('check-eas'), uid, on: z.boolean() }),
  z.strictObject({ ...frame, kind: z.literal('control-eas'), uid }),
  z.strictObject({ ...frame, kind: z.literal('failed'), command: byteField, error: byteField, data }),
  z.strictObject({ ...frame, kind: z.literal('other'), command: byteField, data }),
]);

const request = { direction: z.literal('command') };

const command = z.discriminatedUnion('kind', [
  z.strictObject({ ...request, kind: z.literal('probe') }),
  z.strictObject({ ...request, kind: z.literal('version') }),
  z.strictObject({ ...request, kind: z.literal('inventory'), afi: byteField, options: byteField }),
  z.strictObject({ ...request, kind: z.literal('read-blocks'), uid, firstBlock: byteField, blockCount: byteField }),
  z.strictObject({
    ...request,
    kind: z.literal('write-blocks'),
    uid,
    firstBlock: byteField,
    data: hexBytes().refine(({ length }) => length % BLOCK_BYTES === 0 && length / BLOCK_BYTES <= 0xff, 'whole blocks'),
  }),
  z.strictObject({ ...request, kind: z.literal('get-afi'), uid }),
  z.strictObject({ ...request, kind: z.literal('write-afi'), uid, afi: byteField }),
  z.strictObject({ ...request, kind: z.literal('check-eas'), uid }),
  z.strictObject({ ...request, kind: z.literal('control-eas'), uid, on: z.boolean() }),
]);

const raw = z.strictObject({
  direction: z.literal('unknown'),
  start: z.literal([START, START_PROBE]),
  body: hexBytes().refine(({ length }) => length > 0 && length + CRC_BYTES <= LENGTH_MAX, 'at least one byte'),
});

const anyFrame = z.union([answer, command, raw]);

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const problem = frameProblem(THREEM_SHAPE, bytes);
  if (problem !== undefined) return err(problem);
  const { start, body } = openFrame(bytes);
  const shown = asAnswer({ start, body }, bytes) ?? asCommand({ start, body }, bytes);
  return ok(shown ?? toJson({ direction: 'unknown', start, body }));
}

/** An answer of a command we do not know looks like any command: it says nothing that its body does not. */
function asAnswer(given: ThreemFrame, bytes: Uint8Array): JsonObject | undefined {
  const read = decodeAnswer(given);
  if (!read.ok || read.value.kind === 'other') return undefined;
  // Every command whose second byte is not 0 would read as a refusal; only with a known command it is one.
  if (read.value.kind === 'failed' && asCommand(given, bytes) !== undefined) return undefined;
  return sameBytes(encodeAnswer(read.value), bytes) ? toJson({ direction: 'answer', ...read.value }) : undefined;
}

function asCommand(given: ThreemFrame, bytes: Uint8Array): JsonObject | undefined {
  const read = decodeCommand(given);
  if (!read.ok || read.value.kind === 'other') return undefined;
  return sameBytes(encodeCommand(read.value), bytes) ? toJson({ direction: 'command', ...read.value }) : undefined;
}

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const given = fromJson(anyFrame, value);
  if (!given.ok) return given;
  switch (given.value.direction) {
    case 'answer':
      return ok(encodeAnswer(given.value));
    case 'command':
      return ok(encodeCommand(given.value));
    case 'unknown':
      return ok(encodeFrame({ start: given.value.start === START ? START : START_PROBE, body: given.value.body }));
  }
}

export const threemFormat: Format = {
  name: '3m',
  summary: 'frames of the 3M library readers (D6 and D5), HF',
  notation: 'hex',
  decode,
  encode,
  split: () => serialSplitter(THREEM_SHAPE),
};
