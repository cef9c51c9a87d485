import { describe, expect, it } from '@jest/globals';
import { REFUSALS } from '#broker/refusals.ts';
import { adviceFor, REFUSAL_REASONS } from '#dashboard/web/devices/refusal-advice.ts';
import { languagesShipped, localeFile } from '#test/dashboard/web/words/locale-files.ts';

describe('what was turned away', () => {
  it('has words and an errand for every reason the broker gives', () => {
    expect(Object.keys(REFUSALS).sort()).toEqual([...REFUSAL_REASONS].sort());
  });

  it.each(languagesShipped())('is said in $name', ({ code }) => {
    const file = localeFile(code);
    const keys = REFUSAL_REASONS.flatMap((reason) => [`refused.${reason}`, `refused.do.${adviceFor(reason) ?? ''}`]);
    expect(keys.filter((key) => file[key] === undefined)).toEqual([]);
  });

  it('leaves a reason it does not know to the server', () => {
    expect(adviceFor('invented-tomorrow')).toBeNull();
    expect(adviceFor('toString')).toBeNull();
  });
});
