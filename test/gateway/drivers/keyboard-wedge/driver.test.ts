import { afterEach, describe, expect, test } from '@jest/globals';
import { keyboardWedgeDriver } from '#gateway/drivers/keyboard-wedge/driver.ts';
import { cyclesOf, drive, readsOf } from '#test/gateway/fakes/drive.ts';
import { startTcpPeer } from '#test/gateway/fakes/tcp-peer.ts';
import { until } from '#test/gateway/fakes/world.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('a device that types', () => {
  test.each([1, 3, 1000])('in pieces of %i bytes: EPCs are reads, all else barcodes, no cycles', async (pieceBytes) => {
    const peer = await startTcpPeer((socket) => {
      const text = `]C131234567\r\n3034000000000000000000ab\r\r\n\n12345678\r${'9'.repeat(600)}\n30340000000000000000000C\n`;
      for (let at = 0; at < text.length; at += pieceBytes) socket.write(text.slice(at, at + pieceBytes));
    });
    cleanups.push(() => peer.close());
    const run = await drive(keyboardWedgeDriver, { link: peer.url, antennas: [1], settings: { prefix: ']C1' } });
    cleanups.push(() => run.stop());
    await until(() => readsOf(run.events).length === 2);
    expect(readsOf(run.events).map(({ ids }) => ids.epc)).toEqual([
      '3034000000000000000000AB',
      '30340000000000000000000C',
    ]);
    expect(readsOf(run.events)[0]).not.toHaveProperty('rssiDbm');
    expect(run.events.flatMap((event) => (event.kind === 'vendor' ? [`${event.name} ${event.detail}`] : []))).toEqual([
      'barcode 8 characters',
      'barcode 8 characters',
      expect.stringContaining('undecodable'),
    ]);
    expect(cyclesOf(run.events)).toEqual([]);
    expect(run.events[0]).toMatchObject({ kind: 'alive' });
    peer.sockets[0]?.destroy();
    expect(await run.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    expect(JSON.stringify(run.events)).not.toContain('31234567');
  });
});
