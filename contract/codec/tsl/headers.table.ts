/**
 * What the two letters in front of a response field stand for.
 *
 * Source: TSL ASCII protocol 2.5, response field headers (asciiprotocol.com).
 */
export const TSL_HEADERS: Readonly<Record<string, string>> = {
  AS: 'antenna serial number',
  BA: 'Bluetooth address',
  BC: 'barcode',
  BP: 'battery percentage',
  BV: 'Bluetooth version',
  CH: 'charging state',
  CR: 'CRC of the transponder',
  CS: 'command started',
  DA: 'date',
  DT: 'date and time',
  EP: 'EPC',
  ER: 'error',
  IX: 'index of the transponder',
  ME: 'message',
  OK: 'completed',
  PC: 'protocol control word',
  PR: 'parameters',
  PV: 'protocol version',
  RD: 'data read',
  RI: 'RSSI in dBm',
  SW: 'switch state',
  TM: 'time',
  UF: 'unit firmware',
  US: 'unit serial number',
};

/** Source: TSL ASCII protocol, error codes; 005 and 008 as its users print them. */
export const TSL_ERROR = { noTransponder: '005', antennaNotFitted: '008' } as const;
