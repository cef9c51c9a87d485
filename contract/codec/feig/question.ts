/**
 * The question in a frame, as the bench tool shows it and as a simulated reader takes it: the command, its sub-command and
 * its fields, all by the table of messages.
 *
 * Source: see messages.table.ts.
 */
import type { EncodeError, Json, JsonObject } from '#contract/codec/format.ts';
import { join } from '#contract/codec/feig/cursor.ts';
import { ADDRESSING } from '#contract/codec/feig/codes.ts';
import { MESSAGES, type Message } from '#contract/codec/feig/messages.table.ts';
import { fitsNames, readLayout, writeLayout } from '#contract/codec/layout.ts';
import { err, ok, type Result } from '#contract/result.ts';

export interface Question {
  readonly message: Message;
  readonly fields: JsonObject;
}

/** The first message and form that `body` has; undefined for a command nobody documents, or another form of it. */
export function readQuestion(command: number, body: Uint8Array): Question | undefined {
  for (const message of MESSAGES) {
    const { prefix, asked } = message;
    if (message.command !== command || prefix.some((byte, at) => body[at] !== byte)) continue;
    for (const form of asked) {
      const fields = readLayout(form, body.subarray(prefix.length)) as JsonObject | undefined;
      if (fields !== undefined && isConsistent(fields)) return { message, fields };
    }
  }
  return undefined;
}

/** Modes of the transparent command that have a delay more. */
const EOF_MODES: ReadonlySet<number> = new Set([3, 4]);
const GRID_MODE = 5;

/** Whether the optional fields are there that the others announce. */
function isConsistent(fields: JsonObject): boolean {
  const { addressing, uid, notify, notifyTime100Ms, antenna, antennas, responseBits, mode } = fields;
  if (fields['wideAddress'] !== undefined || fields['uidLength'] !== undefined) return false;
  if (addressing !== undefined && (addressing === ADDRESSING.addressed) !== (uid !== undefined)) return false;
  if (notify !== undefined && (notify === 1) !== (notifyTime100Ms !== undefined)) return false;
  if (antenna !== undefined && (antenna === 1) !== (antennas !== undefined)) return false;
  return responseBits === undefined || isTransparentConsistent(fields, mode);
}

function isTransparentConsistent(fields: JsonObject, mode: Json | undefined): boolean {
  const kind = Number(mode) & 0x0f;
  const isEof = fields['eofDelay'] !== undefined;
  const isGrid = fields['grids'] !== undefined;
  return EOF_MODES.has(kind) === isEof && (kind === GRID_MODE) === isGrid;
}

/** The body of a question of kind `message`; unknown and missing fields are faults with their path. */
export function writeQuestion({ asked, prefix }: Message, fields: JsonObject): Result<Uint8Array, EncodeError> {
  const form = asked.find((one) => fitsNames(one, fields));
  if (form === undefined) {
    const wanted = asked.map((one) => one.map(({ name }) => name).join(', ') || 'none');
    return err({ code: 'bad-value', path: '', detail: `fields: ${[...new Set(wanted)].join('; or: ')}` });
  }
  const rest = writeLayout(form, fields);
  return rest.ok ? ok(join(prefix, rest.value)) : rest;
}
