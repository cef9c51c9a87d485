/** Why a line is there, as one sentence of the reader's language: the key of the sentence and what it names. */
import type { WorkReason } from '#contract/domain/work-entry.ts';

export interface ReasonWords {
  readonly key: string;
  /** Texts as they are. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Moments, said in the reader's way. */
  readonly moments: Readonly<Record<string, string>>;
  /** Places by id or by a name of the ILS. */
  readonly places: Readonly<Record<string, string>>;
}

/** `null` where the kind of the line and its two places say everything already. */
export function reasonWords(reason: WorkReason): ReasonWords | null {
  const { rule } = reason;
  const words = (parts: Partial<ReasonWords> = {}): ReasonWords => ({
    key: `reason.${rule}`,
    values: {},
    moments: {},
    places: {},
    ...parts,
  });
  switch (rule) {
    case 'outside-home':
    case 'never-heard':
    case 'waits-on-trolley':
    case 'waits-in-return-slot':
    case 'waits-on-desk':
    case 'waits-elsewhere':
    case 'no-tag-known':
    case 'found-but-silent':
      return rule === 'outside-home' ? null : words();
    case 'hold-on-shelf':
      return reason.pickupPlace === null
        ? words()
        : words({ key: 'reason.hold-on-shelf.pickup', places: { place: reason.pickupPlace } });
    case 'hold-expired':
      return reason.expiresAt === null
        ? words()
        : words({ key: 'reason.hold-expired.at', moments: { at: reason.expiresAt } });
    case 'silent-at-home':
      return reason.hoursListened === null
        ? words()
        : words({
            key: 'reason.silent-at-home.hours',
            values: { count: Math.max(1, Math.round(reason.hoursListened)) },
          });
    case 'search-rounds-done':
      return reason.rounds === null
        ? words()
        : words({ key: 'reason.search-rounds-done.rounds', values: { count: reason.rounds } });
    case 'ils-says-gone':
      return words({ key: `reason.ils-says-gone.${reason.ilsStatus ?? 'unknown'}` });
    case 'available-but-unseen':
      return reason.lastSeenAt === null
        ? words()
        : words({ key: 'reason.available-but-unseen.at', moments: { at: reason.lastSeenAt } });
    case 'other-owner':
      return reason.ownerIsil === null
        ? words()
        : words({ key: 'reason.other-owner.isil', values: { isil: reason.ownerIsil } });
    case 'secured-on-loan':
    case 'unsecured-in-stock':
      return words();
    case 'two-items-one-tag':
    case 'barcode-disagrees':
      return words({ values: { items: reason.items.join(', ') } });
    case 'two-tags-one-part':
      return words({ values: { count: Math.max(2, reason.tags.length) } });
    case 'loan-refused':
    case 'lent-to-another':
    case 'return-refused':
    case 'overtaken':
    case 'patron-lost':
    case 'security-not-set':
    case 'unanswered':
      return words({ values: { items: reason.items.join(', '), station: reason.station ?? '' } });
    case 'run-moved':
      return words({
        key: (reason.shelves ?? 0) < 0 ? 'reason.run-moved.back' : 'reason.run-moved',
        values: { count: Math.abs(reason.shelves ?? 0), items: reason.items.length },
      });
  }
}
