/**
 * The gateways of the end-to-end bench, in a process of their own, each an ordinary MQTT client. Arguments: port, secret,
 * sightings a second in all (0: as fast as it goes), milliseconds. Prints `{sightings, tookMs}` when all is acknowledged.
 */
import { connectAsync, type MqttClient } from 'mqtt';
import { deviceUsername } from '#contract/domain/ids.ts';
import type { Envelope } from '#contract/wire/envelope.ts';
import { gatewayTopic } from '#contract/wire/topics.ts';
import { ITEMS, LIBRARY, LOAD_GATEWAYS, loadSighting } from './end-to-end-library.ts';

const [, , portText, secret = '', perSecondText, durationText] = process.argv;
const perSecond = Number(perSecondText);
const durationMs = Number(durationText);
/** A tenth of a second of one gateway at 10,000 a second over ten. */
const SIGHTINGS_A_BATCH = 100;
const IN_FLIGHT_MAX = 4;
const ITEMS_A_GATEWAY = ITEMS / LOAD_GATEWAYS.length;
const epoch = `bench-${Date.now()}`;

let sightings = 0;

async function connectGateway(id: string): Promise<MqttClient> {
  const name = deviceUsername(LIBRARY, id);
  return connectAsync({ host: '127.0.0.1', port: Number(portText), clientId: name, username: name, password: secret });
}

/** Sends one batch after the other, each item of this gateway in turn, and never more in flight than a gateway would. */
async function runGateway(client: MqttClient, index: number, endMs: number): Promise<void> {
  const id = LOAD_GATEWAYS[index] ?? '';
  const topic = gatewayTopic(LIBRARY, id, 'observations');
  const everyMs = perSecond === 0 ? 0 : (SIGHTINGS_A_BATCH * LOAD_GATEWAYS.length * 1_000) / perSecond;
  const startMs = performance.now() + (everyMs * index) / LOAD_GATEWAYS.length;
  const inFlight = new Set<Promise<unknown>>();
  for (let seq = 1; performance.now() < endMs; seq += 1) {
    const dueMs = startMs + seq * everyMs;
    if (dueMs > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
    while (inFlight.size >= IN_FLIGHT_MAX) await Promise.race(inFlight);
    const sent: Promise<unknown> = client
      .publishAsync(topic, JSON.stringify(batch(index, seq)), { qos: 1 })
      .finally(() => inFlight.delete(sent));
    inFlight.add(sent);
    sightings += SIGHTINGS_A_BATCH;
  }
  await Promise.all(inFlight);
}

function batch(gateway: number, seq: number): Envelope {
  const at = new Date().toISOString();
  const observations = Array.from({ length: SIGHTINGS_A_BATCH }, (_, n) =>
    loadSighting(gateway * ITEMS_A_GATEWAY + ((seq * SIGHTINGS_A_BATCH + n) % ITEMS_A_GATEWAY), at),
  );
  return { epoch, seq, sentAt: at, uptimeMs: performance.now(), clock: 'synced', observations };
}

const clients = await Promise.all(LOAD_GATEWAYS.map(connectGateway));
const startMs = performance.now();
await Promise.all(clients.map((client, index) => runGateway(client, index, startMs + durationMs)));
const tookMs = performance.now() - startMs;
await Promise.all(clients.map((client) => client.endAsync()));
process.stdout.write(`${JSON.stringify({ sightings, tookMs })}\n`);
