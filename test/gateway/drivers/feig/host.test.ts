import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { feigSettings } from '#gateway/drivers/feig/settings.ts';
import { openSerialPair } from '#sim/readers/serial-line.ts';
import { startTcpPeer } from '#test/gateway/fakes/tcp-peer.ts';
import { until } from '#test/gateway/fakes/world.ts';
import { book, card, cleanups, cleanUp, drive, items, names, reader, reads } from './support.ts';

afterEach(cleanUp);

/** Between driver and reader: everything the reader says goes through `change`. */
async function between(url: string, change: (chunk: Uint8Array) => readonly Uint8Array[]) {
  const target = new URL(url);
  const peer = await startTcpPeer((socket) => {
    const onward = connect(Number(target.port), target.hostname);
    onward.on('error', () => undefined);
    socket.on('data', (chunk) => onward.write(chunk));
    onward.on('data', (chunk: Uint8Array) => {
      for (const piece of change(new Uint8Array(chunk))) if (socket.writable) socket.write(piece);
    });
    socket.on('close', () => onward.destroy());
  });
  cleanups.push(() => peer.close());
  return peer;
}

describe('a FEIG reader in host mode', () => {
  test.each(['both', 'advanced'] as const)('frames known: %s; tags with what stands on them', async (frames) => {
    const { link } = await reader([book(1)], { frames });
    const { events } = await drive(link);
    await until(() => reads(events).length >= 3);
    expect(reads(events)[0]).toMatchObject({
      antenna: 1,
      count: 1,
      ids: { uid: book(1).uid, afi: 0x07 },
      content: { format: 'iso28560-3', itemId: '3211000001', isil: 'DE-SW1' },
    });
    expect(events.filter(({ kind }) => kind === 'cycle').length).toBeGreaterThan(1);
  });

  test('more tags than one answer holds are all heard', async () => {
    const tags = Array.from({ length: 30 }, (_, n) => book(n));
    const { link } = await reader(tags, { tagsPerAnswer: 7 });
    const { events } = await drive(link, { memoryReadsPerPoll: 50 });
    await until(() => new Set(items(events)).size === 30);
  });

  test("a patron's card never leaves the driver", async () => {
    const { link } = await reader([card(1), book(2)]);
    const { events } = await drive(link);
    await until(() => names(events).includes('patron-card-kept') && reads(events).length > 2);
    expect(new Set(items(events))).toEqual(new Set(['3211000002']));
    expect(JSON.stringify(events)).not.toContain(card(1).uid);
  });

  test('blocks first byte first: found out from three tags, or set', async () => {
    const { link } = await reader([book(1), book(2), book(3)], { blockOrder: 'forward' });
    const set = await drive(link, { blockOrder: 'forward' });
    await until(() => new Set(items(set.events)).size === 3);
    await set.stop();
    const found = await drive(link, { blockOrder: 'detect' });
    await until(() => items(found.events).includes('3211000003'));
    expect(
      (await found.access.readBlocks({ uid: book(1).uid, firstBlock: 0, blockCount: 1 })).ok && items(found.events),
    ).toContain('3211000003');
  });

  test('another address gets no answer', async () => {
    const { link } = await reader([book(1)], { address: 3 });
    await expect(drive(link, { address: 4 })).rejects.toMatchObject({ code: 'DRV_READER_SILENT' });
    const { events } = await drive(link, { address: 3 });
    await until(() => reads(events).length > 0);
  });

  test('two readers never mix', async () => {
    const left = await reader([book(1)]);
    const right = await reader([book(2)]);
    const runs = await Promise.all([drive(left.link), drive(right.link)]);
    await until(() => runs.every(({ events }) => reads(events).length > 5));
    expect(runs.map(({ events }) => [...new Set(items(events))])).toEqual([['3211000001'], ['3211000002']]);
  });
});

describe('the tags of a FEIG reader', () => {
  test('memory, AFI, system information and EAS are written and read back, with tags at the edge of the field', async () => {
    const tag = book(1);
    let accesses = 0;
    const pad = { tags: () => [tag], isGlitch: () => (accesses += 1) % 3 === 0 };
    const { link } = await reader([], { pad });
    const { access } = await drive(link, { eas: 'custom' });
    /** Trying again is the business of the commands above. */
    const again = async <T extends { ok: boolean }>(what: () => Promise<T> | undefined): Promise<T> => {
      for (let n = 0; ; n += 1) {
        const result = await what();
        if (result === undefined) throw new Error('not offered');
        if (result.ok || n === 5) return result;
        expect(result).toMatchObject({ error: { code: 'no-tag' } });
      }
    };
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const { uid } = tag;
    expect(await again(() => access.writeBlocks({ uid, firstBlock: 20, data }))).toEqual({ ok: true });
    expect([...tag.memory.subarray(80, 88)]).toEqual([...data]);
    expect(await again(() => access.readBlocks({ uid, firstBlock: 20, blockCount: 2 }))).toMatchObject({
      value: { data, blockBytes: 4, locked: [false, false] },
    });
    expect(await again(() => access.writeAfi(uid, 0xc2))).toEqual({ ok: true });
    expect(await again(() => access.readAfi(uid))).toEqual({ ok: true, value: 0xc2 });
    expect(await again(() => access.systemInformation?.(uid))).toMatchObject({
      value: { blockBytes: 4, blockCount: 28, afi: 0xc2, dsfid: 0x3e },
    });
    expect(await again(() => access.setEas?.(uid, false))).toEqual({ ok: true });
    expect(tag.isEasOn).toBe(false);
    expect(
      await again(() => access.readBlocks({ uid, firstBlock: 27, blockCount: 2 }).then(faultIsValue)),
    ).toMatchObject({ value: 'no-such-block' });
  });

  test.each(['custom', 'transparent'] as const)('EAS %s: on, off, and a tag that is gone', async (eas) => {
    const tags = [book(1)];
    const { link } = await reader(tags);
    const { access } = await drive(link, { eas });
    const uid = book(1).uid;
    expect(await access.isEasOn?.(uid)).toEqual({ ok: true, value: true });
    expect(await access.setEas?.(uid, false)).toEqual({ ok: true });
    expect(await access.isEasOn?.(uid)).toEqual({ ok: true, value: false });
    expect(await access.setEas?.(uid, true)).toEqual({ ok: true });
    expect(await access.isEasOn?.(uid)).toEqual({ ok: true, value: true });
    tags.pop();
    expect(await access.isEasOn?.(uid)).toMatchObject({ ok: false, error: { code: 'no-tag' } });
  });

  test('a SLIX password opens AFI and EAS; a wrong one does not', async () => {
    const tag = book(1);
    const { uid } = tag;
    const { link } = await reader([tag], { easAfiPassword: Uint8Array.of(0x0f, 0x1e, 0x2d, 0x3c) });
    const { access } = await drive(link);
    expect(await access.writeAfi(uid, 0xc2)).toMatchObject({ ok: false });
    expect(await access.presentPassword?.(uid, 'eas-afi', Uint8Array.of(1, 2, 3, 4))).toMatchObject({ ok: false });
    expect(await access.writeAfi(uid, 0xc2)).toMatchObject({ ok: false });
    expect(await access.presentPassword?.(uid, 'eas-afi', Uint8Array.of(0x0f, 0x1e, 0x2d, 0x3c))).toEqual({ ok: true });
    expect(await access.writeAfi(uid, 0xc2)).toEqual({ ok: true });
    expect(tag.afi).toBe(0xc2);
  });
});

/** A fault that is wanted, as a success. */
function faultIsValue(result: { ok: boolean; error?: { code: string } }): {
  ok: boolean;
  value?: string;
  error?: object;
} {
  if (result.ok || result.error === undefined || result.error.code === 'no-tag') return result;
  return { ok: true, value: result.error.code };
}

describe('a FEIG reader on a bad line', () => {
  test('byte by byte, with noise and a false start before each answer', async () => {
    const { link } = await reader([book(1)]);
    const noise = Uint8Array.of(0x00, 0x02, 0x00, 0x09, 0xff);
    let chunks = 0;
    const peer = await between(link, (chunk) => {
      chunks += 1;
      return [...(chunks > 1 && chunks % 4 === 0 ? [noise] : []), ...Array.from(chunk, (byte) => Uint8Array.of(byte))];
    });
    const { events } = await drive(peer.openLink, { answerTimeoutMs: 400, quietMs: 50 });
    await until(() => reads(events).length > 5);
    expect(names(events)).toContain('line-noise');
    expect(new Set(items(events))).toEqual(new Set(['3211000001']));
  });

  test('an answer that comes late is not taken for that of the next question', async () => {
    const tags = [book(1), book(2)];
    const { link } = await reader(tags);
    let held: Uint8Array | undefined;
    let isHolding = false;
    const peer = await between(link, (chunk) => {
      if (isHolding && held === undefined) {
        held = chunk;
        return [];
      }
      const late = held === undefined ? [] : [held];
      if (held !== undefined) isHolding = false;
      held = undefined;
      return [...late, chunk];
    });
    tags.forEach((tag, at) => (tag.afi = 0x11 * (at + 1)));
    const { access, events } = await drive(peer.openLink, { pollMs: 3000, missesMax: 3 });
    await until(() => events.some(({ kind }) => kind === 'cycle'));
    isHolding = true;
    const answers = [];
    for (const tag of [...tags, ...tags]) answers.push(await access.readAfi(tag.uid));
    expect(answers).toContainEqual(expect.objectContaining({ ok: false }));
    const told = answers.map((answer, at) => !answer.ok || answer.value === [0x11, 0x22][at % 2]);
    expect(told).toEqual([true, true, true, true]);
  });

  test('silent: dead; cable pulled in the middle of a frame: dead; the line lost: told so', async () => {
    const hung = await reader([book(1)]);
    const silent = await drive(hung.link);
    await until(() => reads(silent.events).length > 0);
    hung.hang();
    expect(await silent.ended).toMatchObject({ code: 'DRV_READER_SILENT' });

    let isPulled = false;
    let bytesLeft = 3;
    const peer = await between((await reader([book(1)])).link, (chunk) => {
      if (!isPulled) return [chunk];
      const rest = chunk.slice(0, bytesLeft);
      bytesLeft -= rest.length;
      return rest.length > 0 ? [rest] : [];
    });
    const pulled = await drive(peer.openLink);
    await until(() => reads(pulled.events).length > 0);
    isPulled = true;
    expect(await pulled.ended).toMatchObject({ code: 'DRV_READER_SILENT' });

    const cut = await reader([book(1)]);
    const lost = await drive(cut.link);
    await until(() => reads(lost.events).length > 0);
    await cut.unplug();
    expect(await lost.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    await cut.plug();
    const back = await drive(cut.link);
    await until(() => reads(back.events).length > 0);
  });

  test('a serial line at 38400 baud with even parity', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-feig-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const pair = await openSerialPair(folder);
    cleanups.push(() => pair.close());
    const on = { kind: 'serial', path: pair.device, linkPath: pair.gateway } as const;
    const { link } = await reader([book(1)], { on });
    expect(link).toBe(`serial://${pair.gateway}?baud=38400&parity=even`);
    const { events, ended } = await drive(link, { answerTimeoutMs: 300 });
    await until(() => reads(events).length > 2);
    expect(items(events)[0]).toBe('3211000001');
    await pair.close();
    const error = (await ended) as { code: string };
    expect(['DRV_LINK_LOST', 'DRV_READER_SILENT']).toContain(error.code);
  });
});

test('settings with which a dead reader would not show in time are refused', () => {
  expect(feigSettings.safeParse({}).success).toBe(true);
  expect(feigSettings.safeParse({ missesMax: 10, answerTimeoutMs: 1000 }).success).toBe(false);
  expect(feigSettings.safeParse({ missesMax: 2, pollMs: 5000 }).success).toBe(false);
});
