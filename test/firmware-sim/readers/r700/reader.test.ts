import { afterEach, describe, expect, test } from '@jest/globals';
import { startR700, type R700Reader } from '#sim/readers/r700/reader.ts';

let reader: R700Reader | undefined;
afterEach(() => reader?.close());

const AUTHORIZATION = `Basic ${btoa('root:impinj')}`;

async function ask(method: string, path: string, authorization = AUTHORIZATION): Promise<Response> {
  return fetch(new URL(path, reader?.link), { method, headers: { authorization, connection: 'close' } });
}

describe('the simulated R700, by hand', () => {
  test('presets, status, a stream of lines with keepalives between them', async () => {
    reader = await startR700({
      id: 'r1',
      antennas: [1],
      tags: () => [{ epc: 'E28011606000020A6681F23F', antenna: 1, rssiDbm: -54.37 }],
      on: { kind: 'http' },
      username: 'root',
      password: 'impinj',
      roundMs: 20,
      keepaliveMs: 20,
    });
    const start = '/api/v1/profiles/inventory/presets/default/start';
    expect((await ask('GET', '/api/v1/status', 'Basic x')).status).toBe(401);
    expect(await (await ask('GET', '/api/v1/status')).json()).toMatchObject({ status: 'idle' });
    expect((await ask('POST', start.replace('default', 'none'))).status).toBe(404);
    expect((await ask('POST', start)).status).toBe(204);
    expect((await ask('POST', start)).status).toBe(409);
    const stream = (await ask('GET', '/api/v1/data/stream')).body?.getReader();
    let text = '';
    while (!text.includes('tagInventory') || !text.includes('\r\n\r\n')) {
      text += new TextDecoder().decode((await stream?.read())?.value as Uint8Array);
    }
    await stream?.cancel();
    const line = text.split('\r\n').find((one) => one.includes('tagInventory')) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      eventType: 'tagInventory',
      tagInventoryEvent: {
        epc: '4oARYGAAAgpmgfI_',
        epcHex: 'E28011606000020A6681F23F',
        antennaPort: 1,
        peakRssiCdbm: -5437,
      },
    });
    expect((await ask('POST', '/api/v1/profiles/stop')).status).toBe(204);
    expect(reader.isRunning).toBe(false);
  });
});
