/** Promise: docs/operating.md names every setting with its default, every metric and every refusal, and none that is not there. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { z } from 'zod';
import { brokerConfig } from '#broker/config.ts';
import { createMetrics as brokerMetrics } from '#broker/metrics.ts';
import { REFUSALS } from '#broker/refusals.ts';
import { item } from '#contract/domain/item.ts';
import { plan } from '#contract/domain/plan.ts';
import { COMMAND_CODES } from '#contract/wire/commands.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import { liveMetrics, observeRequests } from '#dashboard/server/metrics.ts';
import { engineConfig } from '#engine/config.ts';
import { createEngineMetrics } from '#engine/run/metrics.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { llrpSettings } from '#gateway/drivers/llrp/settings.ts';
import { threemSettings } from '#gateway/drivers/threem/settings.ts';
import { addGauges, createMetrics as gatewayMetrics } from '#gateway/metrics.ts';
import { lendingConfig } from '#lending/config.ts';
import { addGauges as addLendingGauges, createMetrics as lendingMetrics } from '#lending/metrics.ts';
import { simConfig } from '#sim/config.ts';

const TEXT = readFileSync('docs/operating.md', 'utf8');
/** First column by second, of every table. */
const ROWS = new Map(
  [...TEXT.matchAll(/^\| `([^`|]+)` \| ([^|]*) \|/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
);

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly default?: unknown;
}

/** Every leaf as a dotted path with its default; a list is its path with `[]`. */
function leavesOf(schema: JsonSchema, path: string): [path: string, byDefault: unknown][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]): [string, unknown][] => {
    const here = `${path}.${key}`;
    if (value.items?.properties !== undefined) return leavesOf(value.items, `${here}[]`);
    return value.properties === undefined ? [[here, value.default]] : leavesOf(value, here);
  });
}

const SCHEMAS = {
  broker: brokerConfig,
  engine: engineConfig,
  dashboard: dashboardConfig,
  gateway: gatewayConfig,
  lending: lendingConfig,
  sim: simConfig,
  llrp: llrpSettings,
  '3m': threemSettings,
};
/** Whose default is another setting. */
const FOLLOWS = new Set(['dashboard.web', 'dashboard.history']);

describe('settings', () => {
  const leaves = Object.entries(SCHEMAS).flatMap(([name, schema]) =>
    leavesOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, name),
  );

  test.each(leaves)('%s is described with its default', (path, byDefault) => {
    const described = ROWS.get(path);
    expect(described).toBeDefined();
    if (byDefault === undefined || FOLLOWS.has(path)) return;
    expect(described).toBe(`\`${typeof byDefault === 'string' ? byDefault : JSON.stringify(byDefault)}\``);
  });

  test('none is described that is not there', () => {
    const known = new Set(leaves.map(([path]) => path));
    const ours = [...ROWS.keys()].filter((key) =>
      /^(?:broker|engine|dashboard|gateway|lending|sim|llrp|3m)\.(?!db$)/.test(key),
    );
    expect(ours.filter((key) => !known.has(key))).toEqual([]);
    expect(ours.length).toBe(leaves.length);
  });
});

test('every metric is in the table, and no other', () => {
  const registry = new Registry();
  // Whatever is asked for is there and nothing: only the names count here.
  const zeros = new Proxy({}, { get: () => () => 0 });
  brokerMetrics(registry, zeros as Parameters<typeof brokerMetrics>[1]);
  createEngineMetrics(registry);
  gatewayMetrics(registry);
  addGauges(registry, zeros as Parameters<typeof addGauges>[1]);
  lendingMetrics(registry);
  addLendingGauges(registry, zeros as Parameters<typeof addLendingGauges>[1]);
  observeRequests(registry);
  liveMetrics(registry);
  const named = new Set(TEXT.match(/shelfwise_[a-z_]+/g));
  expect([...named].sort()).toEqual(
    registry
      .getMetricsAsArray()
      .map(({ name }) => name)
      .sort(),
  );
});

test('every refusal is in the table, and no other', () => {
  const [, table = ''] = TEXT.split('\n## Refusals\n');
  const rows = (table.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((line) => line.split('|')[1]?.match(/[a-z-]+/g) ?? []);
  expect(named.sort()).toEqual(Object.keys(REFUSALS).sort());
});

test('every code of an answer to a command is in the table with its sentence, and no other', () => {
  const [, section = ''] = TEXT.split('\n## Tags and commands\n');
  const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)];
  expect(Object.fromEntries(rows.map(([, code, sentence]) => [code, sentence]))).toEqual(COMMAND_CODES);
});

test('its examples are what they say', () => {
  const blocks = [...TEXT.matchAll(/^```json\n([^]*?)^```/gm)].map(([, block = '']): unknown => JSON.parse(block));
  expect(plan.safeParse(blocks[0]).error).toBeUndefined();
  expect(z.array(item.omit({ library: true })).safeParse(blocks[1]).error).toBeUndefined();
  const [, yaml = ''] = /^```yaml\n([^]*?)^```/m.exec(TEXT) ?? [];
  const example = parse(yaml) as { broker: object; dashboard: object };
  expect(brokerConfig.safeParse({ folder: 'x', ...example.broker }).error).toBeUndefined();
  expect(dashboardConfig.safeParse({ folder: 'x', ...example.dashboard }).error).toBeUndefined();
});
