import { describe, expect, it } from '@jest/globals';
import type { Waiting } from '#dashboard/web/offline/outbox.ts';
import type { TickOff } from '#dashboard/web/offline/tick-offs.ts';
import { goneFrom, isOpen, withGone, withWaiting } from '#dashboard/web/work-list/shown-lines.ts';
import { workLine } from '#test/dashboard/web/work-list/work-line.ts';

const AT = '2026-01-05T14:02:00.000Z';
const rows = ['1', '2', '3'].map((subject) => workLine({ subject }));
const waiting = (subject: string, place: string): Waiting<TickOff> => ({
  id: subject,
  at: AT,
  body: { line: { kind: 'misshelved', subject, outcome: 'done', place }, title: 't' },
});
const subjects = (lines: readonly { readonly subject: string }[]): string[] => lines.map(({ subject }) => subject);

describe('what the screen shows of the list', () => {
  it('counts a line as done from the moment it was ticked off here', () => {
    const shown = withWaiting(rows, [waiting('2', 'r1-s')]);
    expect(shown.map(isOpen)).toEqual([true, false, true]);
    expect(shown[1]).toMatchObject({ tickedOffAt: AT, outcome: 'done', isWaiting: true });
  });

  it('leaves a line open that has turned up elsewhere since', () => {
    expect(withWaiting(rows, [waiting('2', 'r9-s')]).every(isOpen)).toBe(true);
  });

  it('puts a line that has just gone where it stood, and never twice', () => {
    const now = rows.filter(({ subject }) => subject !== '2');
    const gone = goneFrom(rows, now);
    expect(subjects(withGone(now, gone))).toEqual(['1', '2', '3']);
    expect(subjects(withGone(rows, gone))).toEqual(['1', '2', '3']);
    expect(subjects(withGone([], gone))).toEqual(['2']);
  });

  it('says nothing of many lines that go at once', () => {
    const many = Array.from({ length: 9 }, (_, index) => workLine({ subject: String(index) }));
    expect(goneFrom(many, [])).toEqual([]);
  });
});
