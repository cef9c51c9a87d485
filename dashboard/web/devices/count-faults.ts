import type { Devices } from '#contract/wire/rest.ts';

export type Gateway = Devices['gateways'][number];
export type Reader = Gateway['readers'][number];
export type Antenna = Reader['antennas'][number];

/**
 * How many things someone must see to. What hangs behind a dead thing is not counted again: one pulled cable is one
 * fault, not seventeen.
 */
export function countFaults(devices: Devices): number {
  // What is behind catches up by itself.
  const parts = devices.parts.filter((part) => part.state === 'down').length;
  return parts + devices.gateways.reduce((sum, gateway) => sum + gatewayFaults(gateway), 0);
}

function gatewayFaults(gateway: Gateway): number {
  if (gateway.state !== 'online') return 1;
  return gateway.readers.reduce((sum, reader) => sum + readerFaults(reader), 0);
}

export function readerFaults(reader: Reader): number {
  if (reader.state === 'dead') return 1;
  return reader.antennas.filter((antenna) => antenna.state === 'dead' || antenna.state === 'blind').length;
}
