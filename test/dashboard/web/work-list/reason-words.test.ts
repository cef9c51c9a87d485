import { describe, expect, it } from '@jest/globals';
import { ilsStatusName } from '#contract/domain/ils-status.ts';
import { workReason, workRule } from '#contract/domain/work-entry.ts';
import { reasonWords } from '#dashboard/web/work-list/reason-words.ts';
import { localeFile } from '#test/dashboard/web/words/locale-files.ts';

const english = localeFile('en');
const SAID = {
  hoursListened: 40,
  rounds: 2,
  lastSeenAt: '2026-01-05T14:02:00.000Z',
  expiresAt: '2026-01-05T14:02:00.000Z',
  pickupPlace: 'desk',
  ownerIsil: 'GB-UkOxU',
  shelves: -2,
  items: ['1', '2'],
  tags: ['uid:1', 'uid:2'],
};

/** The sentence, with every slot that the reason does not fill. */
function sentence(reason: unknown): string | null {
  const words = reasonWords(workReason.parse(reason));
  if (words === null) return null;
  const text = english[words.key] ?? english[`${words.key}_other`] ?? `no words for ${words.key}`;
  const filled = { ...words.values, ...words.moments, ...words.places };
  return text.replaceAll(/\{\{(\w+)\}\}/g, (slot, name: string) => String(filled[name] ?? slot));
}

describe('the reason of a line', () => {
  it.each(workRule.options)('%s is a whole sentence, with all its facts and with none', (rule) => {
    for (const reason of [{ rule }, { rule, ...SAID }]) {
      expect(sentence(reason) ?? '').not.toMatch(/no words|\{\{/);
    }
  });

  it.each(ilsStatusName.options)('says what the ILS says: %s', (ilsStatus) => {
    expect(sentence({ rule: 'ils-says-gone', ilsStatus })).not.toMatch(/no words/);
  });

  it('tells forwards from backwards', () => {
    expect(sentence({ rule: 'run-moved', shelves: 2 })).toContain('2 shelves further on');
    expect(sentence({ rule: 'run-moved', shelves: -2 })).toContain('2 shelves further back');
  });

  it('is left out where the two places say it', () => {
    expect(sentence({ rule: 'outside-home' })).toBeNull();
  });
});
