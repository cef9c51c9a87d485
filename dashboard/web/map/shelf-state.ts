import type { ShownShelf } from '#dashboard/web/past/past-rows.ts';

/** The one meaning of a shelf's state, the same in map, list and panel. */
export function shelfMeaning(row: ShownShelf | undefined): 'fine' | 'unknown' {
  return row?.state === 'live' || row?.state === 'unscheduled' ? 'fine' : 'unknown';
}

export function shelfWordKey(row: ShownShelf | undefined): string {
  switch (row?.state) {
    case undefined:
    case 'unequipped':
      return 'shelf.unequipped';
    case 'unknown':
      return 'shelf.unknown';
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
