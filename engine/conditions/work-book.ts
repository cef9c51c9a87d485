/** The open lines of one library: raised, changed, ticked off and cleared, each with a fact. */
import type { WorkChange, WorkEntryRow, WorkKind, WorkOutcome, WorkReasonParts } from '#contract/domain/work-entry.ts';
import type { Finding } from '#engine/engine-rows.ts';

export interface WorkLine {
  readonly kind: WorkKind;
  readonly subject: string;
  readonly item: string | null;
  readonly place: string | null;
  readonly confidence: number | null;
  readonly reason: WorkReasonParts;
}

/** These have facts of their own. */
const SILENT_KINDS: ReadonlySet<WorkKind> = new Set(['misshelved']);

export class WorkBook {
  readonly #library: string;
  readonly #lines = new Map<string, WorkEntryRow>();
  readonly #ofSubject = new Map<string, Set<WorkKind>>();
  #touched = new Map<string, { readonly kind: WorkKind; readonly subject: string }>();
  readonly #find: (finding: Finding) => void;

  constructor(library: string, find: (finding: Finding) => void) {
    this.#library = library;
    this.#find = find;
  }

  get(kind: WorkKind, subject: string): WorkEntryRow | undefined {
    return this.#lines.get(keyOf(kind, subject));
  }

  all(): Iterable<WorkEntryRow> {
    return this.#lines.values();
  }

  kindsOf(subject: string): ReadonlySet<WorkKind> {
    return this.#ofSubject.get(subject) ?? NO_KINDS;
  }

  /**
   * Puts the line up, or brings it up to date. A line that was ticked off stays so until `reopenMs` after the tick; returns
   * when to look again if that lies ahead.
   */
  raise(
    line: WorkLine,
    { atMs, nowMs, reopenMs }: { readonly atMs: number; readonly nowMs: number; readonly reopenMs: number },
  ): number | undefined {
    const key = keyOf(line.kind, line.subject);
    const known = this.#lines.get(key);
    if (known !== undefined && known.tickedOffMs !== null && nowMs < known.tickedOffMs + reopenMs)
      return known.tickedOffMs + reopenMs;
    const isReopened = known !== undefined && known.tickedOffMs !== null;
    const row: WorkEntryRow = {
      library: this.#library,
      ...line,
      sinceMs: known === undefined || isReopened ? atMs : known.sinceMs,
      tickedOffMs: null,
      outcome: null,
    };
    if (known !== undefined && !isReopened && JSON.stringify(known) === JSON.stringify(row)) return undefined;
    this.#put(row);
    if (known !== undefined && !isReopened && known.place === row.place && known.reason.rule === row.reason.rule)
      return undefined;
    this.#tell('work-raised', row, isReopened ? nowMs : atMs);
    return undefined;
  }

  clear(kind: WorkKind, subject: string, atMs: number): void {
    const known = this.#lines.get(keyOf(kind, subject));
    if (known === undefined) return;
    this.#lines.delete(keyOf(kind, subject));
    const kinds = this.#ofSubject.get(subject);
    kinds?.delete(kind);
    if (kinds?.size === 0) this.#ofSubject.delete(subject);
    this.#touched.set(keyOf(kind, subject), { kind, subject });
    this.#tell('work-cleared', known, atMs);
  }

  tickOff(
    kind: WorkKind,
    subject: string,
    { atMs, outcome }: { readonly atMs: number; readonly outcome: WorkOutcome },
  ): boolean {
    const known = this.get(kind, subject);
    if (known?.tickedOffMs !== null) return false;
    const row = { ...known, tickedOffMs: atMs, outcome };
    this.#put(row);
    this.#tell('work-ticked-off', row, atMs);
    return true;
  }

  takeChanges(): WorkChange[] {
    const changes = [...this.#touched.values()].map(({ kind, subject }) => ({
      library: this.#library,
      kind,
      subject,
      row: this.get(kind, subject) ?? null,
    }));
    this.#touched = new Map();
    return changes;
  }

  recall(row: WorkEntryRow): void {
    this.#put(row);
    this.#touched.delete(keyOf(row.kind, row.subject));
  }

  #put(row: WorkEntryRow): void {
    this.#lines.set(keyOf(row.kind, row.subject), row);
    const kinds = this.#ofSubject.get(row.subject);
    if (kinds === undefined) this.#ofSubject.set(row.subject, new Set([row.kind]));
    else kinds.add(row.kind);
    this.#touched.set(keyOf(row.kind, row.subject), { kind: row.kind, subject: row.subject });
  }

  #tell(kind: 'work-raised' | 'work-cleared' | 'work-ticked-off', row: WorkEntryRow, atMs: number): void {
    if (SILENT_KINDS.has(row.kind)) return;
    this.#find({
      at: new Date(atMs).toISOString(),
      kind,
      subject: row.item ?? row.subject,
      to: row.place,
      ...(row.confidence === null ? {} : { confidence: row.confidence }),
      work: { kind: row.kind, subject: row.subject, reason: row.reason, outcome: row.outcome },
      evidence: { rule: row.reason.rule, competitors: [] },
    });
  }
}

const NO_KINDS: ReadonlySet<WorkKind> = new Set();

/** Kinds hold no blank. */
function keyOf(kind: WorkKind, subject: string): string {
  return `${kind} ${subject}`;
}
