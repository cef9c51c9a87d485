/** Dates of SIP2, and local time with its two odd nights. */
import { describe, expect, test } from '@jest/globals';
import { localSip2Date, NO_DATE, readSip2Date, sip2DateMs, utcSip2Date } from '#contract/codec/sip2/dates.ts';

const ms = (text: string, zone: string): number | undefined => {
  const date = readSip2Date(text);
  return date === undefined ? undefined : sip2DateMs(date, zone);
};

describe('reading', () => {
  test.each([
    ['20261124    120000', Date.UTC(2026, 10, 24, 11)],
    ['20261124 120000', Date.UTC(2026, 10, 24, 11)],
    ['20261124120000', Date.UTC(2026, 10, 24, 11)],
    ['20261124   Z120000', Date.UTC(2026, 10, 24, 12)],
    ['20261124 UTC120000', Date.UTC(2026, 10, 24, 12)],
    ['20260724    120000', Date.UTC(2026, 6, 24, 10)],
    ['20240229    235960', Date.UTC(2024, 1, 29, 22, 59, 59)],
  ])('%s in Berlin', (text, at) => {
    expect(ms(text, 'Europe/Berlin')).toBe(at);
  });

  test.each([NO_DATE, '', '20261324    120000', '20260229    120000', '20261124    240000', '20261124+100120000x'])(
    '%j is no date',
    (text) => {
      expect(readSip2Date(text)).toBeUndefined();
    },
  );

  test('the hour that comes twice is the first, the one left out goes on', () => {
    expect(ms('20261025    023000', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(ms('20260329    023000', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30));
  });
});

test('writing is the inverse', () => {
  const at = Date.UTC(2026, 10, 24, 23, 59, 1);
  expect(utcSip2Date(at)).toBe('20261124   Z235901');
  expect(localSip2Date(at, 'Asia/Hong_Kong')).toBe('20261125    075901');
  expect(localSip2Date(Date.UTC(2026, 0, 1), 'UTC')).toBe('20260101    000000');
  for (const zone of ['Europe/London', 'Asia/Hong_Kong', 'America/St_Johns']) {
    for (let day = 0; day < 365; day += 13) {
      const moment = at + day * 86_400_000;
      expect(ms(localSip2Date(moment, zone), zone)).toBe(moment);
    }
  }
});
