/** Where each tag is held to be, in flat arrays beside its evidence. Tags are numbered in the order they were first seen. */
import { TAG_CONDITIONS } from '#contract/domain/tag-evidence.ts';
import { EvidenceTable } from './evidence-table.ts';

/** `unseen`: known by name only. */
export type Condition = (typeof TAG_CONDITIONS)[number];

/** No time known. */
export const NEVER = 0;
export const NOWHERE = -1;

export class TagTable {
  readonly evidence = new EvidenceTable();
  readonly keys: string[] = [];
  readonly #numbers = new Map<string, number>();
  condition = new Uint8Array(0);
  /** Read point that stands for the tag's place. */
  home = new Int32Array(0);
  sinceMs = new Float64Array(0);
  lastMs = new Float64Array(0);
  confidence = new Float32Array(0);
  /** 1 once the tag was seen to leave or to move: who was in a hand may stand anywhere. */
  handled = new Uint8Array(0);
  /** Number of the rule that led to its place, from 1; 0 for none. */
  rule = new Uint8Array(0);
  /** When the antenna of the present place lost the tag while others still hear it. */
  homeLostMs = new Float64Array(0);
  /** When the last antenna lost it. */
  allLostMs = new Float64Array(0);

  get size(): number {
    return this.keys.length;
  }

  find(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const tag = this.evidence.addTag();
    this.keys.push(key);
    this.#numbers.set(key, tag);
    if (tag >= this.condition.length) this.#grow(Math.max(1024, Math.ceil(tag * 1.5)));
    this.home[tag] = NOWHERE;
    return tag;
  }

  conditionOf(tag: number): Condition {
    return TAG_CONDITIONS[this.condition[tag] ?? 0] ?? 'unseen';
  }

  setCondition(tag: number, condition: Condition): void {
    this.condition[tag] = TAG_CONDITIONS.indexOf(condition);
  }

  #grow(length: number): void {
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.condition = grown(new Uint8Array(length), this.condition);
    this.home = grown(new Int32Array(length), this.home);
    this.sinceMs = grown(new Float64Array(length), this.sinceMs);
    this.lastMs = grown(new Float64Array(length), this.lastMs);
    this.handled = grown(new Uint8Array(length), this.handled);
    this.rule = grown(new Uint8Array(length), this.rule);
    this.confidence = grown(new Float32Array(length), this.confidence);
    this.homeLostMs = grown(new Float64Array(length), this.homeLostMs);
    this.allLostMs = grown(new Float64Array(length), this.allLostMs);
  }
}
