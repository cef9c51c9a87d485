/** What is typed, and what comes back: the built command line as a child process. */
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { COMMANDS } from '#cli/run.ts';
import { checkBundle, runShelfwise, type Outcome } from '#test/support/shelfwise-process.ts';

jest.setTimeout(60_000);

let folder: string;
beforeAll(async () => {
  checkBundle();
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...typed: string[]): Promise<Outcome> => runShelfwise(typed, { cwd: folder });

describe('help', () => {
  test.each(COMMANDS)('of $name names each of its options and nothing else', ({ name, help, options }) => {
    expect(help).toContain(`shelfwise ${name} `);
    const named = new Set([...help.matchAll(/--([a-z-]+)/g)].map(([, option]) => option));
    expect([...named].sort()).toEqual(Object.keys(options).sort());
  });

  test('is printed for a command, and the overview lists all of them', async () => {
    const gateway = await run('gateway', '--help');
    expect(gateway).toMatchObject({ status: 0, stderr: '' });
    expect(gateway.stdout).toContain('SHELFWISE_GATEWAY_SECRET_FILE');
    const overview = await run('--help');
    expect(overview.status).toBe(0);
    for (const { name, summary } of COMMANDS) expect(overview.stdout).toMatch(new RegExp(`${name} +${summary}`));
  });

  test('says which version this is', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('what does not fit', () => {
  test.each([
    [['fly'], 'There is no command "fly"'],
    [['up', '--wings', '2'], "Unknown option '--wings'"],
    [['up', 'high'], '"high" is one word too many'],
    [['up', '--port', 'high'], '--port takes a whole number from 0 to 65535, not "high"'],
    [['up', '--mqtt-port', '99999'], '--mqtt-port takes a whole number from 0 to 65535, not "99999"'],
    [['up', '--roles', 'broker,cook'], '--roles: there is no role "cook"'],
    [['user', 'add', 'kim', '--role', 'king'], 'Usage: shelfwise user add'],
    [['device', 'fly'], 'Usage: shelfwise device add'],
  ])('%j is named, with status 2', async (typed, words) => {
    const { status, stdout, stderr } = await run(...typed);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  test('every fault of a configuration is named with its path, at once', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'broker: { port: high, tls: {} }\nengine: { pollMs: 0 }\nlogLevel: loud\nwings: 2\n');
    const { status, stderr } = await run('up', '--config', file);
    expect(status).toBe(1);
    expect(stderr).toContain(`CFG_INVALID: ${file} has 6 faults:`);
    for (const path of ['broker.port', 'broker.tls.certFile', 'broker.tls.keyFile', 'engine.pollMs', 'logLevel']) {
      expect(stderr).toMatch(new RegExp(`^ {2}${path.replaceAll('.', '[.]')}: `, 'm'));
    }
    expect(stderr).toContain('wings');
  });

  test('a taken port ends the start with a sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const dashboard = await run('dashboard', '--data', join(folder, 'taken'), '--config', configWithPort(port));
    expect(dashboard.status).toBe(1);
    expect(dashboard.stderr).toMatch(/^CFG_PORT_TAKEN: Port \d+ on 127\.0\.0\.1 is taken by another program\./m);
    const up = await run('up', '--data', join(folder, 'taken'), '--mqtt-port', port, '--port', '0');
    expect(up.status).toBe(1);
    expect(up.stderr).toContain(`CFG_PORT_TAKEN: the broker cannot listen on 127.0.0.1:${port}`);
    other.close();
  });

  function configWithPort(port: string): string {
    const file = join(folder, 'port.yaml');
    writeFileSync(file, `dashboard: { port: ${port} }\n`);
    return file;
  }
});

describe('administration of a data folder', () => {
  const data = (): string => join(folder, 'data');

  test('a library, a device whose secret goes to a file once, an account with a password shown once', async () => {
    expect(await run('library', 'add', 'town', '--name', 'Town', '--data', data())).toMatchObject({
      status: 0,
      stderr: '',
    });
    const file = join(folder, 'secrets', 'gw-1');
    const add = ['device', 'add', 'town', 'gw-1', '--secret-file', file, '--data', data()];
    expect((await run(...add)).stdout).toBe(`town:gw-1: the secret is in ${file}\n`);
    const secret = readFileSync(file, 'utf8');
    expect(secret).toMatch(/^[\w-]{43}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await run(...add)).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(secret);

    const added = await run('user', 'add', 'kim', '--role', 'staff', '--libraries', 'town', '--data', data());
    expect(added.stdout).toMatch(/^name +kim\nfirst password \(shown only now\) +\S+\n$/);
    const renewed = await run('user', 'password', 'kim', '--data', data());
    expect(renewed.stdout).toMatch(/^name +kim\nfirst password \(shown only now\) +\S+\n$/);
    expect(renewed.stdout).not.toBe(added.stdout);
    const listed = JSON.parse((await run('user', 'list', '--data', data())).stdout) as unknown;
    expect(listed).toEqual([{ name: 'kim', role: 'staff', libraries: ['town'], mustChangePassword: true }]);
    expect((await run('user', 'password', 'lee', '--data', data())).stderr).toContain('API_NOT_FOUND');
  });

  test('a catalogue with a fault loads neither itself nor the plan beside it', async () => {
    const plan = join(folder, 'plan.json');
    const items = join(folder, 'items.json');
    const place = { id: 'branch', kind: 'branch', parent: null, name: 'Main' };
    const parts = { places: [place], aisles: [], lines: [], readPoints: [] };
    writeFileSync(plan, JSON.stringify({ version: 1, validFrom: '2026-01-01T00:00:00Z', ...parts }));
    writeFileSync(items, '[{"barcode": ""}]');
    const load = ['library', 'add', 'city', '--plan', plan, '--catalogue', items, '--data', data()];
    const refused = await run(...load);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('0.barcode: ');
    const copy = { barcode: '1', title: 'T', author: '', year: null, language: '', scheme: 'local', callNumber: '' };
    const rest = { branch: 'branch', collection: '', tags: [] };
    writeFileSync(items, JSON.stringify([{ ...copy, ...rest, library: 'town' }]));
    expect((await run(...load)).stderr).toContain('0.library: ');
    writeFileSync(items, JSON.stringify([{ ...copy, ...rest }]));
    expect((await run(...load)).stdout).toContain('plan version 1 loaded\ncatalogue loaded: 1 item');
    expect((await run(...load)).stdout).toContain('plan version 1 is there already; nothing was changed');
  });

  test('makes nothing where it only looks', async () => {
    await run('gateway', '--data', join(folder, 'nowhere'));
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});
