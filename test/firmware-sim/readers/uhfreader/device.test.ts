import { afterEach, describe, expect, test } from '@jest/globals';
import { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import { FAMILY_288 } from '#contract/codec/uhfreader/family-288.table.ts';
import { ADDRESS_ANY, encodeFrame } from '#contract/codec/uhfreader/framer.ts';
import { encodeCommand } from '#contract/codec/uhfreader/message.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { newGen2Tag } from '#sim/readers/gen2-tag.ts';
import { UhfreaderDevice } from '#sim/readers/uhfreader/device.ts';
import { Firmware18 } from '#sim/readers/uhfreader/firmware-18.ts';
import { Firmware288 } from '#sim/readers/uhfreader/firmware-288.ts';
import { tableAir } from '#test/firmware-sim/readers/fakes/table-air.ts';
import { clock, until } from '#test/gateway/fakes/world.ts';

const EPC = '49440000000000000A000334';
/** The strength byte 64 of a captured frame. */
const RSSI_DBM = 0x64 - 129;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A device with its answers, hex. */
function open(family: 288 | 18, antennas = 4) {
  const air = tableAir(
    [{ tag: newGen2Tag({ epc: EPC }), rssiDbm: RSSI_DBM, antenna: family === 288 ? 3 : 1 }],
    antennas,
  );
  const device =
    family === 288
      ? new UhfreaderDevice(new Firmware288({ air, clock, antennas, roundMs: 5 }))
      : new UhfreaderDevice(new Firmware18({ air, clock, roundMs: 5 }));
  const answers: string[] = [];
  const session = device.connect((bytes) => answers.push(toHex(bytes)));
  closing.push(() => session.close?.());
  const say = (hex: string): void => {
    session.feed(fromHex(hex) ?? new Uint8Array(0));
  };
  return { answers, say, sayBytes: session.feed.bind(session) };
}

describe('a simulated UHFReader', () => {
  test('a captured inventory command of antenna 3 gets the captured answer', async () => {
    const { answers, sayBytes } = open(288);
    const search = { target: 0, ant: 0x82, scanTime: 10 };
    sayBytes(encodeCommand(FAMILY_288, 0, { kind: 'inventory', qValue: 4, session: 1, search }));
    await until(() => answers.length === 2);
    expect(answers[0]).toBe('1500010304010C49440000000000000A0003346425C0');
  });

  test('UHFReader18: one tag is one frame, laid out as in the manual', async () => {
    const { answers, sayBytes } = open(18);
    sayBytes(encodeCommand(FAMILY_18, ADDRESS_ANY, { kind: 'inventory', tid: undefined }));
    await until(() => answers.length === 1);
    expect(answers[0]?.slice(0, -4)).toBe(`13000101010C${EPC}`);
  });

  test('an unknown command is FE with command 0, a known one of a wrong length FD', async () => {
    const { answers, sayBytes } = open(288);
    sayBytes(encodeFrame({ address: 0, code: 0x99, data: Uint8Array.of() }));
    sayBytes(encodeFrame({ address: 0, code: 0x76, data: Uint8Array.of(1, 2, 3) }));
    await until(() => answers.length === 2);
    expect(answers.map((answer) => answer.slice(0, -4))).toEqual(['050000FE', '050076FD']);
  });

  test('a command for another address is not answered', async () => {
    const { answers, sayBytes } = open(288);
    sayBytes(encodeCommand(FAMILY_288, 9, { kind: 'reader-info' }));
    sayBytes(encodeCommand(FAMILY_288, 0, { kind: 'real-time' }));
    await until(() => answers.length > 0);
    expect(answers.map((answer) => answer.slice(4, 8))).toEqual(['7700']);
  });

  test('noise before a command, then a silence: the command is heard', async () => {
    const { answers, say, sayBytes } = open(288);
    say('20 00');
    await until(() => {
      if (answers.length === 0) sayBytes(encodeCommand(FAMILY_288, 0, { kind: 'reader-info' }));
      return answers.length > 0;
    });
    expect(answers[0]?.slice(4, 8)).toBe('2100');
  });
});
