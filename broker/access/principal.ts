/** Who is at the other end of a connection, once the secret was right. */
import { deviceUsername } from '#contract/domain/ids.ts';
import { deviceTopic, gatewayTopic } from '#contract/wire/topics.ts';
import type { DeviceRow } from '#store/registry/registry.ts';

interface Known {
  readonly library: string;
  readonly device: string;
  /** `{library}:{device}`: user name and client id alike, so that no other user can take the session over. */
  readonly name: string;
  readonly address: string;
  /** The secret that was right at sign-in: another one in the registry ends the connection. */
  readonly secretSha256: string;
}

/** The few topics of a client are spelt out once: a right is an equality, never a pattern. */
export interface GatewayPrincipal extends Known {
  readonly kind: 'gateway';
  readonly observations: string;
  readonly status: string;
  readonly notices: string;
  readonly config: string;
  readonly commands: string;
  /** What it may read. */
  readonly inbox: ReadonlySet<string>;
}

export interface SensorPrincipal extends Known {
  readonly kind: 'sensor';
  readonly up: string;
}

export type Principal = GatewayPrincipal | SensorPrincipal;

export function createPrincipal(row: DeviceRow, address: string): Principal {
  const { library, id: device, secretSha256 } = row;
  const known = { library, device, name: deviceUsername(library, device), address, secretSha256 };
  if (row.kind === 'sensor') return { ...known, kind: 'sensor', up: deviceTopic(library, device) };
  const notices = gatewayTopic(library, device, 'notices');
  const config = gatewayTopic(library, device, 'config');
  const commands = gatewayTopic(library, device, 'commands');
  return {
    ...known,
    kind: 'gateway',
    observations: gatewayTopic(library, device, 'observations'),
    status: gatewayTopic(library, device, 'status'),
    notices,
    config,
    commands,
    inbox: new Set([config, commands, notices]),
  };
}
