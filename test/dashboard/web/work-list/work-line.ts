import { workReason } from '#contract/domain/work-entry.ts';
import type { WorkLine } from '#contract/wire/rest-work-list.ts';

/** A line of the work list of which a test says only what matters to it. */
export function workLine(parts: Partial<WorkLine> = {}): WorkLine {
  const { subject = '1', place = 'r1-s' } = parts;
  return {
    kind: 'misshelved',
    subject,
    item: {
      barcode: subject,
      title: `Title ${subject}`,
      author: '',
      year: null,
      language: 'en',
      scheme: 'lcc',
      callNumber: 'A1',
      collection: '',
      where: { condition: 'present', place, since: null, lastSeen: null, confidence: null, misshelved: true },
      home: [],
    },
    ils: null,
    place,
    home: [],
    since: '2026-01-01T00:00:00.000Z',
    confidence: null,
    reason: workReason.parse({ rule: 'outside-home' }),
    tickedOffAt: null,
    outcome: null,
    walkRank: 0,
    ...parts,
  };
}
