/**
 * From a command to what is done: checks what it says, finds its reader, and keeps the commands about tags of one reader
 * in a row, since two hands on one tag spoil it.
 */
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import { COMMANDS, isCommandKind, type CommandArgs, type CommandKind } from '#contract/wire/commands.ts';
import type { Command } from '#contract/wire/status.ts';
import type { CommandOutcome } from './command-desk.ts';
import { listHfTags, readHfTag, secureHfTag } from './hf-commands.ts';
import { writeHfTag } from './hf-write.ts';
import type { ReaderPort } from './reader-port.ts';
import type { TagSecrets } from './tag-secrets.ts';
import { refused, type TagWork } from './tag-work.ts';
import type { TornWrites } from './torn-writes.ts';
import { listUhfTags, readUhfTag, secureUhfTag } from './uhf-commands.ts';
import { writeUhfTag } from './uhf-write.ts';

/** A stack of books and then some; whoever asks for more does not wait for the answers. */
const WAITING_MAX = 64;

export interface ExecutorOptions {
  reader(id: string): ReaderPort | undefined;
  profile(): TagProfile;
  readonly secrets: TagSecrets;
  readonly torn: TornWrites;
}

type Execute = (command: Command, signal: AbortSignal) => Promise<CommandOutcome>;

export function createExecutor(options: ExecutorOptions): Execute {
  const queues = new Map<string, { turn: Promise<unknown>; waiting: number }>();

  const inTurn = async (target: string, body: () => Promise<CommandOutcome>): Promise<CommandOutcome> => {
    const queue = queues.get(target) ?? { turn: Promise.resolve(), waiting: 0 };
    queues.set(target, queue);
    if (queue.waiting >= WAITING_MAX) return refused('busy');
    queue.waiting += 1;
    const done = queue.turn.then(body);
    queue.turn = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      queue.waiting -= 1;
    }
  };

  return async (command, signal) => {
    const reader = options.reader(command.target);
    if (reader === undefined) return refused('unknown-target', command.target);
    const { kind } = command;
    if (!isCommandKind(kind)) return executeOwn(reader, command, signal);
    const parsed = COMMANDS[kind].args.safeParse(command.args);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refused('args-invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`);
    }
    if (!isTagKind(kind)) return executeReader(kind, { reader, command, args: parsed.data }, signal);
    return inTurn(command.target, async () => {
      if (signal.aborted) return { outcome: 'expired' };
      const work: TagWork = { profile: options.profile(), secrets: options.secrets, torn: options.torn, signal };
      return executeTag(kind, reader, parsed.data, work);
    });
  };
}

const TAG_KINDS = ['list-tags', 'read-tag', 'write-tag', 'set-security'] as const;
type TagKind = (typeof TAG_KINDS)[number];

function isTagKind(kind: CommandKind): kind is TagKind {
  return (TAG_KINDS as readonly string[]).includes(kind);
}

async function executeTag(kind: TagKind, reader: ReaderPort, args: unknown, work: TagWork): Promise<CommandOutcome> {
  if (!reader.isOpen) return { outcome: 'failed', code: 'reader-away' };
  const { access } = reader;
  if (kind === 'list-tags' && access?.kind !== 'hf') return listUhfTags(reader.heard(), work);
  if (access === undefined) return refused('not-supported', 'this reader cannot be asked about single tags');
  const { tag } = args as { readonly tag?: string };
  if (tag !== undefined && !tag.startsWith(access.kind === 'hf' ? 'uid:' : 'epc:')) {
    return refused(
      'args-invalid',
      `tag: ${access.kind === 'hf' ? 'an HF reader wants uid:' : 'a UHF reader wants epc:'}`,
    );
  }
  switch (kind) {
    case 'list-tags':
      return access.kind === 'hf' ? listHfTags(access, work) : listUhfTags(reader.heard(), work);
    case 'read-tag': {
      const wanted = args as CommandArgs<'read-tag'>;
      return access.kind === 'hf' ? readHfTag(access, wanted, work) : readUhfTag(access, wanted, work);
    }
    case 'write-tag': {
      const wanted = args as CommandArgs<'write-tag'>;
      return access.kind === 'hf' ? writeHfTag(access, wanted, work) : writeUhfTag(access, wanted, work);
    }
    case 'set-security': {
      const wanted = args as CommandArgs<'set-security'>;
      return access.kind === 'hf' ? secureHfTag(access, wanted, work) : secureUhfTag(access, wanted, work);
    }
  }
}

async function executeReader(
  kind: Exclude<CommandKind, TagKind>,
  { reader, command, args }: { readonly reader: ReaderPort; readonly command: Command; readonly args: unknown },
  signal: AbortSignal,
): Promise<CommandOutcome> {
  if (kind === 'capture') {
    const { seconds } = args as CommandArgs<'capture'>;
    if (reader.capture === undefined) return refused('not-supported', 'nothing records on this reader');
    const done = await reader.capture(seconds, signal);
    if (done.ok) return { outcome: 'done', result: done.value };
    return { outcome: 'failed', code: done.error.code, detail: done.error.detail };
  }
  if (kind === 'start-sweep' || kind === 'end-sweep' || kind === 'find')
    return executeWand(kind, { reader, command, args });
  // A family that can rest without letting go of the line does it its own way.
  const own = reader.isOpen ? await reader.executeOwn(command, signal) : undefined;
  if (own?.ok === true) return { outcome: 'done', result: { isScanning: kind === 'start-scan' } };
  if (own !== undefined && own.error.code !== 'unknown-command' && own.error.code !== 'not-supported') {
    return { outcome: 'refused', code: own.error.code, detail: own.error.detail };
  }
  if (kind === 'start-scan') reader.startScan();
  else await reader.stopScan((args as CommandArgs<'stop-scan'>).seconds);
  return { outcome: 'done', result: { isScanning: kind === 'start-scan' } };
}

function executeWand(
  kind: 'start-sweep' | 'end-sweep' | 'find',
  { reader, command, args }: { readonly reader: ReaderPort; readonly command: Command; readonly args: unknown },
): CommandOutcome {
  const { wand, isOpen } = reader;
  const own = { wand: command.target };
  if (wand === undefined) return refused('not-supported', 'this reader is not set up as a wand');
  if (kind === 'end-sweep') return { outcome: 'done', result: { ...own, session: null, ...wand.endSweep() } };
  if (kind === 'start-sweep') {
    const { place = null } = args as CommandArgs<'start-sweep'>;
    return { outcome: 'done', result: { ...own, ...wand.startSweep(), place } };
  }
  if (!isOpen) return { outcome: 'failed', code: 'reader-away' };
  const { tags, seconds } = args as CommandArgs<'find'>;
  wand.find(tags, seconds);
  return { outcome: 'done', result: { tags: tags.length } };
}

async function executeOwn(reader: ReaderPort, command: Command, signal: AbortSignal): Promise<CommandOutcome> {
  if (!reader.isOpen) return refused('unknown-command', command.kind);
  const done = await reader.executeOwn(command, signal);
  if (done === undefined) return refused('unknown-command', command.kind);
  return done.ok
    ? { outcome: 'done', result: done.value }
    : { outcome: 'refused', code: done.error.code, detail: done.error.detail };
}
