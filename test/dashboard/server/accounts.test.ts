import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { Problem, Session } from '#contract/wire/rest.ts';
import { createWorld, PASSWORD, type World } from './world.ts';

describe('signing in', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ config: { signIn: { failuresPerName: 3 } } });
  });
  afterAll(() => world.close());

  const post = (body: object): request.Test => request(world.dashboard.url).post('/api/v1/session').send(body);

  test('gives a cookie that scripts cannot read and a token for changes', async () => {
    const reply = await post({ name: 'ana', password: PASSWORD }).expect(200);
    expect(reply.headers['set-cookie']?.[0]).toMatch(
      /^shelfwise_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/,
    );
    expect(reply.body).toMatchObject({ name: 'ana', role: 'staff', libraries: [{ key: 'demo', name: 'Demo' }] });
    expect(JSON.stringify(reply.body)).not.toContain('argon2');
  });

  test('answers a wrong name and a wrong password alike', async () => {
    const wrongName = await post({ name: 'nobody', password: 'x' }).expect(401);
    const wrongPassword = await post({ name: 'bo', password: 'x' }).expect(401);
    expect(wrongName.body).toEqual(wrongPassword.body);
    expect(wrongName.type).toBe('application/problem+json');
  });

  test('locks a name after some wrong passwords, whether it exists or not, and even for the right one', async () => {
    for (const name of ['zoe', 'ghost']) {
      for (let i = 0; i < 3; i += 1) await post({ name, password: `wrong ${i}` }).expect(401);
      const locked = await post({ name, password: PASSWORD }).expect(429);
      expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
      expect((locked.body as Problem).code).toBe('API_TOO_MANY');
    }
    await post({ name: 'ana', password: PASSWORD }).expect(200);
  });

  test('holds one address back after too many failures, and lets others be', async () => {
    const strict = await createWorld({ config: { signIn: { attemptsPerAddress: 3 }, proxies: 1 } });
    try {
      const from = (address: string, password: string): request.Test =>
        request(strict.dashboard.url)
          .post('/api/v1/session')
          .set('x-forwarded-for', address)
          .send({ name: `guess-${password}`, password });
      for (let i = 0; i < 3; i += 1) await from('192.0.2.1', `${i}`).expect(401);
      await from('192.0.2.1', 'x').expect(429);
      await from('192.0.2.2', 'x').expect(401);
    } finally {
      await strict.close();
    }
  });

  test('names every field that does not fit', async () => {
    const reply = await post({ name: '', extra: 1 }).expect(400);
    expect((reply.body as Problem).errors?.map((error) => error.path).sort()).toEqual([
      'body',
      'body.name',
      'body.password',
    ]);
  });

  test('a body that is no JSON or far too long is refused as such', async () => {
    const raw = (text: string): request.Test =>
      request(world.dashboard.url).post('/api/v1/session').set('content-type', 'application/json').send(text);
    expect(((await raw('{').expect(400)).body as Problem).code).toBe('API_BAD_INPUT');
    expect(((await raw(`"${'x'.repeat(70_000)}"`).expect(413)).body as Problem).code).toBe('API_TOO_LARGE');
  });

  test('signing out ends the session for good', async () => {
    const who = await world.signIn('bo');
    await world.get('/session', who).expect(200);
    await world.send('delete', '/session', who).expect(204);
    await world.get('/session', who).expect(401);
  });

  test('what changes something needs the token of this very session', async () => {
    const [who, other] = [await world.signIn('bo'), await world.signIn('bo')];
    const attempt = (token: string | undefined): request.Test => {
      const call = request(world.dashboard.url).delete('/api/v1/session').set('cookie', who.cookie);
      return token === undefined ? call : call.set('x-csrf-token', token);
    };
    await attempt(undefined).expect(403);
    await attempt(other.csrf).expect(403);
    await attempt(who.csrf).expect(204);
  });
});

describe('passwords', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test('changing it ends the other sessions and not this one', async () => {
    const [here, elsewhere] = [await world.signIn('bo'), await world.signIn('bo')];
    const change = (body: object): request.Test => world.send('post', '/session/password', here).send(body);
    await change({ current: 'wrong', next: 'a-new-long-password' }).expect(403);
    await change({ current: PASSWORD, next: 'short' }).expect(400);
    await change({ current: PASSWORD, next: PASSWORD }).expect(400);
    await change({ current: PASSWORD, next: 'a-new-long-password' }).expect(204);
    await world.get('/session', here).expect(200);
    await world.get('/session', elsewhere).expect(401);
    await world.signIn('bo', 'a-new-long-password');
  });

  test('a password somebody else chose opens nothing but its own change', async () => {
    const admin = await world.signIn('demo-admin');
    const wanted = { name: 'new', role: 'staff', libraries: ['demo'] };
    const added = await world.send('post', '/users', admin).send(wanted).expect(200);
    const { password } = added.body as { password: string };
    const who = await world.signIn('new', password);
    expect(((await world.get('/session', who).expect(200)).body as Session).mustChangePassword).toBe(true);
    await world.get('/libraries/demo/plan', who).expect(403);
    await world.send('post', '/session/password', who).send({ current: password, next: 'my-own-long-one' }).expect(204);
    await world.get('/libraries/demo/plan', who).expect(200);
  });
});

describe('accounts', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test('an administrator gives only what they have and sees only whom they could have added', async () => {
    const admin = await world.signIn('demo-admin');
    const add = (body: object): request.Test => world.send('post', '/users', admin).send(body);
    await add({ name: 'x', role: 'staff', libraries: ['other'] }).expect(403);
    await add({ name: 'x', role: 'admin', libraries: ['*'] }).expect(403);
    await add({ name: 'ana', role: 'staff', libraries: ['demo'] }).expect(409);
    const names = ((await world.get('/users', admin).expect(200)).body as { rows: { name: string }[] }).rows;
    expect(names.map((row) => row.name)).toEqual(['ana', 'bo', 'demo-admin']);
    await world.send('delete', '/users/zoe', admin).expect(404);
    await world.get('/users', await world.signIn('ana')).expect(403);
  });

  test('removing an account ends its sessions; the name can be given again', async () => {
    const admin = await world.signIn('root');
    const bo = await world.signIn('bo');
    await world.send('delete', '/users/bo', admin).expect(204);
    await world.get('/session', bo).expect(401);
    await world.send('delete', '/users/bo', admin).expect(404);
    const again = { name: 'bo', role: 'facilities', libraries: ['demo'], password: PASSWORD };
    const added = await world.send('post', '/users', admin).send(again).expect(200);
    expect(added.body).toEqual({ name: 'bo', password: null });
    await world.signIn('bo');
  });

  test('the last administrator stays', async () => {
    const admin = await world.signIn('root');
    await world.send('delete', '/users/demo-admin', admin).expect(204);
    await world.send('delete', '/users/root', admin).expect(409);
  });
});
