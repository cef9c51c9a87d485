/**
 * Everything the broker turned away, with the reason: a log line, a metric, a row for the Devices screen, and a notice if
 * the client is known. MQTT 3.1.1 itself has no words for it. All four are bounded, since refusals are what an attacker makes.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { parseDeviceUsername } from '#contract/domain/ids.ts';
import type { BrokerStateWriter, Refusal } from '#store/broker-state/broker-state.ts';
import type { Principal } from './access/principal.ts';
import type { GuardRefusal } from './guard/guarded-connection.ts';
import type { BrokerMetrics } from './metrics.ts';

/** Sentences for people. The codes are public: support staff search for them. */
export const REFUSALS = {
  'first-packet-not-connect': 'the first packet is not CONNECT',
  'connect-too-large': 'CONNECT is larger than 4 KiB',
  'connect-twice': 'a second CONNECT on one connection',
  'connect-timeout': 'no CONNECT was accepted in time',
  'packet-too-large': 'a packet is larger than allowed',
  'packet-malformed': 'a packet is malformed',
  'packet-type-refused': 'a packet of a type that clients do not send here',
  'topic-refused': 'a topic is empty, longer than 256 bytes, deeper than 8 levels, or holds NUL',
  'too-many-sockets': 'too many connections, in all or from this address',
  'tls-failed': 'the TLS handshake failed',
  'protocol-error': 'the client broke the protocol',
  'keepalive-missed': 'the client was silent for longer than it promised',
  'sign-in-locked': 'too many failed sign-ins, try again in a minute',
  'name-unknown': 'no device has this name',
  'secret-wrong': 'wrong secret',
  'device-disabled': 'the device is disabled',
  'device-revoked': 'the device was removed, disabled or given another secret',
  'client-id-refused': 'the client id must equal the user name',
  'will-refused': 'a will may only go to the own status topic, at QoS 0 or 1',
  'registry-unavailable': 'the registry is not there yet',
  'topic-forbidden': 'this device may not publish on this topic',
  'qos-refused': 'observations are sent at QoS 1, and QoS 2 is not spoken here',
  'retain-refused': 'this topic takes no retained messages',
  'filter-forbidden': 'this device may not subscribe to this filter',
  'journal-unavailable': 'the journal cannot be written, send it again later',
  'batch-unreadable': 'the batch cannot be read and was kept as a dead letter',
  'observations-invalid': 'some observations of a batch are not as the contract says and will be ignored',
  'status-unreadable': 'the status cannot be read and was kept as a dead letter',
  'payload-too-large': 'the payload is too large and was kept as a dead letter',
  'payload-unreadable':
    "the sensor's payload cannot be read by its decoder; it was kept, but nothing is counted from it",
} as const satisfies Record<GuardRefusal | (string & {}), string>;
export type RefusalCode = keyof typeof REFUSALS;

/** Lines a second; the rest is counted and told in one line. */
const LOG_LINES_MAX = 20;
/** Rows a second; the broker-state file keeps the newest 1,000 in any case. */
const ROWS_MAX = 200;
const CLIENT_CHARS_MAX = 64;
const TOPIC_CHARS_MAX = 256;

export interface RefusalFacts {
  readonly code: RefusalCode;
  readonly address: string;
  readonly principal?: Principal | undefined;
  /** User name as given, where nobody is signed in. */
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  /** More than the code's sentence says; never a payload, never a secret. */
  readonly detail?: string | undefined;
}

export interface Refusals {
  add(facts: RefusalFacts): void;
  /** Writes what has gathered; call it once a second and at the end. */
  flush(): void;
}

export interface RefusalDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: BrokerMetrics;
  readonly state: BrokerStateWriter;
}

export function createRefusals({ log, clock, metrics, state }: RefusalDeps): Refusals {
  let rows: Refusal[] = [];
  let loggedCount = 0;
  let silentCount = 0;

  return {
    add: (facts) => {
      metrics.refusals.inc({ code: facts.code });
      const row = describe(facts, clock.nowMs());
      if (rows.length < ROWS_MAX) rows.push(row);
      if (loggedCount < LOG_LINES_MAX) {
        loggedCount += 1;
        const { code, detail, client, address, topic } = row;
        log.warn({ code, detail, client, address, topic }, 'refused');
      } else silentCount += 1;
    },
    flush: () => {
      if (silentCount > 0) log.warn({ count: silentCount }, 'more was refused');
      loggedCount = 0;
      silentCount = 0;
      if (rows.length === 0) return;
      const due = rows;
      rows = [];
      state.addRefusals(due);
    },
  };
}

function describe(facts: RefusalFacts, atMs: number): Refusal {
  const sentence = REFUSALS[facts.code];
  const client = facts.principal?.name ?? facts.name ?? null;
  return {
    atMs,
    code: facts.code,
    detail: facts.detail === undefined ? sentence : printable(`${sentence}: ${facts.detail}`, 500),
    library: facts.principal?.library ?? (client === null ? null : (parseDeviceUsername(client)?.library ?? null)),
    client: client === null ? null : printable(client, CLIENT_CHARS_MAX),
    address: facts.address,
    topic: facts.topic === undefined ? null : printable(facts.topic, TOPIC_CHARS_MAX),
  };
}

/** What a stranger wrote, safe to store and to show: no control characters, no half characters, not too long. */
function printable(text: string, charsMax: number): string {
  return text.slice(0, charsMax).replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD');
}
