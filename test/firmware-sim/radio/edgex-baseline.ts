/**
 * The location rule of the best-known open inventory engine, as published: the baseline that a laboratory must be unkind
 * to. Defaults of the asset-tracking profile; `retailGarment` is its second published profile.
 *
 * Source: EdgeX app-rfid-llrp-inventory, internal/inventory (mobility profile and tag processing).
 */
export interface MobilityProfile {
  readonly thresholdDb: number;
  readonly slopeDbPerMs: number;
  readonly holdoffMs: number;
}

export const ASSET_TRACKING: MobilityProfile = { thresholdDb: 6, slopeDbPerMs: -0.008, holdoffMs: 500 };
export const RETAIL_GARMENT: MobilityProfile = { thresholdDb: 6, slopeDbPerMs: -0.0005, holdoffMs: 60_000 };

const WINDOW = 20;

interface Ring {
  readonly values: number[];
  lastReadMs: number;
}

interface Tag {
  location: string | undefined;
  readonly rings: Map<string, Ring>;
}

export class EdgexBaseline {
  readonly #profile: MobilityProfile;
  readonly #tags = new Map<number, Tag>();
  moved = 0;

  constructor(profile: MobilityProfile) {
    this.#profile = profile;
  }

  locationOf(item: number): string | undefined {
    return this.#tags.get(item)?.location;
  }

  read(item: number, antenna: string, read: { rssiDbm: number; atMs: number; nowMs: number }): void {
    const tag = this.#tags.get(item) ?? { location: undefined, rings: new Map<string, Ring>() };
    this.#tags.set(item, tag);
    const ring = tag.rings.get(antenna) ?? { values: [], lastReadMs: 0 };
    tag.rings.set(antenna, ring);
    ring.values.push(read.rssiDbm);
    if (ring.values.length > WINDOW) ring.values.shift();
    ring.lastReadMs = Math.max(ring.lastReadMs, read.atMs);
    if (tag.location === undefined || tag.location === antenna) {
      tag.location = antenna;
      return;
    }
    const current = tag.rings.get(tag.location);
    if (current === undefined || ring.values.length < 2) return;
    if (mean(ring.values) > mean(current.values) + this.#offsetDb(read.nowMs - current.lastReadMs)) {
      tag.location = antenna;
      this.moved += 1;
    }
  }

  #offsetDb(sinceMs: number): number {
    const { thresholdDb, slopeDbPerMs, holdoffMs } = this.#profile;
    const b = thresholdDb - slopeDbPerMs * holdoffMs;
    return Math.min(thresholdDb, slopeDbPerMs * sinceMs + b);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
