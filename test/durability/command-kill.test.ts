/**
 * Promise: no command is ever run twice and none is left without an answer, whenever the gateway or the broker is killed.
 * Both are the built command line; the pad stands in this process and counts what is written.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { HfTag } from '#sim/readers/hf-tag.ts';
import type { LineDevice } from '#sim/readers/line-device.ts';
import { startThreemReader } from '#sim/readers/threem/reader.ts';
import { openBrokerStateReader } from '#store/broker-state/broker-state-reader.ts';
import type { CommandReply } from '#store/broker-state/broker-state.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { until } from '#test/support/platform.ts';
import { checkBundle, runShelfwise, startShelfwise, type RunningShelfwise } from '#test/support/shelfwise-process.ts';

jest.setTimeout(120_000);

const UID = 'E004010000000001';
const LIVES = 4;
const COMMANDS_PER_LIFE = 5;

let folder: string;
let pad: LineDevice;
let broker: RunningShelfwise;
let gateway: RunningShelfwise;
let brokerPort = 0;
let writes = 0;
let onWrite: () => void = () => undefined;

/** Counts each time its AFI is set, and tells before anybody is answered. */
const tag: HfTag = {
  uid: UID,
  memory: new Uint8Array(112),
  dsfid: 0,
  isEasOn: false,
  get afi() {
    return afi;
  },
  set afi(value: number) {
    afi = value;
    writes += 1;
    onWrite();
  },
};
let afi = 0;

async function startBroker(): Promise<void> {
  const file = join(folder, 'broker.yaml');
  await writeFile(file, stringify({ folder, logLevel: 'error', broker: { port: brokerPort } }));
  broker = await startShelfwise(['broker', '--config', file], { ready: /broker on 127\.0\.0\.1:\d+/ });
  brokerPort = Number(/127\.0\.0\.1:(\d+)/.exec(broker.output())?.[1]);
}

async function startGateway(): Promise<void> {
  const file = join(folder, 'gateway.yaml');
  const reader = { id: 'pad-1', driver: '3m', link: pad.link, antennas: [{ antenna: 1, readPoint: 'rp' }] };
  const config = { id: 'gw-1', library: 'demo', broker: `mqtt://127.0.0.1:${String(brokerPort)}`, readers: [reader] };
  await writeFile(file, stringify({ folder, logLevel: 'error', gateway: config }));
  gateway = await startShelfwise(['gateway', '--config', file], {
    ready: /gateway gw-1 of demo/,
    env: { SHELFWISE_GATEWAY_SECRET_FILE: join(folder, 'gw-1.secret') },
  });
}

beforeAll(async () => {
  checkBundle();
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-command-kill-'));
  await runShelfwise(['library', 'add', 'demo', '--data', folder]);
  await runShelfwise(['device', 'add', 'demo', 'gw-1', '--secret-file', join(folder, 'gw-1.secret'), '--data', folder]);
  pad = await startThreemReader({
    id: 'pad-1',
    pad: { tags: () => [tag], isGlitch: () => false },
    on: { kind: 'tcp' },
  });
  await startBroker();
  await startGateway();
});
afterAll(async () => {
  await gateway.stop('SIGKILL');
  await broker.stop('SIGKILL');
  await pad.close();
  await rm(folder, { recursive: true, force: true });
});

test('killed again and again, each command is run at most once and answered', async () => {
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  const state = openBrokerStateReader(join(folder, 'broker.db'));
  const ids: string[] = [];
  const replies = (): CommandReply[] =>
    [...state.commands('demo', ids).values()].flatMap(({ reply }) => (reply === null ? [] : [reply]));
  try {
    for (let life = 0; life < LIVES; life += 1) {
      const atMs = Date.now();
      for (let count = 0; count < COMMANDS_PER_LIFE; count += 1) {
        const id = `c-${String(life)}-${String(count)}`;
        ids.push(id);
        registry.addCommand({
          ...{ id, library: 'demo', gateway: 'gw-1', kind: 'set-security', target: 'pad-1', barcode: null },
          ...{ args: { tag: `uid:${UID}`, secured: count % 2 === 0 }, askedBy: 'test' },
          ...{ issuedAtMs: atMs, deadlineMs: atMs + 60_000 },
        });
      }
      // In the middle of the third command of this life: the tag has it, nobody was told.
      const before = writes;
      const killed = new Promise<void>((resolve) => {
        onWrite = () => {
          if (writes - before !== 3) return;
          gateway.child.kill('SIGKILL');
          resolve();
        };
      });
      await killed;
      onWrite = () => undefined;
      await gateway.stop('SIGKILL');
      if (life % 2 === 1) {
        await broker.stop('SIGKILL');
        await startBroker();
      }
      await startGateway();
      await until(`the answers of life ${String(life)}`, 30_000, () => replies().length === ids.length);
    }
    const outcomes = replies().map(({ outcome, code }) => code ?? outcome);
    const done = outcomes.filter((outcome) => outcome === 'done').length;
    const interrupted = outcomes.filter((outcome) => outcome === 'interrupted').length;
    // All were begun, since they wait in a row; those after the killed one had not touched the tag.
    expect(new Set(outcomes)).toEqual(new Set(['done', 'interrupted']));
    expect(done + interrupted).toBe(ids.length);
    expect(interrupted).toBeGreaterThanOrEqual(LIVES);
    expect(writes).toBeLessThanOrEqual(ids.length);
    expect(writes).toBeGreaterThanOrEqual(done + LIVES);
  } finally {
    state.close();
    registry.close();
  }
});
