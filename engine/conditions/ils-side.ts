/** What the ILS says of each copy: the newest word, and since when it has said so. */
import type { IlsStatus, IlsStatusName } from '#contract/domain/ils-status.ts';

export interface IlsWord {
  readonly status: IlsStatusName;
  /** When it was last said, and since when it is so. */
  readonly atMs: number;
  readonly sinceMs: number;
  readonly dueAt: string | null;
  readonly pickupPlace: string | null;
  readonly expiresAt: string | null;
}

const SILENCE: IlsWord = { status: 'unknown', atMs: 0, sinceMs: 0, dueAt: null, pickupPlace: null, expiresAt: null };

export class IlsSide {
  readonly touched = new Set<string>();
  readonly #words = new Map<string, IlsWord>();

  of(barcode: string): IlsWord {
    return this.#words.get(barcode) ?? SILENCE;
  }

  /** False for a word that is older than the one we have. */
  take({ barcode, status, dueAt, pickupPlace, expiresAt }: IlsStatus, atMs: number): boolean {
    const known = this.of(barcode);
    if (atMs < known.atMs) return false;
    const sinceMs = status === known.status ? known.sinceMs : atMs;
    this.#words.set(barcode, { status, atMs, sinceMs, dueAt, pickupPlace, expiresAt });
    this.touched.add(barcode);
    return true;
  }

  recall(barcode: string, word: IlsWord): void {
    this.#words.set(barcode, word);
  }
}
