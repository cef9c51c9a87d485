/**
 * What a device may do on the broker. Whatever is not named here is refused: other topics, wildcards, `$share`, `$SYS`.
 *
 *     gateway  publishes its observations (QoS 1, never retained) and its status (QoS 0 or 1, retained or not);
 *              reads its config, commands and notices, and what a device of its own library publishes (a reader behind this
 *              broker), each by its literal name
 *     sensor   publishes its own `devices/{id}/up` (QoS 0 or 1, never retained); reads nothing
 */
import type { RefusalCode } from '#broker/refusals.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { parseTopic } from '#contract/wire/topics.ts';
import type { Principal } from './principal.ts';

export interface Published {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
}

export type PublishRight = 'observations' | 'status' | 'device';

export function publishRight(principal: Principal, message: Published): Result<PublishRight, RefusalCode> {
  if (message.qos === 2) return err('qos-refused');
  if (principal.kind === 'sensor') {
    if (message.topic !== principal.up) return err('topic-forbidden');
    return message.retain ? err('retain-refused') : ok('device');
  }
  if (message.topic === principal.observations) {
    // At QoS 0 a gateway would delete from its outbox what nobody has acknowledged.
    if (message.qos !== 1) return err('qos-refused');
    return message.retain ? err('retain-refused') : ok('observations');
  }
  return message.topic === principal.status ? ok('status') : err('topic-forbidden');
}

export function maySubscribe(principal: Principal, filter: string): boolean {
  if (principal.kind !== 'gateway') return false;
  return principal.inbox.has(filter) || isOwnDevice(principal.library, filter);
}

/** Wildcards are no names of devices, so a filter that passes is one literal topic. */
function isOwnDevice(library: string, filter: string): boolean {
  const topic = parseTopic(filter);
  return topic?.kind === 'device' && topic.library === library;
}

/** A will is only ever a gateway's own status. */
export function mayLeaveWill(principal: Principal, will: Published): boolean {
  return principal.kind === 'gateway' && will.topic === principal.status && will.qos < 2;
}
