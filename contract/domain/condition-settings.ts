/** The rules of the work list that a library sets for itself: data an administrator edits, reduced from the journal. */
import { z } from 'zod';

const days = z.number().min(0).max(3650);
const minutes = z.number().min(0).max(1_000_000);

export const conditionSettings = z.strictObject({
  /** Rises with every change. */
  version: z.int().min(0).max(1_000_000_000),
  /** How long an item is away, by the clock, before anybody searches: a reader may have it at a table. */
  searchAfterHours: z.number().min(0).max(10_000).default(24),
  /**
   * Hours in which the home was listened to: every antenna there was live for enough cycles and heard the items beside it.
   * Hours of a dead, blind or unscheduled antenna are none.
   */
  hoursListened: z.int().min(1).max(1000).default(12),
  /** Live cycles of an antenna with the neighbours heard that make an hour count. */
  cyclesPerHour: z.int().min(1).max(3600).default(12),
  /** Other items that must stand at an antenna and be heard by it: one that hears nobody proves nothing. */
  neighbours: z.int().min(1).max(1000).default(2),
  /** Search rounds without a find before a searched item is called missing. 0: at once. */
  searchRounds: z.int().min(0).max(20).default(1),
  /** So many days of listening at home, after the search began, count as one round; 0: a fixed antenna makes no rounds. */
  listeningDaysPerRound: z.number().min(0).max(365).default(3),
  /** Available by the ILS and not heard for so long; 0 switches the list off. */
  unseenDays: days.default(7),
  /** How long an item waits on a trolley, in a return slot or on a desk before it is to be shelved. */
  trolleyMinutes: minutes.default(30),
  returnSlotMinutes: minutes.default(30),
  deskMinutes: minutes.default(240),
  /** Holds without a last day of their own stay this long on the hold shelf. */
  holdDays: days.default(7),
  /** A line that was ticked off and is still true comes back after this. */
  tickedOffMinutes: minutes.default(15),
  /** A word of the ILS about a loan needs a while to reach us, and the tag a while to be switched. */
  settleMinutes: minutes.default(10),
  /** Away from its shelf for less than this is radio, not a reader. */
  inHandMinutes: minutes.default(2),
});
export type ConditionSettings = z.infer<typeof conditionSettings>;

/** What holds in a library that has set nothing. */
export const DEFAULT_CONDITION_SETTINGS: ConditionSettings = conditionSettings.parse({ version: 0 });
