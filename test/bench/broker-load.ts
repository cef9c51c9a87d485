/**
 * Publishers for the broker's bench, in a process of their own: bare sockets with ready-made packets, so that the load
 * costs as little as it can. Arguments: port, secret, publishers, messages in flight each, messages a second in all
 * (0: as fast as it goes), measured milliseconds. Prints `{perSecond, p50Ms, p99Ms}`.
 */
import { connect } from 'node:net';
import { connectPacket, packet } from '#test/broker/support/mqtt-packets.ts';

const [, , portText, secret = '', publishersText, inFlightText, perSecondText, measureMsText] = process.argv;
const port = Number(portText);
const publishers = Number(publishersText);
const inFlight = Number(inFlightText);
const perSecond = Number(perSecondText);
const measureMs = Number(measureMsText);
const WARM_UP_MS = 1_500;
const CONNACK_BYTES = 4;
const PUBACK_BYTES = 4;
const SEQ_DIGITS = 9;
const ZERO = 0x30;
const BLANK = 0x20;
const encoder = new TextEncoder();

let acknowledged = 0;
let isMeasuring = false;
const latenciesMs: number[] = [];
/** A new epoch each run, or everything would be a duplicate. */
const epoch = `bench-${Date.now()}`;

/** A batch of one sighting whose number is filled in for each message; everything else is encoded once. */
function createBatch(gateway: string, index: number): (seq: number) => Uint8Array {
  const at = new Date().toISOString();
  const head = `{"epoch":"${epoch}","seq":`;
  const payload = encoder.encode(
    `${head}${'0'.repeat(SEQ_DIGITS)},"sentAt":"${at}","uptimeMs":123456,"clock":"synced","observations":[` +
      `{"kind":"tag","reader":"reader-1","antenna":3,"readPoint":"rp-f1-s${index}","phase":"update","first":"${at}",` +
      `"last":"${at}","reads":12,"cyclesSeen":1,"cyclesLive":1,"rssi":{"n":12,"meanMw":0.0000012,"maxDbm":-54,` +
      `"lastDbm":-57},"id":{"epc":"3034257BF7194E4000${String(100_000 + index)}"}}]}`,
  );
  const topic = encoder.encode(`shelfwise/v1/demo/gateways/${gateway}/observations`);
  const body = new Uint8Array(2 + topic.length + 2 + payload.length);
  body[1] = topic.length;
  body.set(topic, 2);
  body.set(payload, 4 + topic.length);
  const template = packet(0x32, body);
  const bodyAt = template.length - body.length;
  const messageIdAt = bodyAt + 2 + topic.length;
  const seqAt = messageIdAt + 2 + head.length;
  return (seq) => {
    const message = template.slice();
    const messageId = (seq % 65_535) + 1;
    message[messageIdAt] = messageId >> 8;
    message[messageIdAt + 1] = messageId & 0xff;
    // JSON has no leading zeros: blanks stand before the number.
    for (let digit = SEQ_DIGITS - 1, rest = seq; digit >= 0; digit -= 1, rest = Math.floor(rest / 10)) {
      message[seqAt + digit] = rest === 0 ? BLANK : ZERO + (rest % 10);
    }
    return message;
  };
}

interface Publisher {
  send(): void;
}

function startPublisher(gateway: string, index: number): Promise<Publisher> {
  return new Promise((resolve, reject) => {
    const name = `demo:${gateway}`;
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const batch = createBatch(gateway, index);
    const sentMs: number[] = [];
    let seq = 0;
    let isConnected = false;
    let pendingBytes = 0;

    const send = (): void => {
      seq += 1;
      sentMs.push(performance.now());
      socket.write(batch(seq));
    };
    socket.write(connectPacket({ clientId: name, username: name, password: secret }));
    socket.on('data', (chunk) => {
      pendingBytes += chunk.length;
      if (!isConnected) {
        pendingBytes -= CONNACK_BYTES;
        isConnected = true;
        resolve({ send });
      }
      // What was acknowledged together is followed up together, as one write.
      socket.cork();
      for (; pendingBytes >= PUBACK_BYTES; pendingBytes -= PUBACK_BYTES) {
        const tookMs = performance.now() - (sentMs.shift() ?? 0);
        if (isMeasuring) {
          acknowledged += 1;
          latenciesMs.push(tookMs);
        }
        if (perSecond === 0) send();
      }
      socket.uncork();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('the broker closed the connection'));
    });
  });
}

/** Each publisher in turn, at even distances: real gateways do not all send in the same instant. */
function startPacing(all: readonly Publisher[]): void {
  const startMs = performance.now();
  let sent = 0;
  setInterval(() => {
    for (const due = ((performance.now() - startMs) / 1_000) * perSecond; sent < due; sent += 1) {
      all[sent % all.length]?.send();
    }
  }, 1);
}

const all = await Promise.all(Array.from({ length: publishers }, (_, index) => startPublisher(`gw-${index}`, index)));
if (perSecond > 0) startPacing(all);
else for (const publisher of all) for (let i = 0; i < inFlight; i += 1) publisher.send();
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
