import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Observation } from '#contract/wire/observation.ts';
import { createCommandDesk, type CommandDesk, type CommandOutcome } from '#gateway/commands/command-desk.ts';
import { Outbox } from '#gateway/outbox/outbox.ts';
import { silentLog } from '#test/gateway/fakes/world.ts';

let folder = '';
let outbox: Outbox;
let nowMs = Date.UTC(2026, 2, 2, 9);
const clock = { nowMs: () => nowMs, uptimeMs: () => nowMs };
const ran: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-desk-'));
  ran.length = 0;
  openOutbox();
});
afterEach(async () => {
  outbox.close();
  await rm(folder, { recursive: true, force: true });
});

function openOutbox(): void {
  outbox = new Outbox({
    path: join(folder, 'outbox.db'),
    clock,
    log: silentLog,
    bytesMax: 1e9,
    ageMsMax: 1e12,
    isClockSynced: () => true,
  });
}

function desk(
  outcome: () => Promise<CommandOutcome> = () => Promise.resolve({ outcome: 'done', result: 7 }),
): CommandDesk {
  return createCommandDesk({
    outbox,
    clock,
    log: silentLog,
    execute: (command) => {
      ran.push(command.id);
      return outcome();
    },
  });
}

function command(id: string, forMs = 60_000): Uint8Array {
  const times = { issuedAt: new Date(nowMs).toISOString(), deadline: new Date(nowMs + forMs).toISOString() };
  return new TextEncoder().encode(JSON.stringify({ id, kind: 'light', target: 'r1', args: {}, ...times }));
}

function replies(): unknown[] {
  outbox.flush();
  outbox.rewind();
  return outbox.take(1000).flatMap(({ bytes }) => {
    const { observations } = JSON.parse(new TextDecoder().decode(bytes)) as { observations: Observation[] };
    return observations.map((one) => (one.kind === 'reply' ? [one.id, one.outcome, one.code ?? one.result] : one));
  });
}

test('a command runs once, however often it comes, also at the same moment and after a restart', async () => {
  const first = desk();
  await Promise.all([first.take(command('a')), first.take(command('a'))]);
  await first.take(command('a'));
  outbox.close();
  openOutbox();
  await desk().take(command('a'));
  expect(ran).toEqual(['a']);
  expect(replies()).toEqual([['a', 'done', 7]]);
});

test('one that was interrupted by a restart is not run again, and says so', async () => {
  const first = desk(() => new Promise(() => undefined));
  void first.take(command('a'));
  first.close();
  outbox.close();
  openOutbox();
  await desk().take(command('a'));
  expect(ran).toEqual(['a']);
  expect(replies()).toEqual([['a', 'failed', 'interrupted']]);
});

test('too late, failing, and unreadable', async () => {
  const one = desk(() => Promise.reject(new Error('short circuit')));
  await one.take(command('late', -1));
  await one.take(command('broken'));
  await one.take(new TextEncoder().encode('{"id":'));
  await one.take(new Uint8Array(70_000));
  expect(ran).toEqual(['broken']);
  expect(replies()).toEqual([
    ['late', 'expired', undefined],
    ['broken', 'failed', 'internal'],
  ]);
});

test('an id is kept until an hour after its deadline, and then forgotten', async () => {
  const one = desk();
  const known = (): number => outbox.database.prepare('SELECT id FROM command').all().length;
  await one.take(command('a'));
  nowMs += 60_000 + 3_599_000;
  await one.take(command('b'));
  expect(known()).toBe(2);
  nowMs += 2000;
  await one.take(command('c'));
  expect(known()).toBe(2);
});

test('an answer that the broker has lost is said again, as it was, and the command is not run for it', async () => {
  const one = desk();
  await one.take(command('a'));
  nowMs += 5000;
  await one.take(command('a'));
  expect(replies()).toHaveLength(1);
  nowMs += 6000;
  outbox.close();
  openOutbox();
  await desk(() => Promise.resolve({ outcome: 'done', result: 8 })).take(command('a'));
  expect(ran).toEqual(['a']);
  expect(replies()).toEqual([
    ['a', 'done', 7],
    ['a', 'done', 7],
  ]);
});

test('what a restart interrupted is answered at the start, though nobody asks again', () => {
  const first = desk(() => new Promise(() => undefined));
  void first.take(command('a'));
  first.close();
  outbox.close();
  openOutbox();
  desk();
  expect(replies()).toEqual([['a', 'failed', 'interrupted']]);
});
