/**
 * What a gateway can be asked to do, kind by kind: what the command says (`args`) and what its reply tells (`result`).
 * The envelope around it is `command` in status.ts; the reply is an observation of kind `reply`.
 *
 * A reply that is not `done` may carry a result all the same: what was reached before it failed.
 */
import { z } from 'zod';
import { placeId, readerId, tagKey } from '#contract/domain/ids.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';

/** Which tag: `uid:E004…` on an HF reader, `epc:3034…` on a UHF reader, upper-case hex. */
export const tagName = z.string().regex(/^(?:uid:E0[0-9A-F]{14}|epc:(?:[0-9A-F]{4}){1,31})$/, 'uid:E0… or epc:…');

const hex = z.string().regex(/^(?:[0-9A-F]{2})*$/, 'upper-case hex');
const byte = z.int().min(0).max(0xff);
const part = z.int().min(1).max(255);

/** What a library writes on an item's tag; fields that a format has no room for are refused, never dropped. */
export const writtenContent = z
  .strictObject({
    /** The barcode. */
    itemId: z.string().min(1).max(64),
    isil: z.string().min(1).max(32).optional(),
    /** ISO 28560 type of usage; 8, a patron's card, is never written here. */
    usage: z.int().min(0).max(15).optional(),
    /** "Part 2 of 3". */
    part: part.optional(),
    parts: part.optional(),
  })
  .refine(({ usage }) => usage !== 8, { error: 'a patron card is not written here', path: ['usage'] })
  .refine(({ part: one = 1, parts = 1 }) => one <= parts, { error: 'not above parts', path: ['part'] });
export type WrittenContent = z.infer<typeof writtenContent>;

/** `other`: neither blank nor in a format that is known here. */
const tagStanding = z.enum(['item', 'blank', 'other']);

const readContent = z.object({
  format: z.string().max(32),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  itemId: z.string().max(64),
  isil: z.string().max(32).optional(),
  usage: byte.optional(),
  part: z.int().min(0).max(999).optional(),
  parts: z.int().min(0).max(999).optional(),
  /** Of formats that have a checksum. */
  crc: z.enum(['ok', 'absent']).optional(),
});
export type ReadContent = z.infer<typeof readContent>;

const securityMarks = z.object({
  /** By the library's profile; `none` where it uses no such mark. */
  state: z.enum(['secured', 'unsecured', 'unknown', 'none']),
  afi: byte.optional(),
  isEasOn: z.boolean().optional(),
});
export type SecurityMarks = z.infer<typeof securityMarks>;

const foundTag = z.object({
  tag: tagName,
  standing: tagStanding,
  content: readContent.optional(),
  security: securityMarks,
  dsfid: byte.optional(),
  antenna: z.int().min(0).max(1024).optional(),
  rssiDbm: z.number().optional(),
});
export type FoundTag = z.infer<typeof foundTag>;

/** Tags told in one answer; more lie on no pad. */
export const TAGS_LISTED_MAX = 200;

export const listTagsResult = z.object({
  tags: z.array(foundTag).max(TAGS_LISTED_MAX),
  /** How many of them lie there is all that is ever told of patrons' cards. */
  patronCards: z.int().min(0),
  /** Tags that could not be read: each may be a patron's card, so nothing else is told. */
  unread: z.int().min(0),
});
export type ListTagsResult = z.infer<typeof listTagsResult>;

const recognition = z.object({
  /** As `shelfwise decode tag` names it; `unknown` where the evidence is too weak. */
  format: z.string().max(32),
  /** 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** What speaks for it and against, in English; the sentences are those of contract/codec/tag/evidence.ts. */
  evidence: z.array(z.string().max(160)).max(16),
});
export type Recognition = z.infer<typeof recognition>;

const readTagResult = foundTag.extend({
  /** Absent from a gateway that does not tell. */
  recognised: recognition.optional(),
  /** What stands there beside the content and would be lost if the tag were written anew, in the words of the standard. */
  beside: z.array(z.string().max(64)).max(64).optional(),
  /** HF. */
  memory: z
    .object({
      blockBytes: z.int().min(1).max(32),
      data: hex,
      /** Numbers of the blocks locked for good. */
      lockedBlocks: z.array(z.int().min(0).max(2047)).max(2048),
      /** False where the reader could not tell how much more there is. */
      isWhole: z.boolean(),
    })
    .optional(),
  /** UHF, by Gen2 bank. */
  banks: z.object({ pc: hex, epc: hex, tid: hex.optional(), user: hex.optional() }).optional(),
});
export type ReadTagResult = z.infer<typeof readTagResult>;

const securityStep = z.object({
  mark: z.enum(['afi', 'eas', 'pc-afi', 'epc-bit']),
  /** Done only if it was read back. */
  isDone: z.boolean(),
  code: z.string().max(64).optional(),
});
export type SecurityStep = z.infer<typeof securityStep>;

const setSecurityResult = z.object({
  tag: tagName,
  /** How the tag answers from now on; differs from `tag` where the mark is a bit of the EPC. */
  newTag: tagName,
  secured: z.boolean(),
  steps: z.array(securityStep).max(4),
  /** What stands on the tag. */
  content: readContent.optional(),
});
export type SetSecurityResult = z.infer<typeof setSecurityResult>;

const writeTagResult = z.object({
  tag: tagName,
  newTag: tagName,
  format: z.string().max(32),
  content: readContent,
  /** The content was read back and is right, whatever became of DSFID and security. */
  isWritten: z.boolean(),
  /** Blocks (HF) or words (UHF) that had to change. */
  changed: z.int().min(0),
  /** Some were written and others not: write it again, it is recognised. */
  isTorn: z.boolean(),
  dsfid: z.object({ wanted: byte, isDone: z.boolean(), code: z.string().max(64).optional() }).optional(),
  /** Where the command asked for it. */
  security: setSecurityResult.pick({ secured: true, steps: true }).optional(),
});
export type WriteTagResult = z.infer<typeof writeTagResult>;

const scanResult = z.object({ isScanning: z.boolean() });

const captureResult = z.object({
  /** In the gateway's own folder. */
  file: z.string().max(300),
  bytes: z.int().min(0),
  chunks: z.int().min(0),
});
export type CaptureResult = z.infer<typeof captureResult>;

const sweepResult = z.object({
  /** The one that goes on now. */
  session: z.string().max(64).nullable(),
  ended: z.string().max(64).nullable(),
  wand: readerId,
  place: placeId.nullable().optional(),
});

interface CommandDefinition {
  readonly summary: string;
  readonly args: z.ZodType;
  readonly result: z.ZodType;
  /** From the request to the deadline, if nobody says otherwise: the longest that a person waits at a desk. */
  readonly secondsDefault: number;
}

/** Every kind; a reader that cannot do one answers `refused`, `not-supported`. */
export const COMMANDS = {
  'list-tags': {
    summary: 'What lies on the reader now',
    args: z.strictObject({}),
    result: listTagsResult,
    secondsDefault: 15,
  },
  'read-tag': {
    summary: 'Everything on one tag',
    args: z.strictObject({ tag: tagName }),
    result: readTagResult,
    secondsDefault: 15,
  },
  'write-tag': {
    summary: 'Programmes a tag, or writes what stands on it in another format',
    args: z.strictObject({
      tag: tagName,
      /** Left out: what stands on the tag stays. */
      content: writtenContent.optional(),
      /** Left out: the one of the profile. */
      format: z.string().min(1).max(32).optional(),
      /** Without it only a blank tag, or one of the same item that has nothing else on it, is written. */
      overwrite: z.boolean().optional(),
      /** Left out: the security stays as it is. */
      secured: z.boolean().optional(),
    }),
    result: writeTagResult,
    secondsDefault: 30,
  },
  'set-security': {
    summary: 'Secures a tag or opens it for loan; done only when read back',
    args: z.strictObject({ tag: tagName, secured: z.boolean() }),
    result: setSecurityResult,
    secondsDefault: 15,
  },
  'start-scan': {
    summary: 'The reader scans again',
    args: z.strictObject({}),
    result: scanResult,
    secondsDefault: 30,
  },
  'stop-scan': {
    summary: 'The reader rests, for so many seconds or until it is started; a restart of the gateway starts it too',
    args: z.strictObject({ seconds: z.int().min(1).max(86_400).optional() }),
    result: scanResult,
    secondsDefault: 30,
  },
  'start-sweep': {
    summary: 'A wand begins a sweep, and ends the one that goes on',
    args: z.strictObject({ place: placeId.optional() }),
    result: sweepResult,
    secondsDefault: 15,
  },
  'end-sweep': {
    summary: 'A wand ends its sweep',
    args: z.strictObject({}),
    result: sweepResult,
    secondsDefault: 15,
  },
  find: {
    summary: 'A wand tells the signal of these tags several times a second; an empty list ends it',
    args: z.strictObject({ tags: z.array(tagKey).max(200), seconds: z.int().min(1).max(600) }),
    result: z.object({ tags: z.int().min(0) }),
    secondsDefault: 15,
  },
  capture: {
    summary: 'The gateway records the raw bytes of the reader into its folder',
    args: z.strictObject({ seconds: z.int().min(1).max(600) }),
    result: captureResult,
    secondsDefault: 660,
  },
} as const satisfies Record<string, CommandDefinition>;

export type CommandKind = keyof typeof COMMANDS;
export const COMMAND_KINDS = Object.keys(COMMANDS) as [CommandKind, ...CommandKind[]];
export type CommandArgs<Kind extends CommandKind> = z.infer<(typeof COMMANDS)[Kind]['args']>;

/** True for a kind of this version. */
export function isCommandKind(kind: string): kind is CommandKind {
  return Object.hasOwn(COMMANDS, kind);
}

/** The longest life of a command: what nobody has done within an hour is asked for again by a person. */
export const COMMAND_SECONDS_MAX = 3600;

/** Sentences for people. The codes are public, so a code is never renamed. */
export const COMMAND_CODES = {
  'unknown-command': 'this gateway knows no such command',
  'unknown-target': 'this gateway has no such reader',
  'args-invalid': 'what the command says does not fit its kind',
  'not-supported': 'this reader, tag or profile has no such function',
  busy: 'too many commands wait for this reader',
  'reader-away': 'the reader does not answer or does not scan',
  'no-tag': 'the tag did not answer; at the edge of the field it may the next time',
  unanswered: 'the reader did not answer in time, though it is there',
  'read-failed': 'the tag answered, and could not be read',
  'write-failed': 'the tag answered, and did not take what was written',
  locked: 'the place on the tag is locked for good',
  'no-such-block': 'the tag has no such memory',
  'wrong-password': 'the tag wants another password; this one is not tried on it again',
  'secret-missing': 'the profile names a password that the gateway was not given',
  'patron-card': "a patron's card lies there; it is never touched or told of",
  'tag-not-blank': 'something stands on the tag that cannot be read; overwrite says that it may go',
  'other-item': 'the tag belongs to another item; overwrite says that it may go',
  'elements-lost': 'more stands on the tag than would be written again; overwrite says that it may go',
  'nothing-to-keep': 'what stands on the tag cannot be read, so it cannot be kept',
  'format-unknown': 'this gateway cannot write that format',
  'content-invalid': 'the content does not fit the format or the tag',
  'not-verified': 'it was written, but reading back gave something else',
  partial: 'some of it was done; the result says what',
  interrupted: 'the gateway was restarted meanwhile; nobody knows how far it came',
  internal: 'a fault of the gateway; its log says more',
} as const;
export type CommandCode = keyof typeof COMMAND_CODES;

/** What a gateway should be set to (topic `…/config`), sent at each connection and change until its status agrees. */
export const desiredConfig = z.looseObject({ tagProfile: tagProfile.optional() });
export type DesiredConfig = z.infer<typeof desiredConfig>;
