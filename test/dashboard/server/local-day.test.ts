import { describe, expect, test } from '@jest/globals';
import { dayBounds, localDate } from '#dashboard/server/local-day.ts';

const HOUR_MS = 3_600_000;

describe('a day of a library', () => {
  test.each([
    ['an ordinary one', '2026-01-15', 'Europe/Berlin', '2026-01-14T23:00:00.000Z', 24],
    ['clocks go forward', '2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', 23],
    ['clocks go back', '2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', 25],
    ['no change at all', '2026-03-29', 'Asia/Shanghai', '2026-03-28T16:00:00.000Z', 24],
    ['midnight does not exist', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 23],
    ['midnight comes twice', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z', 25],
    ['half an hour off', '2026-04-05', 'Australia/Lord_Howe', '2026-04-04T13:00:00.000Z', 24.5],
    ['the end of a year', '2026-12-31', 'Pacific/Kiritimati', '2026-12-30T10:00:00.000Z', 24],
  ])('%s', (_, date, zone, from, hours) => {
    const { fromMs, toMs } = dayBounds(date, zone);
    expect(new Date(fromMs).toISOString()).toBe(from);
    expect((toMs - fromMs) / HOUR_MS).toBe(hours);
    expect(localDate(fromMs, zone)).toBe(date);
    expect(localDate(fromMs - 1, zone) < date).toBe(true);
  });
});
