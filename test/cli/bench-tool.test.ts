/** `shelfwise decode` and `shelfwise encode`, as an integrator types them. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { FORMATS } from '#cli/formats.ts';
import { SENSOR_FORMATS } from '#cli/sensor-formats.ts';
import { checkBundle, runShelfwise, type Outcome } from '#test/support/shelfwise-process.ts';

jest.setTimeout(60_000);

// An empty inventory and the probe's answer, captured and published with Biblio-RFID.
const NO_TAG = 'D60007FE00000700AF19';
const PROBE_ANSWER = 'D500090400110A05021B972A';

let folder: string;
beforeAll(async () => {
  checkBundle();
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...typed: string[]): Promise<Outcome> => runShelfwise(typed, { cwd: folder });

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const jsonLines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('decode', () => {
  test('one object a line; spaces, empty lines and remarks are passed over', async () => {
    const input = file('good.hex', `# captured\n\nD6 0007 FE 00 00 07 00 AF19\r\n${PROBE_ANSWER.toLowerCase()}`);
    const { status, stdout, stderr } = await run('decode', '3m', input);
    expect([status, stderr]).toEqual([0, '']);
    expect(jsonLines(stdout)).toMatchObject([{ kind: 'inventory' }, { kind: 'probe', vendor: 10 }]);
  });

  test('an error stands in its line, and the status is 1', async () => {
    const input = file('bad.hex', `${NO_TAG.replace('AF19', 'AF18')}\n${NO_TAG}\nD6 0G\nD60\n`);
    const { status, stdout } = await run('decode', '3m', input);
    expect(status).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([
      { error: { code: 'bad-checksum', offset: 0 } },
      { kind: 'inventory' },
      { error: { code: 'bad-hex', offset: 1 } },
      { error: { code: 'bad-hex', offset: 1 } },
    ]);
  });

  test('--stream finds frames across lines and says where the noise is', async () => {
    const input = file('stream.hex', `${NO_TAG.slice(0, 8)}\n${NO_TAG.slice(8)}FF\n${PROBE_ANSWER}D600`);
    const { status, stdout } = await run('decode', '3m', '--stream', input);
    expect(status).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([
      { kind: 'inventory' },
      { error: { code: 'bad-value', offset: 10 } },
      { kind: 'probe' },
      { error: { code: 'truncated', offset: 23 } },
      { error: { code: 'bad-value', offset: 24 } },
    ]);
  });

  test('an unknown format, a missing file: a sentence and a status', async () => {
    expect(await run('decode', 'morse')).toMatchObject({ status: 2, stdout: '' });
    const { status, stderr } = await run('decode', '3m', join(folder, 'nowhere'));
    expect(status).toBe(1);
    expect(stderr).toContain('CFG_UNREADABLE');
  });

  test('a sensor by its device: what was decoded before an unknown channel, and the fault of what cannot be', async () => {
    const file = join(folder, 'am307.hex');
    // Battery 100 %, 23.5 degrees, then a channel of no such sensor; and half a payload.
    writeFileSync(file, '0175640367EB00 AA0102\n017\n');
    const { status, stdout } = await run('decode', 'milesight', file, '--device', 'am307');
    const [whole, cut] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(whole).toMatchObject({ values: { battery: 100, temperature: 23.5 }, unknown: { offset: 7 } });
    expect(cut).toMatchObject({ error: { code: 'bad-hex' } });
    expect(status).toBe(1);
  });

  test('--list names every format once', async () => {
    const { stdout } = await run('decode', '--list');
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(names).toEqual([...FORMATS, ...SENSOR_FORMATS].map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('encode', () => {
  test('is the inverse of decode', async () => {
    const decoded = await run('decode', '3m', file('in.hex', `${NO_TAG}\n${PROBE_ANSWER}\n`));
    const encoded = await run('encode', '3m', file('in.json', decoded.stdout));
    expect(encoded).toEqual({ status: 0, stdout: `${NO_TAG}\n${PROBE_ANSWER}\n`, stderr: '' });
  });

  test('a fault names its field and its line', async () => {
    const input = file('bad.json', '{"direction":"command","kind":"get-afi","uid":"E0"}\n{\n{"error":{}}\n');
    const { status, stdout } = await run('encode', '3m', input);
    expect(status).toBe(1);
    const [field, syntax, error] = jsonLines(stdout);
    expect(field).toMatchObject({
      error: { code: 'bad-value', message: expect.stringMatching(/^uid: 16 hex/), offset: 1 },
    });
    expect(syntax).toMatchObject({ error: { code: 'bad-json', offset: 2 } });
    expect(error).toMatchObject({ error: { code: 'bad-value', offset: 3 } });
  });
});

describe('sip2', () => {
  const TEXT = '1720261124    120000AO|ABcafé|AY0AZ';
  const WIRE = { 'iso-8859-1': Buffer.from(TEXT, 'latin1'), 'utf-8': Buffer.from(TEXT, 'utf8') };

  test.each(['iso-8859-1', 'utf-8'] as const)(
    '%s: a line is text, bytes and checksum in the character set',
    async (charset) => {
      const body = WIRE[charset];
      const sum = ((0x10000 - body.reduce((total, byte) => total + byte, 0)) & 0xffff).toString(16).toUpperCase();
      const message = Buffer.concat([body, Buffer.from(sum)]);
      writeFileSync(join(folder, 'in.sip2'), Buffer.concat([message, Buffer.from('\r97\r\n97AZFEF5\n97AZ0000\n77\n')]));
      const decoded = await run('decode', 'sip2', '--charset', charset, join(folder, 'in.sip2'));
      expect(decoded.status).toBe(1);
      expect(jsonLines(decoded.stdout)).toEqual([
        {
          code: '17',
          name: 'Item Information',
          fixed: { transactionDate: '20261124    120000' },
          fields: [
            ['AO', ''],
            ['AB', 'café'],
          ],
          sequence: 0,
          checksumValid: true,
        },
        { code: '97', name: 'Request ACS Resend', fixed: {}, fields: [], sequence: null, checksumValid: null },
        { code: '97', name: 'Request ACS Resend', fixed: {}, fields: [], sequence: null, checksumValid: true },
        { code: '97', name: 'Request ACS Resend', fixed: {}, fields: [], sequence: null, checksumValid: false },
        { error: { code: 'unknown-type', message: expect.any(String), offset: 0 } },
      ]);
      const good = decoded.stdout.split('\n').slice(0, 3).join('\n');
      const encoded = await run('encode', 'sip2', '--charset', charset, file('sip2.json', good));
      expect(encoded).toMatchObject({ status: 0, stdout: `${message.toString('utf8')}\n97\n97AZFEF5\n` });
    },
  );

  test('--charset names what there is, and is for sip2 alone', async () => {
    expect((await run('decode', 'sip2', '--charset', 'ebcdic')).stderr).toContain('ibm850');
    expect((await run('decode', '3m', '--charset', 'ascii')).stderr).toContain('sip2');
  });
});
