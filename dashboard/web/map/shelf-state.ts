import type { ShelfRow } from '#contract/wire/live.ts';

/** The one meaning of a shelf's state, the same in map, list and panel. */
export function shelfMeaning(row: ShelfRow | undefined): 'fine' | 'unknown' {
  return row?.state === 'live' || row?.state === 'unscheduled' ? 'fine' : 'unknown';
}

export function shelfWordKey(row: ShelfRow | undefined): string {
  switch (row?.state) {
    case undefined:
    case 'unequipped':
      return 'shelf.unequipped';
    case 'dead':
      return 'shelf.dead';
    case 'blind':
      return 'shelf.blind';
    case 'live':
      return 'shelf.live';
    case 'unscheduled':
      return 'shelf.unscheduled';
  }
}
