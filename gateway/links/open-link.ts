/** From the address in a reader's configuration to its {@link OpenLink}. */
import { err, ok, type Result } from '#contract/result.ts';
import type { LinkCredentials } from '#gateway/links/credentials.ts';
import { openHttpLink, parseHttpAddress, type HttpAddress } from '#gateway/links/http-link.ts';
import type { Link } from '#gateway/links/link.ts';
import { openMqttLink, parseMqttAddress, type MqttAddress } from '#gateway/links/mqtt-link.ts';
import { openSerialLink, type SerialAddress } from '#gateway/links/serial-link.ts';
import { openListenLink, type ListenAddress } from '#gateway/links/listen-link.ts';
import { openTcpLink, type TcpAddress } from '#gateway/links/tcp-link.ts';
import { openTlsLink, type TlsAddress } from '#gateway/links/tls-link.ts';
import { openWebhookLink, parseWebhookAddress, type WebhookAddress } from '#gateway/links/webhook-link.ts';

export type LinkAddress =
  | ({ readonly kind: 'tcp' } & TcpAddress)
  | ({ readonly kind: 'tls' } & TlsAddress)
  | ({ readonly kind: 'tcp-listen' } & ListenAddress)
  | ({ readonly kind: 'mqtt' } & MqttAddress)
  | ({ readonly kind: 'http' } & HttpAddress)
  | ({ readonly kind: 'webhook' } & WebhookAddress)
  | ({ readonly kind: 'serial' } & SerialAddress);

const PARITIES = ['none', 'even', 'odd'] as const;
const BAUD_DEFAULT = 9600;
const SERIAL_KEYS: ReadonlySet<string> = new Set(['baud', 'parity', 'dataBits', 'stopBits']);

/** Reads a link address; the problem in words when it is none. */
export function parseLinkAddress(text: string): Result<LinkAddress, string> {
  if (!URL.canParse(text)) return err('write tcp://host:port or serial:///dev/ttyUSB0?baud=19200');
  const url = new URL(text);
  if (url.protocol === 'tcp:') return parseTcp(url);
  if (url.protocol === 'tls:') return parseTls(url);
  if (url.protocol === 'tcp-listen:') return parseListen(url);
  if (url.protocol === 'serial:') return parseSerial(url);
  if (url.protocol === 'mqtt:' || url.protocol === 'mqtts:') return parseMqttAddress(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return parseHttpAddress(url);
  if (url.protocol === 'webhook:') return parseWebhookAddress(url);
  return err(
    `links are tcp:, tls:, tcp-listen:, serial:, mqtt:, mqtts:, http:, https: or webhook:, not ${url.protocol}`,
  );
}

function parseTcp(url: URL): Result<{ readonly kind: 'tcp' } & TcpAddress, string> {
  const address = hostAndPort(url);
  return address.ok ? ok({ kind: 'tcp', ...address.value }) : address;
}

function parseTls(url: URL): Result<LinkAddress, string> {
  const address = hostAndPort(url);
  if (!address.ok) return address;
  const unknown = unknownKey(url, ['ca', 'name', 'cert', 'key']);
  if (unknown !== undefined) return err(`${unknown} is not a TLS setting: ca, name, cert, key`);
  const { ca, name, cert, key } = Object.fromEntries(url.searchParams);
  if ((cert === undefined) !== (key === undefined)) return err('cert and key go together');
  return ok({ kind: 'tls', ...address.value, ...{ ca, name, cert, key } });
}

function parseListen(url: URL): Result<LinkAddress, string> {
  const address = hostAndPort(url);
  if (!address.ok) return address;
  const unknown = unknownKey(url, ['from']);
  if (unknown !== undefined) return err(`${unknown} is not a setting of tcp-listen: from`);
  return ok({ kind: 'tcp-listen', ...address.value, from: url.searchParams.get('from') ?? undefined });
}

function hostAndPort(url: URL): Result<TcpAddress, string> {
  const port = Number(url.port);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') return err(`the host is missing: ${url.protocol}//host:port`);
  if (port < 1) return err(`the port is missing: ${url.protocol}//host:port`);
  return ok({ host, port });
}

function unknownKey(url: URL, known: readonly string[]): string | undefined {
  return [...url.searchParams.keys()].find((key) => !known.includes(key));
}

function parseSerial(url: URL): Result<LinkAddress, string> {
  const unknown = [...url.searchParams.keys()].find((key) => !SERIAL_KEYS.has(key));
  if (unknown !== undefined) return err(`${unknown} is not a serial setting: baud, parity, dataBits, stopBits`);
  if (url.hostname !== '' || url.pathname.length < 2) return err('write three slashes: serial:///dev/ttyUSB0');
  const baud = Number(url.searchParams.get('baud') ?? BAUD_DEFAULT);
  const parity = PARITIES.find((name) => name === (url.searchParams.get('parity') ?? 'none'));
  const dataBits = Number(url.searchParams.get('dataBits') ?? 8);
  const stopBits = Number(url.searchParams.get('stopBits') ?? 1);
  if (!Number.isInteger(baud) || baud < 300 || baud > 4_000_000) return err('baud lies between 300 and 4000000');
  if (parity === undefined) return err('parity is none, even or odd');
  if (dataBits !== 7 && dataBits !== 8) return err('dataBits is 7 or 8');
  if (stopBits !== 1 && stopBits !== 2) return err('stopBits is 1 or 2');
  return ok({ kind: 'serial', path: decodeURIComponent(url.pathname), baud, parity, dataBits, stopBits });
}

/**
 * `credentials` count where the wire has a sign-in: MQTT, HTTP, webhook.
 *
 * Errors: DRV_LINK_LOST, DRV_READER_REFUSED (credentials).
 */
export function openLink(address: LinkAddress, signal: AbortSignal, credentials?: LinkCredentials): Promise<Link> {
  switch (address.kind) {
    case 'tcp':
      return openTcpLink(address, signal);
    case 'tls':
      return openTlsLink(address, signal);
    case 'tcp-listen':
      return openListenLink(address, signal);
    case 'serial':
      return openSerialLink(address, signal);
    case 'mqtt':
      return openMqttLink(address, signal, credentials);
    case 'http':
      return openHttpLink(address, signal, credentials);
    case 'webhook':
      return openWebhookLink(address, signal, credentials);
  }
}
