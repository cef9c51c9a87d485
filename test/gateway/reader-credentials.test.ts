import { describe, expect, test } from '@jest/globals';
import { gatewayConfig } from '#gateway/config.ts';

const withReader = (reader: object): object => ({
  id: 'gw-1',
  library: 'demo',
  broker: 'mqtt://127.0.0.1:1883',
  secret: 'a-secret-of-the-gateway',
  folder: '/tmp/x',
  readers: [
    {
      id: 'r1',
      driver: 'r700',
      link: 'http://reader/api/v1/data/stream',
      antennas: [{ antenna: 1, readPoint: 'rp-1' }],
      ...reader,
    },
  ],
});

describe('credentials of a reader', () => {
  test.each([
    [{ credentials: { username: 'root', passwordFile: '/run/secrets/r1' } }],
    [{ credentials: { username: 'root', password: 'impinj' }, settings: { preset: 'default' } }],
    [{}],
  ])('%j', (reader) => {
    expect(gatewayConfig.safeParse(withReader(reader)).success).toBe(true);
  });

  test.each([
    [{ credentials: { password: 'a', passwordFile: 'b' } }, 'not both'],
    [{ link: 'http://root:impinj@reader/' }, 'credentials'],
    [{ link: 'mqtt://me:secret@broker?topic=a' }, 'credentials'],
  ])('%j is refused without showing the password', (reader, words) => {
    const message = gatewayConfig.safeParse(withReader(reader)).error?.message ?? '';
    expect(message).toContain(words);
    expect(message).not.toMatch(/impinj|secret@/);
  });
});
