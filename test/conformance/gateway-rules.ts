/** What a gateway owes the broker: the MQTT contract, version 1, as rules that can be watched from the broker's side. */
import { BATCH_BYTES_MAX, OBSERVATIONS_MAX } from '#contract/wire/envelope.ts';
import type { Rule } from '#test/conformance/report.ts';

export const GATEWAY_RULES = [
  { id: 'sign-in', says: 'MQTT 3.1.1; client id and user name are both "library:device"', weight: 'must' },
  {
    id: 'last-will',
    says: 'the last will is {"state":"offline",…} on its own status topic, QoS 1, retained',
    weight: 'must',
  },
  { id: 'own-topics', says: 'it publishes on gateways/{gw}/observations and …/status only', weight: 'must' },
  { id: 'inbox', says: 'it subscribes to its config, commands and notices, and to nothing else', weight: 'must' },
  { id: 'status', says: 'status is sent after every connect, QoS 1, retained, and fits its schema', weight: 'must' },
  { id: 'qos', says: 'observations are published with QoS 1, not retained', weight: 'must' },
  {
    id: 'size',
    says: `a batch has at most ${String(OBSERVATIONS_MAX)} observations and ${String(BATCH_BYTES_MAX)} bytes`,
    weight: 'must',
  },
  {
    id: 'envelope',
    says: 'every payload is an envelope {epoch, seq, sentAt, uptimeMs, clock, observations}',
    weight: 'must',
  },
  { id: 'seq', says: 'seq rises by one within an epoch, also over reconnections', weight: 'must' },
  { id: 'resend', says: 'a batch that was not acknowledged is sent again after reconnecting', weight: 'must' },
  { id: 'unchanged', says: 'a batch sent again is the same, byte for byte', weight: 'must' },
  { id: 'no-repeat', says: 'a batch that was acknowledged is not sent again', weight: 'must' },
  { id: 'observation', says: 'every observation of a kind of version 1 fits its schema', weight: 'must' },
  { id: 'times', says: 'no observation lies more than two seconds after its receipt (synced clock)', weight: 'must' },
  { id: 'scan', says: 'it tells the state of antennas in scan observations', weight: 'must' },
  { id: 'tag', says: 'the first observation of a tag at an antenna has phase "new"', weight: 'may' },
  { id: 'tag-in-scan', says: 'every antenna that reads tags also appears in scan observations', weight: 'may' },
  { id: 'reply', says: 'a command of an unknown kind is answered with a reply "refused" and a code', weight: 'must' },
  { id: 'once', says: 'a command sent twice is answered once', weight: 'must' },
  { id: 'expired', says: 'a command whose deadline is over is answered "expired" and not run', weight: 'must' },
  { id: 'reconnect', says: 'it comes back within 60 s after the connection was cut', weight: 'must' },
] as const satisfies readonly Rule[];

export type GatewayRule = (typeof GATEWAY_RULES)[number]['id'];
