import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { loadSettings, type SettingsSource } from '#store/settings/load-settings.ts';

const schema = z.strictObject({
  port: z.int().min(1).default(1883),
  gateway: z.strictObject({ id: z.string(), secret: z.string().min(8) }),
  readers: z.array(z.strictObject({ id: z.string(), password: z.string().optional() })).default([]),
});
const secrets = [{ path: 'gateway.secret', env: 'GW_SECRET' }];
const YAML = 'gateway:\n  id: gw-1 # the first\nreaders:\n  - id: r1\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-settings-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function faultsOf(source: SettingsSource): unknown {
  try {
    loadSettings(schema, source);
  } catch (error: unknown) {
    if (error instanceof AppError && error.code === 'CFG_INVALID') return error.facts['faults'];
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('settings', () => {
  test('come from YAML, with the secret from the environment', () => {
    const settings = loadSettings(schema, { text: YAML, env: { GW_SECRET: 'long enough' }, secrets });
    expect(settings).toEqual({ port: 1883, gateway: { id: 'gw-1', secret: 'long enough' }, readers: [{ id: 'r1' }] });
  });

  test('come from a JSON file, with the secret from a file of its own', async () => {
    const file = join(folder, 'settings');
    await writeFile(file, '{\n\t"gateway": {"id": "gw-2", "secret": "from the text"}\n}');
    await writeFile(join(folder, 'secret'), 'from the file\n');
    const settings = loadSettings(schema, { file, env: { GW_SECRET_FILE: join(folder, 'secret') }, secrets });
    expect(settings.gateway.secret).toBe('from the file');
  });

  test('reach into lists and make levels that are missing', () => {
    const settings = loadSettings(
      z.object({ a: z.object({ b: z.string() }), l: z.array(z.object({ p: z.string() })) }),
      {
        text: 'l: [{}]',
        env: { A: 'x', B: 'y' },
        secrets: [
          { path: 'a.b', env: 'A' },
          { path: 'l.0.p', env: 'B' },
        ],
      },
    );
    expect(settings).toEqual({ a: { b: 'x' }, l: [{ p: 'y' }] });
  });

  test('cannot be changed afterwards', () => {
    const settings = loadSettings(schema, { text: YAML, env: { GW_SECRET: 'long enough' }, secrets });
    expect(() => {
      settings.gateway.id = 'other';
    }).toThrow(TypeError);
    expect(() => {
      settings.readers.push({ id: 'r2' });
    }).toThrow(TypeError);
  });
});

describe('faults', () => {
  test('are all reported at once, each with its path', () => {
    expect(faultsOf({ text: 'port: 0\nreaders: [{}]\nextra: 1', env: {} })).toEqual([
      { path: 'port', message: expect.any(String) },
      { path: 'gateway', message: expect.any(String) },
      { path: 'readers.0.id', message: expect.any(String) },
      { path: '', message: expect.stringContaining('extra') },
    ]);
  });

  test('name a secret that is given twice, once only', () => {
    expect(faultsOf({ text: YAML, env: { GW_SECRET: 'a', GW_SECRET_FILE: 'b' }, secrets })).toEqual([
      { path: 'gateway.secret', message: 'both GW_SECRET and GW_SECRET_FILE are set' },
    ]);
  });

  test('name a secret file that cannot be read', () => {
    const missing = join(folder, 'missing');
    expect(faultsOf({ text: YAML, env: { GW_SECRET_FILE: missing }, secrets })).toEqual([
      { path: 'gateway.secret', message: `GW_SECRET_FILE names ${missing}, which cannot be read` },
    ]);
  });

  test('name a secret for which there is no place', () => {
    expect(faultsOf({ text: 'gateway: word', env: { GW_SECRET: 'long enough' }, secrets })).toContainEqual({
      path: 'gateway.secret',
      message: 'there is no place for GW_SECRET',
    });
  });

  test('never show a secret', () => {
    let message = '';
    try {
      loadSettings(schema, { text: YAML, env: { GW_SECRET: 'hush' }, secrets });
    } catch (error: unknown) {
      message = JSON.stringify([(error as AppError).message, (error as AppError).facts]);
    }
    expect(message).toContain('gateway.secret');
    expect(message).not.toContain('hush');
  });

  test('of a file that is missing or is neither JSON nor YAML', async () => {
    expect(() => loadSettings(schema, { file: join(folder, 'none.yaml'), env: {} })).toThrow('CFG_UNREADABLE');
    await writeFile(join(folder, 'bad.yaml'), 'a: [1, 2\nb: }');
    expect(() => loadSettings(schema, { file: join(folder, 'bad.yaml'), env: {} })).toThrow(
      /CFG_UNREADABLE: .*bad\.yaml/,
    );
  });

  test('of a text that grows without end', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.replace(/./g, (c) => {
      const before = String.fromCharCode(c.charCodeAt(0) - 1);
      return `${c}: &${c} [${Array(9).fill(`*${before}`).join(',')}]\n`;
    })}`;
    expect(() => loadSettings(schema, { text: bomb, env: {} })).toThrow('CFG_UNREADABLE');
  });
});
