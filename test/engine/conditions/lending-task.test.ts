/** Promise: what came to no end at a kiosk is a line of the work list until somebody has looked, and then is gone for good. */
import { expect, test } from '@jest/globals';
import { createEngine } from '#engine/engine.ts';
import { EntryMaker } from '#engine/entry-maker.ts';

test('a task of the lending role is raised once, ticked off and gone', () => {
  const engine = createEngine({ catalogue: () => [] });
  const entries = new EntryMaker('demo');
  const atMs = Date.UTC(2026, 10, 24, 12);
  const at = new Date(atMs).toISOString();
  const task = {
    kind: 'lending-task',
    id: 'f3c1',
    item: 'B1',
    code: 'lent-to-another',
    step: 'loan',
    station: 'k1',
    at,
  };
  engine.reduce(entries.input(task, atMs));
  engine.reduce(entries.input(task, atMs));
  const raised = engine.takeChange();
  const [line] = raised.work;
  expect(raised.work).toHaveLength(1);
  expect(line?.row).toMatchObject({ kind: 'lending', item: null, reason: { rule: 'lent-to-another', station: 'k1' } });
  expect(raised.facts.map(({ kind }) => kind)).toEqual(['work-raised']);
  const ticked = { kind: 'work-tick-off', workKind: 'lending', subject: 'f3c1', outcome: 'done', at };
  engine.reduce(entries.input(ticked, atMs + 1000));
  const gone = engine.takeChange();
  expect(gone.work).toEqual([{ library: 'demo', kind: 'lending', subject: 'f3c1', row: null }]);
  expect(gone.facts.map(({ kind }) => kind)).toEqual(['work-ticked-off', 'work-cleared']);
  expect(engine.ignored.size).toBe(0);
});
