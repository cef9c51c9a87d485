/** What one sweep has heard so far: for each tag a few moments at which the beam passed it. Bounded, and kept over a restart. */

/** One passing of the beam over one tag. */
export interface Pass {
  /** Sum of the power in mW, or of the reads where none is measured. */
  weight: number;
  /** Sum of weight times milliseconds since the sweep began. */
  moment: number;
  lastMs: number;
  /** Shelf tag or place known then; '' for none. */
  shelf: string;
}

export interface SweptTag {
  readonly tag: string;
  reads: number;
  /** As written on the tag, or as uploaded. */
  barcode: string | null;
  isil: string | null;
  readonly passes: Pass[];
}

export interface SweepSession {
  readonly session: string;
  readonly wand: string;
  readonly source: 'wand' | 'upload';
  target: string | null;
  startedMs: number;
  lastMs: number;
  endedMs: number | null;
  readonly tags: Map<string, SweptTag>;
}

/** Some reads of one tag close together. */
export interface SweepRead {
  readonly tag: string;
  readonly atMs: number;
  readonly lastMs: number;
  readonly reads: number;
  readonly weight: number;
  readonly shelf: string;
  readonly barcode: string | null;
  readonly isil: string | null;
}

/** Nobody stands this long before one book; later it is another pass. */
const PASS_GAP_MS = 6000;
const PASSES_MAX = 6;
/** A day's walk of one wand; what comes beyond is counted nowhere. */
const TAGS_MAX = 20_000;

export function newSession(head: Omit<SweepSession, 'tags' | 'endedMs' | 'lastMs'>): SweepSession {
  return { ...head, lastMs: head.startedMs, endedMs: null, tags: new Map() };
}

/** Gives the tag that changed; `undefined` when the sweep is full. */
export function takeRead(session: SweepSession, read: SweepRead): SweptTag | undefined {
  let tag = session.tags.get(read.tag);
  if (tag === undefined) {
    if (session.tags.size >= TAGS_MAX) return undefined;
    tag = { tag: read.tag, reads: 0, barcode: null, isil: null, passes: [] };
    session.tags.set(read.tag, tag);
  }
  session.lastMs = Math.max(session.lastMs, read.lastMs);
  tag.reads += read.reads;
  tag.barcode = read.barcode ?? tag.barcode;
  tag.isil = read.isil ?? tag.isil;
  addPass(tag.passes, read, session.startedMs);
  return tag;
}

function addPass(passes: Pass[], { atMs, lastMs, weight, shelf }: SweepRead, startedMs: number): void {
  const known = passes.find((pass) => pass.shelf === shelf && Math.abs(lastMs - pass.lastMs) <= PASS_GAP_MS);
  const pass = known ?? { weight: 0, moment: 0, lastMs, shelf };
  pass.weight += weight;
  pass.moment += weight * (atMs - startedMs);
  pass.lastMs = Math.max(pass.lastMs, lastMs);
  if (known !== undefined) return;
  passes.push(pass);
  if (passes.length <= PASSES_MAX) return;
  const weakest = passes.reduce((least, other, at) => (other.weight < (passes[least]?.weight ?? 0) ? at : least), 0);
  passes.splice(weakest, 1);
}

/** When the beam was over the tag, in milliseconds since the sweep began. */
export function passAt({ weight, moment }: Pass): number {
  return weight > 0 ? moment / weight : 0;
}
