/** Promise: a gate sounds with the line cut, at once and for as long as it was told, and what it decided is told later. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { buildPc } from '#contract/codec/uhf-library/pc-word.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { securityOfRead } from '#gateway/gate/gate.ts';
import { startGateway, type RunningGateway } from '#gateway/main.ts';
import { newGen2Tag, type Gen2Tag } from '#sim/readers/gen2-tag.ts';
import { startLlrpReader } from '#sim/readers/llrp/reader.ts';
import { TestBroker } from '#test/gateway/fakes/test-broker.ts';
import { clock, silentLog, until } from '#test/gateway/fakes/world.ts';

const PROFILE = tagProfile.parse({ version: 1, uhf: { security: 'pc-afi' } });
const IN_STOCK = 0x07;
const ON_LOAN = 0xc2;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function tagWith(afi: number, epc: string): Gen2Tag {
  const tag = newGen2Tag({ epc });
  const pc = buildPc(epc.length / 2, afi);
  tag.banks[1].set([pc >> 8, pc & 0xff], 2);
  return tag;
}

test('what is in stock sounds while the broker is away, what is lent does not, and both are told when it is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-gate-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'tag-profile.json'), JSON.stringify(PROFILE));
  const tags = [tagWith(IN_STOCK, '30340000CAFE000000000001'), tagWith(ON_LOAN, '30340000CAFE000000000002')];
  let carried: readonly number[] = [];
  let turns = 0;
  const reader = await startLlrpReader({
    id: 'exit',
    antennas: 2,
    clock,
    model: { gpis: 2, gpos: 2 },
    ear: () => ({
      listen: (fromMs, _lengthMs, onRead) => {
        if (carried.length > 0) turns += 1;
        for (const item of carried) onRead(item, -45, fromMs + 1);
      },
    }),
    epcOf: () => undefined,
    tagOf: (item) => tags[item],
  });
  cleanups.push(() => reader.close());
  const broker = await new TestBroker().start();
  cleanups.push(() => broker.close());
  const start = async (url: string): Promise<RunningGateway> => {
    const gateway = await startGateway(
      gatewayConfig.parse({
        id: 'gw-1',
        library: 'demo',
        broker: url,
        secret: broker.password,
        folder,
        readers: [
          {
            id: 'exit',
            driver: 'llrp',
            link: `tcp://127.0.0.1:${reader.port}`,
            antennas: [1, 2].map((antenna) => ({ antenna, readPoint: `rp-${antenna}` })),
            settings: { dwellMs: 40, keepaliveMs: 200 },
            gate: { place: 'gate-1', inside: [1], outside: [2], outputs: [2], alarmMs: 400 },
          },
        ],
      }),
      { log: silentLog, clock },
    );
    cleanups.push(() => gateway.close());
    return gateway;
  };
  const alone = await start('mqtt://127.0.0.1:1');
  await until(() => alone.status().readers?.[0]?.state === 'live');
  carried = [1];
  await until(() => turns > 20);
  carried = [];
  expect(reader.highOutputs.size).toBe(0);
  carried = [0];
  await until(() => reader.highOutputs.has(2));
  carried = [];
  await until(() => !reader.highOutputs.has(2));
  await alone.close();
  await start(broker.url);
  const gates = (): unknown[] => broker.observations().filter(({ kind }) => kind === 'gate');
  await until(() => gates().length >= 2);
  expect(gates()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        gate: 'gate-1',
        decision: 'alarm',
        rule: 'secured-tag',
        tag: 'epc:30340000CAFE000000000001',
      }),
      expect.objectContaining({ decision: 'pass', rule: 'unsecured-tag', tag: 'epc:30340000CAFE000000000002' }),
    ]),
  );
});

test('the marks of the profile decide, and what was not read decides nothing', () => {
  const epc = '30340000CAFE000000000001';
  const pcOf = (afi: number): string => buildPc(epc.length / 2, afi).toString(16);
  expect(securityOfRead({ ids: { epc, pc: pcOf(IN_STOCK) } }, PROFILE)).toBe('secured');
  expect(securityOfRead({ ids: { epc, pc: pcOf(ON_LOAN) } }, PROFILE)).toBe('unsecured');
  expect(securityOfRead({ ids: { epc } }, PROFILE)).toBe('unknown');
  expect(securityOfRead({ ids: { uid: 'E004010000000001', afi: IN_STOCK } }, PROFILE)).toBe('secured');
  expect(securityOfRead({ ids: { uid: 'E004010000000001' } }, PROFILE)).toBe('unknown');
  expect(securityOfRead({ ids: {} }, PROFILE)).toBe('unknown');
});
