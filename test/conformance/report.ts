/** What a conformance run found: one line a rule, readable by a vendor who has never seen our code. */

export interface Rule {
  readonly id: string;
  /** What must be so, with where the contract says it. */
  readonly says: string;
  /** `must`: breaking it fails the run, never seeing it too; `may`: it is fine when there was no occasion. */
  readonly weight: 'must' | 'may';
}

interface Standing {
  kept: number;
  broken: number;
  /** What the first breach looked like. */
  evidence: string | undefined;
}

const EVIDENCE_CHARS_MAX = 300;

export class Report<Id extends string> {
  readonly #rules: readonly (Rule & { readonly id: Id })[];
  readonly #standing = new Map<Id, Standing>();

  constructor(rules: readonly (Rule & { readonly id: Id })[]) {
    this.#rules = rules;
    for (const { id } of rules) this.#standing.set(id, { kept: 0, broken: 0, evidence: undefined });
  }

  /** One occasion at which the rule was kept, or was not: then `evidence` shows what came instead. */
  judge(id: Id, isKept: boolean, evidence: () => string): void {
    const standing = this.#standing.get(id);
    if (standing === undefined) return;
    if (isKept) {
      standing.kept += 1;
      return;
    }
    standing.broken += 1;
    standing.evidence ??= evidence().slice(0, EVIDENCE_CHARS_MAX);
  }

  seen(id: Id): number {
    const standing = this.#standing.get(id);
    return standing === undefined ? 0 : standing.kept + standing.broken;
  }

  verdict(id: Id): 'kept' | 'broken' | 'not seen' {
    const { kept = 0, broken = 0 } = this.#standing.get(id) ?? {};
    if (broken > 0) return 'broken';
    return kept > 0 ? 'kept' : 'not seen';
  }

  get isPassed(): boolean {
    return this.#rules.every(({ id, weight }) => {
      const verdict = this.verdict(id);
      return verdict === 'kept' || (verdict === 'not seen' && weight === 'may');
    });
  }

  /** The whole report as text, breaches with their evidence. */
  lines(): readonly string[] {
    const rows = this.#rules.flatMap(({ id, says, weight }) => {
      const { kept = 0, broken = 0, evidence } = this.#standing.get(id) ?? {};
      const verdict = this.verdict(id);
      const word = verdict === 'not seen' && weight === 'must' ? 'NOT SEEN' : verdict === 'broken' ? 'BROKEN' : verdict;
      const count = broken > 0 ? `${broken} of ${kept + broken}` : String(kept);
      const row = `${word.padEnd(9)} ${count.padStart(12)}  ${id}: ${says}`;
      return evidence === undefined ? [row] : [row, `${' '.repeat(24)}e.g. ${evidence}`];
    });
    return [...rows, '', this.isPassed ? 'PASSED' : 'FAILED: see the lines BROKEN and NOT SEEN'];
  }
}
