import type { CommandView } from '#contract/wire/rest-commands.ts';
import { isWorthRetrying } from '#dashboard/web/api/problem.ts';

/** Most answers are there within a second; then nobody gains by asking often. */
const OFTEN_MS = 300;
const SELDOM_MS = 1000;
const OFTEN_FOR = 12;
/** A network that was away this many looks in a row is gone. */
const MISSES_MAX = 8;

export interface CommandLook {
  /** The command as it stands now. */
  readonly look: (id: string) => Promise<CommandView>;
  readonly wait: (ms: number) => Promise<void>;
}

export function isUnderWay({ state }: CommandView): boolean {
  return state === 'waiting' || state === 'sent';
}

/**
 * Looks until the command is over; the server sees to it that every one is over some time. `onStep` hears of each look
 * that told something.
 *
 * Errors: what the last look threw, when the server cannot be reached for a while or knows the command no more.
 */
export async function followCommand(
  asked: CommandView,
  { look, wait }: CommandLook,
  onStep: (view: CommandView) => void,
): Promise<CommandView> {
  let view = asked;
  let misses = 0;
  onStep(view);
  for (let looks = 0; isUnderWay(view); looks += 1) {
    await wait(looks < OFTEN_FOR ? OFTEN_MS : SELDOM_MS);
    try {
      view = await look(view.id);
      misses = 0;
      onStep(view);
    } catch (error: unknown) {
      misses += 1;
      if (!isWorthRetrying(error) || misses >= MISSES_MAX) throw error;
    }
  }
  return view;
}
