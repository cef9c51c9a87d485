/** Promise: docker-compose.yml names nothing that is not there, and holds no secret. */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readSettings } from '#cli/config.ts';
import { COMMANDS } from '#cli/run.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';
import { callsOf, COMPOSE, COMPOSE_TEXT, composeService, mountsOf } from '#test/support/compose.ts';

const services = Object.entries(COMPOSE.services);
const ours = services.filter(([, one]) => one.image === 'shelfwise:local');
const DOCKERFILE = readFileSync('Dockerfile', 'utf8');
const centre = readSettings({ file: 'docs/compose/centre.yaml', sections: ['broker', 'engine', 'dashboard'] });
const { sim } = readSettings({ file: 'docs/compose/sim.yaml', sections: ['sim'] });

function targetsOf(name: string): string[] {
  return mountsOf(composeService(name)).map(({ target }) => target);
}

function isMounted(name: string, path: string): boolean {
  return targetsOf(name).some((target) => path === target || path.startsWith(`${target}/`));
}

describe('commands', () => {
  const calls = services.flatMap(([name, one]) => callsOf(one).map((words) => ({ name, words })));

  test.each(calls)('$name: $words', ({ name, words }) => {
    const command = COMMANDS.find((one) => one.name === words[0]);
    if (command === undefined) throw new Error(`there is no command ${String(words[0])}`);
    const { values, positionals } = parseArgs({
      args: words.slice(1),
      options: command.options,
      allowPositionals: true,
    });
    expect(positionals.length).toBeLessThanOrEqual(command.wordsMax ?? 0);
    const paths = Object.values(values).filter(
      (value) => typeof value === 'string' && value.startsWith('/'),
    ) as string[];
    for (const path of paths) expect([path, isMounted(name, path)]).toEqual([path, true]);
  });

  test('are all there are', () => {
    expect(calls.length).toBe(11);
  });

  test('enrol exactly the gateway and the sensors of the simulated library', () => {
    const added = callsOf(composeService('enrol')).filter((words) => words[0] === 'device');
    const { plan, library } = buildDemoLibrary({ library: sim?.library ?? '', seed: sim?.seed ?? 0 });
    expect(added.map((words) => words[3]).sort()).toEqual(
      [sim?.gateway.id, ...plan.sensors.map(({ id }) => id)].sort(),
    );
    for (const words of [...callsOf(composeService('enrol')).slice(0, 1), ...callsOf(composeService('import'))]) {
      expect(words).toEqual(expect.arrayContaining([library.key, library.name, library.isil, library.timeZone]));
    }
  });
});

describe('order', () => {
  test('what is waited for exists and can reach that state', () => {
    for (const [name, one] of services) {
      for (const [other, { condition }] of Object.entries(one.depends_on)) {
        const awaited = composeService(other);
        if (condition === 'service_healthy') expect([name, other, awaited.healthcheck]).not.toContain(undefined);
        else
          expect([name, other, condition, awaited.restart]).toEqual([
            name,
            other,
            'service_completed_successfully',
            'no',
          ]);
      }
    }
  });

  test('nothing waits for itself', () => {
    const waitsFor = (name: string, seen: readonly string[]): void => {
      expect(seen).not.toContain(name);
      for (const other of Object.keys(composeService(name).depends_on)) waitsFor(other, [...seen, name]);
    };
    for (const [name] of services) waitsFor(name, []);
  });
});

describe('volumes', () => {
  test('are declared and used, each in one place everywhere, and files that are mounted exist', () => {
    const places = new Map<string, Set<string>>();
    for (const [, one] of services) {
      for (const { source, target } of mountsOf(one)) {
        if (source.startsWith('./')) expect([source, existsSync(source)]).toEqual([source, true]);
        else places.set(source, (places.get(source) ?? new Set()).add(target));
      }
    }
    expect([...places.keys()].sort()).toEqual(Object.keys(COMPOSE.volumes).sort());
    expect([...places].filter(([, targets]) => targets.size > 1)).toEqual([]);
  });

  test('lie over folders that the image has and that belong to its user', () => {
    const made = /mkdir -p (.*) \\/.exec(DOCKERFILE)?.[1]?.split(' ') ?? [];
    const named = ours.flatMap(([, one]) => mountsOf(one)).filter(({ source }) => !source.startsWith('./'));
    expect(new Set(named.map(({ target }) => target))).toEqual(new Set(made));
  });

  test('give a secret only to whom it belongs', () => {
    const readersOf = (volume: string): string[] =>
      services.filter(([, one]) => mountsOf(one).some(({ source }) => source === volume)).map(([name]) => name);
    expect(readersOf('gateway-secret')).toEqual(['enrol', 'gateway']);
    expect(readersOf('sensor-secrets')).toEqual(['enrol', 'sim']);
  });
});

describe('configuration files', () => {
  test('are those of docs/compose, mounted where the command looks', () => {
    for (const [name, one] of ours) {
      for (const words of callsOf(one)) {
        const file = words[words.indexOf('--config') + 1];
        if (!words.includes('--config') || file === '/sim/gateway.yaml') continue;
        const mount = mountsOf(one).find(({ target }) => target === file);
        expect([name, mount?.source, mount?.isReadOnly]).toEqual([name, `./docs/compose/${name}.yaml`, true]);
      }
    }
  });

  test('keep their data in volumes', () => {
    expect(isMounted('centre', centre.folder)).toBe(true);
    expect(isMounted('sim', sim?.folder ?? '')).toBe(true);
    expect(isMounted('sim', sim?.deviceSecretsFolder ?? '')).toBe(true);
  });

  test('listen on the ports that are published and looked at', () => {
    const { broker, dashboard } = centre;
    const published = composeService('centre').ports.map((port) => port.replace(/^\$\{[^}]*\}:/, ''));
    expect(published).toEqual([dashboard?.port, broker?.port].map((port) => `${String(port)}:${String(port)}`));
    expect(composeService('centre').healthcheck?.test.at(-1)).toContain(`127.0.0.1:${String(dashboard?.port)}/readyz`);
    expect(composeService('sim').healthcheck?.test.at(-1)).toContain(`127.0.0.1:${String(sim?.http.port)}/truth`);
  });

  test('name each other as services, and InfluxDB as it is made', () => {
    const { history } = centre;
    if (history.kind !== 'influxdb') throw new Error('the history is not in InfluxDB');
    const { environment } = composeService('influxdb');
    expect([history.database, history.username]).toEqual([
      environment['INFLUXDB_DB'],
      environment['INFLUXDB_ADMIN_USER'],
    ]);
    const hosts = [history.url, sim?.brokerUrl ?? '', sim?.gateway.broker ?? ''].map((url) => new URL(url).hostname);
    expect([...hosts, sim?.announcedHost]).toEqual(['influxdb', 'centre', 'centre', 'sim']);
  });
});

describe('variables and secrets', () => {
  const example = readFileSync('compose.env.example', 'utf8');

  test('each variable is in the example, required ones empty there', () => {
    const used = [...COMPOSE_TEXT.matchAll(/\$\{([A-Z_]+)(:[?-])/g)].map(([, name = '', kind]) => ({ name, kind }));
    expect(used.length).toBeGreaterThan(2);
    for (const { name, kind } of used) {
      expect(example).toMatch(kind === ':?' ? new RegExp(`^${name}=$`, 'm') : new RegExp(`^#${name}=`, 'm'));
    }
    expect(COMPOSE_TEXT).not.toMatch(/\$(?!\{[A-Z_]+:[?-])/);
  });

  test('no secret has a value or a default', () => {
    for (const [, { environment }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        if (/(?:PASSWORD|SECRET)$/.test(name)) expect(value).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
      }
    }
    for (const file of ['centre', 'sim']) {
      expect(JSON.stringify(parse(readFileSync(`docs/compose/${file}.yaml`, 'utf8')))).not.toMatch(
        /"(?:password|secret)"/,
      );
    }
  });

  test('our variables are read by the command line', () => {
    const code = readFileSync('cli/config.ts', 'utf8');
    const names = ours.flatMap(([, { environment }]) => Object.keys(environment));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(code).toContain(`'${name.replace(/_FILE$/, '')}'`);
  });
});

test('every container has a read-only root', () => {
  expect(services.filter(([, one]) => one.read_only !== true).map(([name]) => name)).toEqual([]);
});
