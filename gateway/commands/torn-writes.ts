/**
 * Writes to tags that were begun and not yet read back. A tag that left the field half written decodes as nothing: by
 * what was noted here it is recognised, and its content is known, when it comes back.
 */
import { z } from 'zod';
import type { Clock } from '#contract/clock.ts';
import { writtenContent, type WrittenContent } from '#contract/wire/commands.ts';
import type { Outbox } from '#gateway/outbox/outbox.ts';

/** Far more than lie about half written at once. */
const TORN_MAX = 1000;

export interface TornWrite {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly content: WrittenContent;
  /** What stood there, where it was an item. */
  readonly previous: WrittenContent | undefined;
}

export interface TornWrites {
  find(tag: string): TornWrite | undefined;
  note(tag: string, torn: TornWrite): void;
  clear(tag: string): void;
}

const noted = z.object({ content: writtenContent, previous: writtenContent.optional() });

export function createTornWrites(outbox: Pick<Outbox, 'database'>, clock: Clock): TornWrites {
  return {
    find(tag) {
      const row = outbox.database.prepare('SELECT before, after, content FROM torn_write WHERE tag = ?').get([tag]);
      const { before, after, content } = row ?? {};
      if (!(before instanceof Uint8Array) || !(after instanceof Uint8Array) || typeof content !== 'string') {
        return undefined;
      }
      const kept = noted.safeParse(JSON.parse(content)).data;
      if (kept === undefined) return undefined;
      // Copies: a Buffer's slices would share its bytes.
      return { ...kept, before: Uint8Array.from(before), after: Uint8Array.from(after), previous: kept.previous };
    },
    note(tag, { before, after, content, previous }) {
      outbox.database.transaction(() => {
        outbox.database
          .prepare('INSERT OR REPLACE INTO torn_write (tag, at, before, after, content) VALUES (?, ?, ?, ?, ?)')
          .run([tag, clock.nowMs(), before, after, JSON.stringify({ content, previous })]);
        outbox.database
          .prepare(
            `DELETE FROM torn_write WHERE tag IN (SELECT tag FROM torn_write ORDER BY at DESC LIMIT -1 OFFSET ${TORN_MAX})`,
          )
          .run();
      });
    },
    clear(tag) {
      outbox.database.prepare('DELETE FROM torn_write WHERE tag = ?').run([tag]);
    },
  };
}

/** The block that was being written when the tag left may hold anything. */
const ODD_PIECES_MAX = 1;

/**
 * Whether a memory is what a write leaves that was cut off: each piece as it was before, or as it was to be, and the
 * first one perhaps cleared.
 */
export function isTornBy(torn: TornWrite, memory: Uint8Array, pieceBytes: number): boolean {
  if (memory.length < torn.after.length) return false;
  let odd = 0;
  for (let at = 0; at < torn.after.length; at += pieceBytes) {
    const piece = memory.subarray(at, Math.min(at + pieceBytes, torn.after.length));
    const isCleared = at === 0 && piece.every((byte) => byte === 0);
    const isKnown = [torn.before, torn.after].some((side) => isSame(piece, side.subarray(at, at + piece.length)));
    if (!isCleared && !isKnown) odd += 1;
  }
  return odd <= ODD_PIECES_MAX;
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
