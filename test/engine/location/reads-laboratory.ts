/**
 * Shelves, tags and reads without any hardware: path loss, static shadowing and fading, switched antennas, and the real
 * edge presence in front of the rules under test. Seeded, so that every run is the same.
 */
import type { Plan } from '#contract/domain/plan.ts';
import type { Observation } from '#contract/wire/observation.ts';
import { ReaderPresence } from '#gateway/presence/reader-presence.ts';

export interface LaboratoryOptions {
  readonly seed: number;
  readonly bays: number;
  readonly tiers: number;
  readonly tagsPerShelf: number;
  readonly cycleMs: number;
  readonly fadingDb: number;
  readonly shadowDb: number;
  /** Loss to the next tier, the next bay, per step. */
  readonly tierGapDb: number;
  readonly bayGapDb: number;
  /** Inventory rounds while an antenna is on: the chances of one tag to be read in a cycle. */
  readonly roundsPerCycle: number;
  readonly hasRssi?: boolean;
}

export const LABORATORY: LaboratoryOptions = {
  seed: 1,
  bays: 8,
  tiers: 5,
  tagsPerShelf: 10,
  cycleMs: 9_000,
  fadingDb: 4.3,
  shadowDb: 1.5,
  tierGapDb: 3.8,
  bayGapDb: 4,
  roundsPerCycle: 2,
};

/** A small fast generator with a 32-bit state (mulberry32). */
export function randomFrom(seed: number): { uniform(): number; normal(): number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

export interface LabTag {
  readonly epc: string;
  shelf: number;
  readonly shadows: number[];
}

export interface RawRead {
  readonly atMs: number;
  readonly epc: string;
  readonly shelf: number;
  readonly rssiDbm: number;
}

/** 16 antennas to a reader, each on for its share of the cycle, one after the other. */
const ANTENNAS = 16;
/** Half of the tags at this power are read in one round. */
const THRESHOLD_DBM = -63;
const OWN_DBM = -60;

export class Laboratory {
  readonly options: LaboratoryOptions;
  readonly shelves: number;
  readonly tags: LabTag[] = [];
  readonly silent = new Set<number>();
  nowMs = Date.UTC(2026, 0, 5, 8);
  readonly #random;
  readonly #presences: ReaderPresence[] = [];
  /** Where in the round each reader is. */
  readonly #phase: number[] = [];
  onRead: (read: RawRead) => void = () => undefined;

  constructor(options: Partial<LaboratoryOptions> = {}) {
    this.options = { ...LABORATORY, ...options };
    this.#random = randomFrom(this.options.seed);
    this.shelves = this.options.bays * this.options.tiers;
    for (let i = 0; i < this.shelves * this.options.tagsPerShelf; i += 1) {
      this.tags.push({
        epc: (0x30340000 + i).toString(16).toUpperCase().padStart(24, '0'),
        shelf: Math.floor(i / this.options.tagsPerShelf),
        shadows: [],
      });
    }
    const readers = Math.ceil(this.shelves / ANTENNAS);
    const now = { wallMs: this.nowMs, uptimeMs: 0 };
    for (let reader = 0; reader < readers; reader += 1) {
      const antennas = [];
      for (let port = 1; port <= ANTENNAS && reader * ANTENNAS + port <= this.shelves; port += 1) {
        antennas.push({ antenna: port, readPoint: readPointId(reader * ANTENNAS + port - 1) });
      }
      this.#presences.push(new ReaderPresence({ reader: `reader-${String(reader)}`, antennas, now }));
      this.#phase.push(Math.floor(this.#random.uniform() * ANTENNAS));
    }
  }

  plan(): Plan {
    const { bays, tiers } = this.options;
    const shelves = Array.from({ length: this.shelves }, (_, i) => ({
      id: shelfId(i),
      kind: 'shelf' as const,
      parent: `bay-${String(Math.floor(i / tiers))}`,
      name: shelfId(i),
      tier: (i % tiers) + 1,
      collection: 'open',
      range: { scheme: 'local' as const, from: callNumberOf(i), to: callNumberOf(i) },
    }));
    return {
      version: 1,
      validFrom: '2026-01-01T00:00:00.000Z',
      places: [
        { id: 'main', kind: 'branch', parent: null, name: 'Main' },
        { id: 'range', kind: 'range', parent: 'main', name: 'R' },
        ...Array.from({ length: bays }, (_, i) => ({
          id: `bay-${String(i)}`,
          kind: 'bay' as const,
          parent: 'range',
          name: 'B',
        })),
        ...shelves,
      ],
      aisles: [],
      lines: [],
      readPoints: shelves.map((shelf, i) => ({
        id: readPointId(i),
        reader: `reader-${String(Math.floor(i / ANTENNAS))}`,
        antenna: (i % ANTENNAS) + 1,
        places: [shelf.id],
      })),
      sensors: [],
    };
  }

  /** Takes the tag to another shelf; how it lies there is chance again. */
  move(tag: LabTag, shelf: number): void {
    tag.shelf = shelf;
    tag.shadows.length = 0;
  }

  /** Runs one antenna slot of every reader; gives the observations of all gateways in order. */
  step(): Observation[] {
    const out: Observation[] = [];
    const slotMs = this.options.cycleMs / ANTENNAS;
    this.nowMs += slotMs;
    const now = { wallMs: this.nowMs, uptimeMs: this.nowMs };
    this.#presences.forEach((presence, reader) => {
      const phase = ((this.#phase[reader] ?? 0) + 1) % ANTENNAS;
      this.#phase[reader] = phase;
      const shelf = reader * ANTENNAS + phase;
      if (shelf < this.shelves && !this.silent.has(shelf)) {
        out.push(
          ...presence.take(
            [...this.#reads(shelf, phase + 1), { kind: 'cycle', antennas: [phase + 1], atMs: this.nowMs }],
            now,
          ),
        );
      }
      out.push(...presence.tick(now));
    });
    return out;
  }

  setSilent(shelf: number): Observation[] {
    this.silent.add(shelf);
    const now = { wallMs: this.nowMs, uptimeMs: this.nowMs };
    return this.#presences[Math.floor(shelf / ANTENNAS)]?.setAntenna((shelf % ANTENNAS) + 1, 'dead', now) ?? [];
  }

  #reads(antennaShelf: number, antenna: number) {
    const reads = [];
    for (const tag of this.tags) {
      const meanDbm = this.#meanDbm(tag, antennaShelf);
      if (meanDbm < THRESHOLD_DBM - 12) continue;
      for (let round = 0; round < this.options.roundsPerCycle; round += 1) {
        const rssiDbm = meanDbm + this.options.fadingDb * this.#random.normal();
        const chance = 1 / (1 + Math.exp(-(rssiDbm - THRESHOLD_DBM) / 2));
        if (tag.shelf < 0 || this.#random.uniform() > chance) continue;
        const atMs = this.nowMs - 20 + round;
        this.onRead({ atMs, epc: tag.epc, shelf: antennaShelf, rssiDbm });
        reads.push({
          kind: 'read' as const,
          antenna,
          ids: { epc: tag.epc },
          firstMs: atMs,
          lastMs: atMs,
          count: 1,
          ...(this.options.hasRssi !== false && { rssiDbm: Math.round(rssiDbm) }),
        });
      }
    }
    return reads;
  }

  #meanDbm(tag: LabTag, shelf: number): number {
    if (tag.shelf < 0) return -999;
    const { tiers, tierGapDb, bayGapDb, shadowDb } = this.options;
    const tierSteps = Math.abs((shelf % tiers) - (tag.shelf % tiers));
    const baySteps = Math.abs(Math.floor(shelf / tiers) - Math.floor(tag.shelf / tiers));
    const shadow = (tag.shadows[shelf] ??= shadowDb * this.#random.normal());
    return OWN_DBM - tierSteps * tierGapDb - baySteps * bayGapDb + shadow;
  }
}

export const shelfId = (shelf: number): string => `shelf-${String(shelf)}`;
export const readPointId = (shelf: number): string => `rp-${String(shelf)}`;
export const callNumberOf = (shelf: number): string => `C${String(shelf).padStart(4, '0')}`;
