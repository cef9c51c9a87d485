/**
 * MQTT topics, version 1. Every topic carries its library, so that rights are a question of the prefix.
 *
 *     shelfwise/v1/{library}/gateways/{gateway}/observations | status | config | commands | notices
 *     shelfwise/v1/{library}/devices/{device}/up
 *     shelfwise/v1/{library}/live/items | space | alerts /…
 */
import { deviceId, libraryKey } from '#contract/domain/ids.ts';

export const TOPIC_ROOT = 'shelfwise/v1';

export const GATEWAY_CHANNELS = ['observations', 'status', 'config', 'commands', 'notices'] as const;
export type GatewayChannel = (typeof GATEWAY_CHANNELS)[number];

/** Topic of one channel of one gateway. */
export function gatewayTopic(library: string, gateway: string, channel: GatewayChannel): string {
  return `${TOPIC_ROOT}/${library}/gateways/${gateway}/${channel}`;
}

/** Topic on which a third-party sensor publishes its vendor's payload. */
export function deviceTopic(library: string, device: string): string {
  return `${TOPIC_ROOT}/${library}/devices/${device}/up`;
}

/** Topic of facts for third parties. */
export function liveTopic(library: string, stream: 'items' | 'space' | 'alerts', subject: string): string {
  return `${TOPIC_ROOT}/${library}/live/${stream}/${subject}`;
}

export type ParsedTopic =
  | { readonly kind: 'gateway'; readonly library: string; readonly gateway: string; readonly channel: GatewayChannel }
  | { readonly kind: 'device'; readonly library: string; readonly device: string }
  | { readonly kind: 'live'; readonly library: string; readonly stream: string; readonly subject: string };

/**
 * Reads a topic of ours; `undefined` for anything else, wildcards included. Looks at no more than the seven levels a
 * topic of ours can have, so that a long topic of slashes costs nothing.
 */
export function parseTopic(topic: string): ParsedTopic | undefined {
  if (topic.length > 256) return undefined;
  const [root, version, library, area, subject, channel, ...rest] = topic.split('/', 8);
  if (`${root ?? ''}/${version ?? ''}` !== TOPIC_ROOT || !libraryKey.safeParse(library).success) return undefined;
  if (library === undefined || subject === undefined || channel === undefined || rest.length > 0) return undefined;
  if (area === 'live' && /^(?:items|space|alerts)$/.test(subject) && !/[+#]/.test(channel)) {
    return { kind: 'live', library, stream: subject, subject: channel };
  }
  if (!deviceId.safeParse(subject).success) return undefined;
  if (area === 'gateways' && (GATEWAY_CHANNELS as readonly string[]).includes(channel)) {
    return { kind: 'gateway', library, gateway: subject, channel: channel as GatewayChannel };
  }
  return area === 'devices' && channel === 'up' ? { kind: 'device', library, device: subject } : undefined;
}
