/** The demo's person with a wand looks at the screen: whoever asks there for a sweep gets one, and now and then a bay is due. */
import { join } from 'node:path';
import type { Simulation } from '#sim/simulation.ts';
import { WAND } from '#sim/wand.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';

const LOOK_MS = 500;
const COMMANDS_LOOKED_AT = 10;
const BY_ITSELF_MS = 600_000;

export function followSweepCommands(
  { folder, library }: { readonly folder: string; readonly library: string },
  simulation: Pick<Simulation, 'sweep' | 'endSweep'>,
): { close(): void } {
  const registry = openRegistryReader(join(folder, 'registry.db'));
  const newest = (): ReturnType<typeof registry.commandsBefore> =>
    registry.commandsBefore(library, { seq: Number.MAX_SAFE_INTEGER, limit: COMMANDS_LOOKED_AT });
  let seen = newest()[0]?.seq ?? 0;
  const looking = setInterval(() => {
    const fresh = newest().filter(({ seq, target }) => seq > seen && target === WAND);
    for (const { seq, kind, args } of fresh.toReversed()) {
      seen = seq;
      const { place } = args;
      if (kind === 'start-sweep') simulation.sweep(typeof place === 'string' ? place : undefined);
      else if (kind === 'end-sweep') simulation.endSweep();
    }
  }, LOOK_MS);
  const byItself = setInterval(() => simulation.sweep(), BY_ITSELF_MS);
  return {
    close() {
      clearInterval(looking);
      clearInterval(byItself);
      registry.close();
    },
  };
}
