/** REST shapes of commands to gateways, of the tag profile, and of the encoding desk that stands on both. */
import { z } from 'zod';
import { HF_FORMATS } from '#contract/codec/tag/encode-content.ts';
import { barcode, readerId } from '#contract/domain/ids.ts';
import { UHF_FORMATS } from '#contract/domain/tag-profile.ts';
import { COMMAND_KINDS, COMMAND_SECONDS_MAX, COMMANDS, tagName, type CommandKind } from './commands.ts';

/** From the request to the deadline; each kind has its own default. */
const seconds = z.int().min(1).max(COMMAND_SECONDS_MAX);

function requestOf<Kind extends CommandKind>(kind: Kind) {
  return z.strictObject({
    kind: z.literal(kind),
    /** A reader of the library. */
    target: readerId,
    args: COMMANDS[kind].args,
    seconds: seconds.optional(),
  });
}

/** What somebody asks a reader to do. */
export const commandRequest = z.discriminatedUnion('kind', [
  requestOf('list-tags'),
  requestOf('read-tag'),
  requestOf('write-tag'),
  requestOf('set-security'),
  requestOf('start-scan'),
  requestOf('stop-scan'),
  requestOf('start-sweep'),
  requestOf('end-sweep'),
  requestOf('find'),
  requestOf('capture'),
]);
export type CommandRequest = z.infer<typeof commandRequest>;

/**
 * `waiting`: not sent yet, the gateway is away. `sent`: on its way or being done. `unanswered`: the time is over and no
 * answer came; one may still come when the gateway is back. The other four are answers.
 */
export const commandState = z.enum(['waiting', 'sent', 'done', 'refused', 'failed', 'expired', 'unanswered']);
export type CommandState = z.infer<typeof commandState>;

const commandFacts = z.object({
  id: z.string(),
  target: z.string(),
  gateway: z.string(),
  /** Name of the account. */
  askedBy: z.string(),
  issuedAt: z.iso.datetime(),
  deadline: z.iso.datetime(),
  state: commandState,
  /** Why it was not done. */
  code: z.string().nullable(),
  /** For people, in English. */
  detail: z.string().nullable(),
  answeredAt: z.iso.datetime().nullable(),
  /** The item whose tags follow from it. */
  barcode: z.string().nullable(),
  /** The catalogue knows the tag by its new name; true also where nothing had to change. */
  isSettled: z.boolean(),
});

function viewOf<Kind extends CommandKind>(kind: Kind) {
  // `result`: also of what was not done, as far as it came.
  return commandFacts.extend({
    kind: z.literal(kind),
    args: COMMANDS[kind].args,
    result: COMMANDS[kind].result.nullable(),
  });
}

export const commandView = z.discriminatedUnion('kind', [
  viewOf('list-tags'),
  viewOf('read-tag'),
  viewOf('write-tag'),
  viewOf('set-security'),
  viewOf('start-scan'),
  viewOf('stop-scan'),
  viewOf('start-sweep'),
  viewOf('end-sweep'),
  viewOf('find'),
  viewOf('capture'),
]);
export type CommandView = z.infer<typeof commandView>;

export const commandList = z.object({ rows: z.array(commandView), next: z.string().nullable() });

/** One line of the exported table. */
export const commandLine = commandFacts.extend({ kind: z.enum(COMMAND_KINDS) });

export const encodingReaders = z.object({
  rows: z.array(
    z.object({
      reader: z.string(),
      gateway: z.string(),
      driver: z.string(),
      state: z.enum(['connecting', 'live', 'dead']),
      isScanning: z.boolean(),
      isOnline: z.boolean(),
      /** `hf-access`, `uhf-access`. */
      can: z.array(z.string()),
      /** Version of the tag profile that its gateway works by; `null` from a gateway that does not tell. */
      profileVersion: z.number().nullable(),
    }),
  ),
  /** What can be written. */
  formats: z.object({ hf: z.array(z.string()), uhf: z.array(z.string()) }),
  /** Version of the library's tag profile; 0 before the first. */
  profileVersion: z.number(),
});
export type EncodingReaders = z.infer<typeof encodingReaders>;

const format = z.enum([...HF_FORMATS, ...UHF_FORMATS]);
/** Without it only a blank tag, or one of the same item that has nothing else on it, is written. */
const overwrite = z.boolean().default(false);
/** A new tag goes onto a shelf; `null` leaves the security as it is. */
const secured = z.boolean().nullable().default(true);

/** One tag for one item of the catalogue; owner, usage and format come from the profile. */
export const programmeRequest = z
  .strictObject({
    reader: readerId,
    tag: tagName,
    barcode,
    part: z.int().min(1).max(255).default(1),
    parts: z.int().min(1).max(255).default(1),
    usage: z.int().min(0).max(15).optional(),
    format: format.optional(),
    overwrite,
    secured,
  })
  .refine(({ part, parts }) => part <= parts, { error: 'not above parts', path: ['part'] })
  .refine(({ usage }) => usage !== 8, { error: 'a patron card is not written here', path: ['usage'] });
export type ProgrammeRequest = z.infer<typeof programmeRequest>;

/**
 * Item id, owner, usage and part are written again in another format; the security stays. What else stands on the tag
 * goes only with `overwrite`: without it the command is refused as `elements-lost`, and its detail names them.
 */
export const convertRequest = z.strictObject({ reader: readerId, tag: tagName, format, overwrite });

/** Tags of one item: the first becomes part 1, and so on. */
export const setRequest = z
  .strictObject({
    reader: readerId,
    barcode,
    tags: z.array(tagName).min(2).max(40),
    usage: z.int().min(0).max(15).optional(),
    format: format.optional(),
    overwrite,
    secured,
  })
  .refine(({ tags }) => new Set(tags).size === tags.length, { error: 'each tag once', path: ['tags'] })
  .refine(({ usage }) => usage !== 8, { error: 'a patron card is not written here', path: ['usage'] });
