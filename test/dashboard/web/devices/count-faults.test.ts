import { describe, expect, it } from '@jest/globals';
import type { Devices } from '#contract/wire/rest.ts';
import { countFaults, type Antenna, type Gateway, type Reader } from '#dashboard/web/devices/count-faults.ts';

const antenna = (state: Antenna['state'], n: number): Antenna => ({
  readPoint: `rp-${n}`,
  antenna: n,
  state,
  lastHeardAt: null,
});
const reader = (state: Reader['state'], antennas: Antenna['state'][]): Reader => ({
  id: 'rd',
  driver: 'llrp',
  link: 'tcp://x:1',
  state,
  since: null,
  lastHeardAt: null,
  detail: null,
  antennas: antennas.map((each, index) => antenna(each, index + 1)),
});
const gateway = (state: Gateway['state'], readers: Reader[]): Gateway => ({
  id: 'gw',
  state,
  statusAt: null,
  lastHeardAt: null,
  version: null,
  outboxDepth: null,
  outboxDropped: null,
  readers,
});
const devices = (gateways: Gateway[], parts: Devices['parts'] = []): Devices => ({
  gateways,
  sensors: [],
  refusals: [],
  parts,
});

describe('countFaults', () => {
  it('counts one pulled cable once', () => {
    expect(countFaults(devices([gateway('offline', [reader('dead', ['dead', 'dead'])])]))).toBe(1);
    expect(countFaults(devices([gateway('online', [reader('dead', ['dead', 'dead', 'dead'])])]))).toBe(1);
  });

  it('counts each silent antenna of a reader that works, and none that is off by plan', () => {
    expect(
      countFaults(devices([gateway('online', [reader('live', ['live', 'blind', 'dead', 'unscheduled', 'unknown'])])])),
    ).toBe(2);
  });

  it('counts a part that stopped, not one that catches up', () => {
    const part = (state: Devices['parts'][number]['state']): Devices['parts'][number] => ({
      part: 'engine',
      state,
      at: null,
      behind: 0,
      detail: null,
    });
    expect(countFaults(devices([], [part('ok'), part('behind'), part('down')]))).toBe(1);
  });
});
