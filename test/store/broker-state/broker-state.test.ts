import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openBrokerStateReader } from '#store/broker-state/broker-state-reader.ts';
import { openBrokerStateWriter, REFUSALS_MAX } from '#store/broker-state/broker-state-writer.ts';
import type { BrokerStateWriter, HeardRow, Refusal } from '#store/broker-state/broker-state.ts';

let folder: string;
let path: string;
let state: BrokerStateWriter;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-broker-state-'));
  path = join(folder, 'broker.db');
  state = openBrokerStateWriter(path);
});
afterEach(async () => {
  state.close();
  await rm(folder, { recursive: true, force: true });
});

const heard = (device: string, over: Partial<HeardRow> = {}): HeardRow => ({
  library: 'demo',
  device,
  lastHeardMs: 5,
  isConnected: true,
  status: { state: 'online', at: '2026-01-01T00:00:00.000Z' },
  ...over,
});
const refusal = (atMs: number, over: Partial<Refusal> = {}): Refusal => ({
  atMs,
  code: 'BRK_REFUSED',
  detail: 'wrong password',
  library: 'demo',
  client: 'demo:gw-1',
  address: '127.0.0.1',
  topic: null,
  ...over,
});

test('the newest word of each device is kept, per library', () => {
  const reader = openBrokerStateReader(path);
  state.putHeard([heard('gw-2'), heard('gw-1', { status: null }), heard('gw-1', { library: 'other' })]);
  state.putHeard([heard('gw-2', { isConnected: false, lastHeardMs: 9 })]);
  state.putHeard([]);
  expect(reader.heard('demo')).toEqual([
    heard('gw-1', { status: null }),
    heard('gw-2', { isConnected: false, lastHeardMs: 9 }),
  ]);
  reader.close();
});

test('refusals come newest first, those of nobody to everybody', () => {
  state.addRefusals([refusal(1), refusal(2, { library: null, client: null }), refusal(3, { library: 'other' })]);
  expect(state.refusals('demo', 9).map((one) => one.atMs)).toEqual([2, 1]);
  expect(state.refusals('other', 1)).toEqual([refusal(3, { library: 'other' })]);
});

test('refusals are bounded in number and length, whatever a stranger sends', () => {
  state.addRefusals(Array.from({ length: REFUSALS_MAX + 5 }, (_, i) => refusal(i)));
  const kept = state.refusals('demo', 1e6);
  expect([kept.length, kept[0]?.atMs, kept.at(-1)?.atMs]).toEqual([REFUSALS_MAX, REFUSALS_MAX + 4, 5]);
  const nasty = `\0\ud800${'x'.repeat(1000)}`;
  state.addRefusals([refusal(7, { library: nasty, client: nasty, detail: nasty, topic: nasty })]);
  const [first] = state.refusals('demo', 1);
  expect(first).toEqual(
    refusal(7, { library: null, client: nasty.slice(0, 64), detail: nasty.slice(0, 500), topic: nasty.slice(0, 500) }),
  );
});

test('the beat is the last one', () => {
  expect(state.beat()).toBeUndefined();
  state.putBeat(1.4, 10);
  state.putBeat(2, 11);
  expect(state.beat()).toEqual({ atMs: 2, journalOffset: 11 });
});
