/** The zones of the building and the counted lines between them. */
/** Where people can be. */
export const ZONES = ['hall', 'ground-shelves', 'ground-reading', 'upper-shelves', 'upper-quiet'] as const;
export type ZoneId = (typeof ZONES)[number];

/** "In" leads from `from` to `to`; `null` is the street. One counter each. */
export const LINES = [
  { id: 'door-main', from: null, to: 'hall', sensor: 'counter-door' },
  { id: 'arch-ground', from: 'hall', to: 'ground-shelves', sensor: 'counter-arch' },
  { id: 'door-reading', from: 'ground-shelves', to: 'ground-reading', sensor: 'counter-reading' },
  { id: 'stairs', from: 'hall', to: 'upper-shelves', sensor: 'counter-stairs' },
  { id: 'door-quiet', from: 'upper-shelves', to: 'upper-quiet', sensor: 'counter-quiet' },
] as const;
export type LineId = (typeof LINES)[number]['id'];
