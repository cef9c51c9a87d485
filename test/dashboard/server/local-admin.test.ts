import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { localAdmin, localSocketPath } from '#dashboard/server/local-admin.ts';
import { createWorld, type World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe('administration on the host', () => {
  test('goes through the running dashboard, behind a socket only its owner can open', async () => {
    world = await createWorld();
    const { folder } = world;
    expect((await stat(localSocketPath(folder))).mode & 0o777).toBe(0o600);
    const added = await localAdmin.call(folder, {
      kind: 'device-add',
      library: 'demo',
      id: 'gw-9',
      deviceKind: 'gateway',
    });
    expect(added).toMatchObject({
      id: 'gw-9',
      username: 'demo:gw-9',
      secret: expect.stringMatching(/^[\w-]{43}$/) as unknown,
    });
    const listed = await localAdmin.call(folder, { kind: 'device-list', library: 'demo' });
    expect((listed['rows'] as { id: string }[]).map((row) => row.id)).toContain('gw-9');

    await expect(
      localAdmin.call(folder, { kind: 'device-add', library: 'demo', id: 'gw-9', deviceKind: 'gateway' }),
    ).rejects.toMatchObject({
      code: 'API_CONFLICT',
    });
    await expect(localAdmin.call(folder, { kind: 'device-list', library: 'NO' })).rejects.toMatchObject({
      code: 'API_BAD_INPUT',
    });

    const user = await localAdmin.call(folder, { kind: 'user-add', name: 'cli', role: 'staff', libraries: ['demo'] });
    const who = await world.signIn('cli', user['password'] as string);
    const renewed = await localAdmin.call(folder, { kind: 'user-password', name: 'cli' });
    await world.get('/session', who).expect(401);
    expect(renewed['password']).not.toBe(user['password']);
    const again = await world.signIn('cli', renewed['password'] as string);
    await localAdmin.call(folder, { kind: 'user-remove', name: 'cli' });
    await world.get('/session', again).expect(401);
    await expect(localAdmin.call(folder, { kind: 'user-password', name: 'cli' })).rejects.toMatchObject({
      code: 'API_NOT_FOUND',
    });
  });

  test('opens the registry itself when no dashboard runs, and a socket left behind does not stop it', async () => {
    world = await createWorld();
    const { folder } = world;
    await world.dashboard.close();
    const row = { key: 'third', name: 'Third', isil: 'DE-3', timeZone: 'Asia/Shanghai' };
    await localAdmin.call(folder, { kind: 'library-add', ...row });
    expect((await localAdmin.call(folder, { kind: 'library-list' }))['rows']).toContainEqual(row);
    await localAdmin.call(folder, { kind: 'device-remove', library: 'demo', id: 'gw-1' });
    await expect(localAdmin.call(folder, { kind: 'device-remove', library: 'demo', id: 'gw-1' })).rejects.toMatchObject(
      {
        code: 'API_NOT_FOUND',
      },
    );
  });

  test('a folder whose name is too long for a socket gets one elsewhere', () => {
    const long = join('/', 'x'.repeat(60), 'y'.repeat(60));
    expect(localSocketPath(long).length).toBeLessThan(104);
    expect(localSocketPath(long)).not.toBe(localSocketPath(`${long}z`));
    expect(localSocketPath('/data')).toBe('/data/admin.sock');
  });
});
