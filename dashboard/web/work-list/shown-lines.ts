/** What the screen shows of a list: with what was ticked off here, and with what has just gone from it. */
import type { WorkLine } from '#contract/wire/rest-work-list.ts';
import type { Waiting } from '#dashboard/web/offline/outbox.ts';
import type { TickOff } from '#dashboard/web/offline/tick-offs.ts';
import { lineKey, type ShownLine } from './group-lines.ts';

/** A line that was ticked off here counts as done at once, whoever knows of it yet. */
export function withWaiting(rows: readonly WorkLine[], waiting: readonly Waiting<TickOff>[]): readonly ShownLine[] {
  if (waiting.length === 0) return rows;
  const mine = new Map(waiting.map((entry) => [lineKey(entry.body.line), entry]));
  return rows.map((row) => {
    const entry = mine.get(lineKey(row));
    return entry?.body.line.place === row.place
      ? { ...row, tickedOffAt: entry.at, outcome: entry.body.line.outcome, isWaiting: true }
      : row;
  });
}

export interface Gone {
  readonly line: ShownLine;
  /** Where it stood in the list. */
  readonly index: number;
}

/** More than these at once is another list, not people putting books back. */
export const GONE_MAX = 8;

/** Lines that were there before and are not any more. */
export function goneFrom(before: readonly WorkLine[], now: readonly WorkLine[]): readonly Gone[] {
  const left = new Set(now.map(lineKey));
  const gone = before.flatMap((line, index) => (left.has(lineKey(line)) ? [] : [{ line, index }]));
  return gone.length > GONE_MAX ? [] : gone;
}

/** Puts the lines that have just gone where they were. */
export function withGone(rows: readonly ShownLine[], gone: readonly Gone[]): readonly ShownLine[] {
  const shown = [...rows];
  const there = new Set(rows.map(lineKey));
  for (const { line, index } of gone.toSorted((a, b) => a.index - b.index)) {
    if (!there.has(lineKey(line))) shown.splice(Math.min(index, shown.length), 0, line);
  }
  return shown;
}

export function isOpen(line: ShownLine): boolean {
  return line.tickedOffAt === null && line.gone === undefined;
}
