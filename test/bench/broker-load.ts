/**
 * Publishers for the broker's bench, in a process of their own: bare sockets with ready-made packets, so that the load
 * costs as little as it can. Arguments: port, secret, publishers, messages in flight each, messages a second in all
 * (0: as fast as it goes), measured milliseconds. Prints `{perSecond, p50Ms, p99Ms}`.
 */
import { connect, type Socket } from 'node:net';
import { connectPacket, packet } from '#test/broker/support/mqtt-packets.ts';

const [, , portText, secret = '', publishersText, inFlightText, perSecondText, measureMsText] = process.argv;
const port = Number(portText);
const publishers = Number(publishersText);
const inFlight = Number(inFlightText);
const perSecond = Number(perSecondText);
const measureMs = Number(measureMsText);
const WARM_UP_MS = 1_500;
const PUBACK_BYTES = 4;

let acknowledged = 0;
let isMeasuring = false;
const latenciesMs: number[] = [];
/** A new epoch each run, or everything would be a duplicate. */
const epoch = `bench-${Date.now()}`;

function batchPacket(gateway: string, seq: number): Uint8Array {
  const at = new Date().toISOString();
  const payload = new TextEncoder().encode(
    `{"epoch":"${epoch}","seq":${seq},"sentAt":"${at}","uptimeMs":123456,"clock":"synced","observations":[` +
      `{"kind":"tag","reader":"reader-1","antenna":3,"readPoint":"rp-f1-s${seq % 100}","phase":"update","first":"${at}",` +
      `"last":"${at}","reads":12,"cyclesSeen":1,"cyclesLive":1,"rssi":{"n":12,"meanMw":0.0000012,"maxDbm":-54,` +
      `"lastDbm":-57},"id":{"epc":"3034257BF7194E4000${String(100_000 + (seq % 900_000))}"}}]}`,
  );
  const topic = new TextEncoder().encode(`shelfwise/v1/demo/gateways/${gateway}/observations`);
  const messageId = (seq % 65_535) + 1;
  const body = new Uint8Array(2 + topic.length + 2 + payload.length);
  body[1] = topic.length;
  body.set(topic, 2);
  body[2 + topic.length] = messageId >> 8;
  body[3 + topic.length] = messageId & 0xff;
  body.set(payload, 4 + topic.length);
  return packet(0x32, body);
}

function startPublisher(gateway: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const name = `demo:${gateway}`;
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const sentMs: number[] = [];
    let seq = 0;
    let isConnected = false;
    let pendingBytes = 0;

    const send = (): void => {
      seq += 1;
      sentMs.push(performance.now());
      socket.write(batchPacket(gateway, seq));
    };
    socket.write(connectPacket({ clientId: name, username: name, password: secret }));
    socket.on('data', (chunk) => {
      pendingBytes += chunk.length;
      if (!isConnected) {
        pendingBytes -= 4;
        isConnected = true;
        resolve(socket);
        if (perSecond === 0) for (let i = 0; i < inFlight; i += 1) send();
        else setInterval(send, (1_000 * publishers) / perSecond);
      }
      for (; pendingBytes >= PUBACK_BYTES; pendingBytes -= PUBACK_BYTES) {
        const tookMs = performance.now() - (sentMs.shift() ?? 0);
        if (isMeasuring) {
          acknowledged += 1;
          latenciesMs.push(tookMs);
        }
        if (perSecond === 0) send();
      }
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('the broker closed the connection'));
    });
  });
}

await Promise.all(Array.from({ length: publishers }, (_, index) => startPublisher(`gw-${index}`)));
await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
isMeasuring = true;
const startMs = performance.now();
await new Promise((resolve) => setTimeout(resolve, measureMs));
isMeasuring = false;
const tookMs = performance.now() - startMs;
latenciesMs.sort((a, b) => a - b);
const quantile = (part: number): number => latenciesMs[Math.floor(latenciesMs.length * part)] ?? NaN;
process.stdout.write(
  `${JSON.stringify({ perSecond: (acknowledged / tookMs) * 1_000, p50Ms: quantile(0.5), p99Ms: quantile(0.99) })}\n`,
  () => process.exit(0),
);
