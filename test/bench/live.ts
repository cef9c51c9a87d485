/**
 * From the engine's commit to a screen: one floor of 500 shelves, 200 moves a second at uneven times, 100 screens on it over
 * WebSocket. Dashboard, engine's writer and all screens run in this one process, so the screens' own work is in the figure.
 */
import { type Plan, plan as planSchema } from '#contract/domain/plan.ts';
import type { Diff, Room, ShelfRow } from '#contract/wire/live.ts';
import { createWorld, demoPlan, itemAt, type World } from '#test/dashboard/server/world.ts';
import type { BenchRow } from './row.ts';

const SHELVES = 500;
const SCREENS = 100;
const MOVES = 1000;
const MOVE_GAP_MS_MAX = 10;
const FLOOR: Room = { kind: 'floor', library: 'demo', floor: 'f-1' };

export async function benchLive(): Promise<BenchRow[]> {
  const world = await createWorld({ plan: floorPlan() });
  try {
    const { latenciesMs, expected } = await measure(world);
    latenciesMs.sort((a, b) => a - b);
    const at = (share: number): number => Math.round(latenciesMs[Math.floor(latenciesMs.length * share)] ?? NaN);
    const name = `live, ${SCREENS} screens, 200 moves/s, one process: commit to screen`;
    return [
      { name: `${name}, p50`, value: at(0.5), unit: 'ms', bar: { value: 150, is: 'at-most' } },
      { name: `${name}, p95`, value: at(0.95), unit: 'ms', bar: { value: 300, is: 'at-most' } },
      {
        // A shelf that changes twice in one window is told once; that is rare over 500 shelves.
        name: `${name}, values that arrived`,
        value: Math.round((latenciesMs.length / expected) * 1000) / 10,
        unit: '%',
        bar: { value: 97, is: 'at-least' },
      },
    ];
  } finally {
    await world.close();
  }
}

async function measure(world: World): Promise<{ latenciesMs: number[]; expected: number }> {
  const who = await world.signIn('ana');
  const committedMs = new Map<string, number>();
  const latenciesMs: number[] = [];
  let newest = '';
  let arrivals = 0;
  for (let i = 0; i < SCREENS; i += 1) {
    const screen = await world.connect(who);
    screen.socket.on('diff', ({ rows }: Diff) => {
      const nowMs = performance.now();
      for (const [place, row] of rows) {
        const key = `${place} ${(row as ShelfRow).items}`;
        const beganMs = committedMs.get(key);
        if (beganMs !== undefined) latenciesMs.push(nowMs - beganMs);
        if (key === newest) arrivals += 1;
      }
      screen.diffs.length = 0;
    });
    await screen.join(FLOOR);
  }
  const counts = new Map<string, number>();
  for (let i = 0; i < MOVES; i += 1) {
    const place = `s-${1 + Math.floor(Math.random() * SHELVES)}`;
    const items = (counts.get(place) ?? 0) + 1;
    counts.set(place, items);
    committedMs.set(`${place} ${items}`, performance.now());
    if (i === MOVES - 1) newest = `${place} ${items}`;
    world.commit({
      items: [itemAt(`x-${i}`, place)],
      facts: [{ kind: 'item-arrived', subject: `x-${i}`, to: place }],
    });
    await pause(Math.random() * MOVE_GAP_MS_MAX);
  }
  while (arrivals < SCREENS) await pause(20);
  return { latenciesMs, expected: MOVES * SCREENS };
}

function floorPlan(): Plan {
  const { places, ...rest } = demoPlan();
  const shelves = Array.from({ length: SHELVES }, (_, i) => ({
    id: `s-${i + 1}`,
    kind: 'shelf',
    parent: 'b-1',
    name: `${i + 1}`,
  }));
  return planSchema.parse({ ...rest, places: [...places.filter((place) => place.kind !== 'shelf'), ...shelves] });
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
