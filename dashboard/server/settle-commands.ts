/**
 * What follows from an answered command: a tag that was written belongs to its item from now on, and one that was renamed
 * by its new security mark goes by its new name. Each is a new version of one catalogue row, so the engine knows it at once.
 */
import { assert } from '#contract/assert.ts';
import type { Item } from '#contract/domain/item.ts';
import { AppError } from '#contract/errors.ts';
import { COMMANDS } from '#contract/wire/commands.ts';
import type { CommandReply } from '#store/broker-state/broker-state.ts';
import type { CommandRow } from '#store/registry/registry.ts';
import type { Sources } from './sources.ts';

const PAGE = 200;
/** Answers come in seconds; those of a gateway whose line was cut come when it is back. */
const FRESH_MS = 60_000;
/** As long as a gateway keeps what it has to say. */
const GIVE_UP_MS = 30 * 86_400_000;

type Needs = Pick<Sources, 'registry' | 'brokerState' | 'log' | 'clock'>;

/** Looks at commands that are under way, or at all that still lack their answer. Returns how many were settled. */
export async function settleCommands(sources: Needs, which: 'fresh' | 'all'): Promise<number> {
  const deadlineMs = which === 'fresh' ? sources.clock.nowMs() - FRESH_MS : 0;
  let [settled, afterSeq] = [0, 0];
  for (;;) {
    const rows = sources.registry.unsettledCommands({ deadlineMs, afterSeq, limit: PAGE });
    settled += await settlePage(sources, rows);
    if (rows.length < PAGE) return settled;
    afterSeq = rows.at(-1)?.seq ?? afterSeq;
  }
}

async function settlePage(sources: Needs, rows: readonly CommandRow[]): Promise<number> {
  const { registry, clock } = sources;
  let settled = 0;
  for (const library of new Set(rows.map((row) => row.library))) {
    const some = rows.filter((row) => row.library === library);
    const progress = sources.brokerState.get()?.commands(
      library,
      some.map(({ id }) => id),
    );
    for (const row of some) {
      const reply = progress?.get(row.id)?.reply ?? null;
      const isOver = reply === null ? clock.nowMs() - row.deadlineMs > GIVE_UP_MS : await takeIn(sources, row, reply);
      if (!isOver) continue;
      registry.settleCommand(library, row.id);
      settled += 1;
    }
  }
  return settled;
}

/** False when it has to be tried again: an import of the catalogue is under way. */
async function takeIn(sources: Needs, row: CommandRow, reply: CommandReply): Promise<boolean> {
  const renamed = renamedTag(row, reply);
  if (renamed === undefined) return true;
  try {
    await moveTag(sources, row, renamed);
    return true;
  } catch (error: unknown) {
    if (error instanceof AppError && error.code === 'API_CONFLICT') return false;
    throw error;
  }
}

interface RenamedTag {
  readonly oldTag: string;
  readonly newTag: string;
  readonly itemId: string | undefined;
}

/** What the answer says about tags, also one that failed later on: what was read back is so. */
function renamedTag({ kind }: CommandRow, { result }: CommandReply): RenamedTag | undefined {
  if (kind === 'write-tag') {
    const told = COMMANDS['write-tag'].result.safeParse(result).data;
    if (told?.isWritten !== true) return undefined;
    return { oldTag: told.tag, newTag: told.newTag, itemId: told.content.itemId };
  }
  if (kind === 'set-security') {
    const told = COMMANDS['set-security'].result.safeParse(result).data;
    if (told === undefined || told.newTag === told.tag) return undefined;
    return { oldTag: told.tag, newTag: told.newTag, itemId: told.content?.itemId };
  }
  return undefined;
}

async function moveTag({ registry, log }: Needs, row: CommandRow, tag: RenamedTag): Promise<void> {
  const { library } = row;
  const { oldTag, newTag } = tag;
  const owners = registry.itemsOfTag(library, oldTag);
  const barcode = row.barcode ?? (row.kind === 'set-security' ? owners[0]?.barcode : undefined) ?? tag.itemId;
  const item = barcode === undefined ? undefined : registry.item(library, barcode);
  if (item === undefined) {
    log.info({ library, command: row.id, barcode }, 'a tag was written for an item that is not in the catalogue');
  }
  // A tag belongs to one item: whoever had it has it no more.
  for (const owner of [...owners, ...registry.itemsOfTag(library, newTag)]) {
    if (owner.barcode !== item?.barcode) await putTags(registry, owner, without(owner, oldTag, newTag));
  }
  if (item !== undefined) await putTags(registry, item, [...without(item, oldTag, newTag), newTag]);
}

function without({ tags }: Item, ...gone: readonly string[]): string[] {
  return tags.filter((tag) => !gone.includes(tag));
}

/** The catalogue has room for so many tags of one item. */
const TAGS_MAX = 40;

async function putTags(registry: Needs['registry'], owner: Item, tags: readonly string[]): Promise<void> {
  const item = registry.item(owner.library, owner.barcode);
  assert(item !== undefined, 'an item that was just read is there');
  const kept = tags.slice(-TAGS_MAX);
  const isSame = kept.length === item.tags.length && kept.every((tag) => item.tags.includes(tag));
  if (!isSame) await registry.putItem({ ...item, tags: kept });
}
