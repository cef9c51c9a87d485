/** Readers that can write tags, and which of them a desk most likely means. */
import type { EncodingReaders } from '#contract/wire/rest-commands.ts';
import type { Place } from '#contract/domain/plan.ts';

export type EncodingReader = EncodingReaders['rows'][number];

/** Where people sit and write; a shelf's antenna hears hundreds of tags at once. */
const DESK_KINDS: ReadonlySet<Place['kind']> = new Set(['desk', 'kiosk', 'return-slot', 'hold-shelf', 'room']);

export interface ReaderChoice {
  readonly reader: EncodingReader;
  /** What its first antenna listens at. */
  readonly place: Place | undefined;
  readonly isDesk: boolean;
}

export function readerChoices(
  rows: readonly EncodingReader[],
  placeOf: (reader: string) => Place | undefined,
): readonly ReaderChoice[] {
  const choices = rows.map((reader) => {
    const place = placeOf(reader.reader);
    return { reader, place, isDesk: place === undefined || DESK_KINDS.has(place.kind) };
  });
  return choices.toSorted(
    (a, b) => Number(b.isDesk) - Number(a.isDesk) || (a.reader.reader < b.reader.reader ? -1 : 1),
  );
}

/** The one of the address, else the one this browser had, else the only desk; never a shelf by itself. */
export function chooseReader(
  choices: readonly ReaderChoice[],
  wishes: readonly (string | null | undefined)[],
): ReaderChoice | null {
  for (const wish of wishes) {
    const found = choices.find(({ reader }) => reader.reader === wish);
    if (found !== undefined) return found;
  }
  const desks = choices.filter(({ isDesk }) => isDesk);
  const able = desks.filter(({ reader }) => isReady(reader));
  return (able.length > 0 ? able : desks)[0] ?? (choices.length === 1 ? (choices[0] ?? null) : null);
}

export function isReady({ isOnline, state, isScanning }: EncodingReader): boolean {
  return isOnline && state === 'live' && isScanning;
}

/** Why nothing can be written there now; `null` when it can. */
export function hindranceOf({
  isOnline,
  state,
  isScanning,
}: EncodingReader): 'offline' | 'dead' | 'connecting' | 'resting' | null {
  if (!isOnline) return 'offline';
  if (state === 'dead') return 'dead';
  if (state === 'connecting') return 'connecting';
  return isScanning ? null : 'resting';
}
