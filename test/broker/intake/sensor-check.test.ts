import { expect, test } from '@jest/globals';
import { createSensorCheck } from '#broker/intake/sensor-check.ts';
import { type Plan, plan as planSchema } from '#contract/domain/plan.ts';
import type { RegistryReader } from '#store/registry/registry.ts';

const plan = planSchema.parse({
  version: 1,
  validFrom: '2026-01-01T00:00:00.000Z',
  places: [{ id: 'hall', kind: 'zone', parent: null, name: 'Hall' }],
  aisles: [],
  lines: [{ id: 'door', from: null, to: 'hall' }],
  readPoints: [],
  sensors: [{ id: 'counter-door', decoder: 'milesight-vs133', lines: [{ channel: 1, line: 'door' }] }],
});

function checkWith(answer: Plan | undefined): {
  problem: (device: string, text: string) => string | undefined;
  asked: () => number;
  wait: (ms: number) => void;
} {
  let asked = 0;
  let nowMs = 0;
  const registry = {
    plan: () => {
      asked += 1;
      return answer;
    },
  } as unknown as RegistryReader;
  const check = createSensorCheck({ ask: (question) => ({ answer: question(registry) }) }, () => nowMs);
  const encoder = new TextEncoder();
  return {
    problem: (device, text) =>
      check(
        { library: 'town', device, kind: 'sensor', address: '127.0.0.1' } as unknown as Parameters<typeof check>[0],
        encoder.encode(text),
      ),
    asked: () => asked,
    wait: (ms) => (nowMs += ms),
  };
}

// Line 1: total in 10, total out 8, little-endian, as the maker's manual draws the VS133 payload.
const UPLINK = JSON.stringify({
  end_device_ids: { device_id: 'counter-door', application_ids: { application_id: 'library' } },
  received_at: '2026-11-20T10:00:00.000Z',
  uplink_message: {
    f_port: 85,
    f_cnt: 7,
    frm_payload: Buffer.from('03d20a00000004d208000000', 'hex').toString('base64'),
  },
});

test('an uplink that the decoder reads is no problem', () => {
  expect(checkWith(plan).problem('counter-door', UPLINK)).toBeUndefined();
});

test.each([
  ['not JSON', '{not json'],
  ['JSON of something else', '{"temperature": 21}'],
  ['an uplink with bytes of another device', UPLINK.replace(/"frm_payload":"[^"]*"/, '"frm_payload":"AAAA"')],
])('%s is named as a problem', (_what, text) => {
  expect(checkWith(plan).problem('counter-door', text)).toMatch(/\S/);
});

test('a sensor that the plan does not know is left alone', () => {
  expect(checkWith(plan).problem('counter-attic', '{not json')).toBeUndefined();
  expect(checkWith(undefined).problem('counter-door', '{not json')).toBeUndefined();
});

test('the plan is read once in a while, not for every message', () => {
  const { problem, asked, wait } = checkWith(plan);
  for (let n = 0; n < 100; n += 1) problem('counter-door', UPLINK);
  expect(asked()).toBe(1);
  wait(10_001);
  problem('counter-door', UPLINK);
  expect(asked()).toBe(2);
});
