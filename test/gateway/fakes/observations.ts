import type { Observation } from '#contract/wire/observation.ts';

const AT = '2026-03-02T09:00:00.000Z';

export function tagSeen(n: number, phase: 'new' | 'update' | 'still' | 'lost' = 'new'): Observation {
  return {
    kind: 'tag',
    reader: 'r1',
    antenna: 1,
    readPoint: 'rp-1',
    phase,
    first: AT,
    last: AT,
    reads: 1,
    cyclesSeen: 1,
    cyclesLive: 1,
    id: { epc: n.toString(16).padStart(24, '0').toUpperCase() },
  };
}

/** The number that {@link tagSeen} was given. */
export function tagNumber(observation: Readonly<Record<string, unknown>>): number {
  const id = observation['id'] as { epc?: string } | undefined;
  return Number.parseInt(id?.epc ?? '-1', 16);
}
