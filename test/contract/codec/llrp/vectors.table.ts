import type { LlrpMessage } from '#contract/codec/llrp/message.ts';
import { bytesOf } from '#test/contract/codec/llrp/notation.ts';
import { NO_CONFIG } from '#contract/codec/llrp/reader-config.ts';

const OK = { code: 0, description: '' };
const V1 = { version: 1, messageId: 7 } as const;

/** Written from the tables of the LLRP 1.1 standard; the ones marked "captured" came from real readers. */
export const VECTORS: readonly (readonly [name: string, hex: string, message: LlrpMessage])[] = [
  ['KEEPALIVE', '043E 0000000A 00000007', { kind: 'keepalive', ...V1 }],
  ['KEEPALIVE_ACK', '0448 0000000A 00000007', { kind: 'keepalive-ack', ...V1 }],
  [
    'GET_SUPPORTED_VERSION in version 2',
    '082E 0000000A 00000007',
    { kind: 'get-supported-version', version: 2, messageId: 7 },
  ],
  [
    'GET_SUPPORTED_VERSION_RESPONSE, status last',
    '0838 00000014 00000007 01 02 011F 0008 0000 0000',
    {
      kind: 'get-supported-version-response',
      version: 2,
      messageId: 7,
      currentVersion: 1,
      highestVersion: 2,
      status: OK,
    },
  ],
  [
    'SET_PROTOCOL_VERSION',
    '082F 0000000B 00000007 02',
    { kind: 'set-protocol-version', version: 2, messageId: 7, protocolVersion: 2 },
  ],
  [
    'SET_PROTOCOL_VERSION_RESPONSE',
    '0439 00000012 00000007 011F 0008 0000 0000',
    { kind: 'set-protocol-version-response', ...V1, status: OK },
  ],
  [
    'ERROR_MESSAGE of a 1.0.1 reader that is asked for its version',
    '0464 00000015 00000007 011F 000B 006E 0003 6E 6F 2E',
    { kind: 'error-message', ...V1, status: { code: 110, description: 'no.' } },
  ],
  [
    'a status with a field and a parameter error',
    '041E 00000022 00000007 011F 0018 0064 0000 0120 0008 0002 012D 0121 0008 00B1 00C9',
    {
      kind: 'add-rospec-response',
      ...V1,
      status: {
        code: 100,
        description: '',
        fieldError: { fieldIndex: 2, code: 301 },
        parameterError: { parameterType: 177, code: 201 },
      },
    },
  ],
  ['CLOSE_CONNECTION', '040E 0000000A 00000007', { kind: 'close-connection', ...V1 }],
  ['GET_REPORT', '043C 0000000A 00000007', { kind: 'get-report', ...V1 }],
  ['ENABLE_EVENTS_AND_REPORTS', '0440 0000000A 00000007', { kind: 'enable-events-and-reports', ...V1 }],
  ['GET_ROSPECS', '041A 0000000A 00000007', { kind: 'get-rospecs', ...V1 }],
  ['DELETE_ROSPEC of all', '0415 0000000E 00000007 00000000', { kind: 'delete-rospec', ...V1, id: 0 }],
  ['START_ROSPEC', '0416 0000000E 00000007 00000001', { kind: 'start-rospec', ...V1, id: 1 }],
  ['ENABLE_ACCESSSPEC', '042A 0000000E 00000007 0000000A', { kind: 'enable-access-spec', ...V1, id: 10 }],
  [
    'CUSTOM_MESSAGE, Impinj enable extensions',
    '07FF 00000013 00000007 0000651A 15 00000000',
    { kind: 'custom-message', ...V1, vendorId: 25882, subtype: 21, payload: new Uint8Array(4) },
  ],
  [
    'a type we do not know',
    '0563 0000000C 00000007 CAFE',
    { kind: 'unknown', ...V1, type: 355, body: Uint8Array.of(0xca, 0xfe) },
  ],
  [
    'READER_EVENT_NOTIFICATION that opens a connection (captured)',
    '043F 00000020 0AB288C9 00F6 0016 0080 000C 0004F8535BAADAFF 0100 0006 0000',
    {
      kind: 'reader-event-notification',
      version: 1,
      messageId: 179472585,
      utcUs: 1398936810740479,
      events: [{ kind: 'connection-attempt', outcome: 'success' }],
      custom: [],
    },
  ],
  [
    'events of a reader without a clock',
    `043F{ 00000007 00F6( 0081 000C 00000000000F4240
     00F7 0008 0001 0003  00F8 0007 0002 80  00F9 000D 01 00000001 00000000  00FA 0005 5A  00FB 0004
     00FD 000B 00 00000001 0001  00FE 000B 00 00000001 0002  00FE 0010 00 00000001 0002 92 0003 0005
     00FF 0007 01 0004  0101 0004  0164 000C 00000001 00000009  03FF 000E 0000651A 00000029 BEEF )}`,
    {
      kind: 'reader-event-notification',
      ...V1,
      uptimeUs: 1_000_000,
      events: [
        { kind: 'hopping', hopTableId: 1, nextChannelIndex: 3 },
        { kind: 'gpi', port: 2, high: true },
        { kind: 'rospec', event: 'ended', rospecId: 1, preemptingRospecId: 0 },
        { kind: 'buffer-level', percentFull: 90 },
        { kind: 'buffer-overflow' },
        { kind: 'rf-survey', event: 'started', rospecId: 1, specIndex: 1 },
        { kind: 'aispec-end', rospecId: 1, specIndex: 2 },
        { kind: 'aispec-end', rospecId: 1, specIndex: 2, singulation: { collisionSlots: 3, emptySlots: 5 } },
        { kind: 'antenna', connected: true, antennaId: 4 },
        { kind: 'connection-close' },
        { kind: 'spec-loop', rospecId: 1, loops: 9 },
      ],
      custom: [{ vendorId: 25882, subtype: 41, payload: Uint8Array.of(0xbe, 0xef) }],
    },
  ],
  [
    'an exception that names its places',
    '043F{ 00000007 00F6( 0080 000C 0000000000000001 00FC( 0003 68 6F 74 89 00000001 8E 0001 81 0002 91 0003 ) )}',
    {
      kind: 'reader-event-notification',
      ...V1,
      utcUs: 1,
      events: [{ kind: 'exception', message: 'hot', rospecId: 1, specIndex: 1, antennaId: 2, opSpecId: 3 }],
      custom: [],
    },
  ],
  [
    'GET_READER_CAPABILITIES',
    '0401 0000000B 00000007 03',
    { kind: 'get-reader-capabilities', ...V1, requested: 'regulatory', custom: [] },
  ],
  [
    'GET_READER_CAPABILITIES_RESPONSE: device',
    `080B{ 00000007 011F 0008 0000 0000
     0089( 0004 C000 0000651A 001E8481 0003 35 2E 31
       008B 0008 0001 0000  0095 000A 0001 0001 002A  008D 0008 0004 0002  008C 0009 0001 0001 01  016B 0006 FFAA )
     008E 001C 58 01 0000 00000001 00000020 00000002 00000400 00000008
     0147 0007 C4 0002
     03FF 000C 0000651A 00000014 }`,
    {
      kind: 'get-reader-capabilities-response',
      version: 2,
      messageId: 7,
      status: OK,
      general: {
        antennas: 4,
        canSetAntennaProperties: true,
        hasUtcClock: true,
        vendorId: 25882,
        model: 2000001,
        firmware: '5.1',
        sensitivities: [{ index: 1, belowMaximumDb: 0 }],
        sensitivityRanges: [{ antennaId: 1, indexFrom: 1, indexTo: 42 }],
        gpiCount: 4,
        gpoCount: 2,
        antennaProtocols: [{ antennaId: 1, protocols: [1] }],
        maximumSensitivityDbm: -86,
      },
      llrp: {
        canSurvey: false,
        canWarnOfFullBuffer: true,
        canAskClientForOps: false,
        canSingulateStateAware: true,
        canHoldEventsAndReports: true,
        prioritiesMax: 1,
        clientOpTimeoutMs: 0,
        rospecsMax: 1,
        specsPerRospecMax: 32,
        inventoriesPerAispecMax: 2,
        accessSpecsMax: 1024,
        opsPerAccessSpecMax: 8,
      },
      c1g2: {
        canBlockErase: true,
        canBlockWrite: true,
        canBlockPermalock: false,
        canRecommission: false,
        canUmiMethod2: false,
        canXpc: true,
        filtersPerQueryMax: 2,
      },
      custom: [{ vendorId: 25882, subtype: 20, payload: new Uint8Array(0) }],
    },
  ],
  [
    'GET_READER_CAPABILITIES_RESPONSE: what the law allows',
    `040B{ 00000007 011F 0008 0000 0000
     008F( 0114 0002 0090(
       0091 0008 0001 03E8  0091 0008 0002 0C4E
       0092( 80 0093( 01 00 0002 000DF732 000DF926 ) 0094( 0001 000D3722 ) )
       0148( 0149 0020 00000003 C0 02 00 03 0001A6F4 000007D0 000061A8 000061A8 00000000 )
       016D 000C 000D2F00 000E2900 )
     03FF 000C 0000651A 00000016 ) }`,
    {
      kind: 'get-reader-capabilities-response',
      ...V1,
      status: OK,
      regulatory: {
        countryCode: 276,
        communicationsStandard: 2,
        uhf: {
          powerLevels: [
            { index: 1, powerDbm: 10 },
            { index: 2, powerDbm: 31.5 },
          ],
          isHopping: true,
          hopTables: [{ id: 1, frequenciesKhz: [915250, 915750] }],
          fixedFrequenciesKhz: [866082],
          rfModes: [
            {
              modeId: 3,
              divideRatio: '64/3',
              isConformanceTested: true,
              modulation: 2,
              forwardModulation: 0,
              spectralMask: 3,
              backscatterBitsPerSecond: 108276,
              pieRatioThousandths: 2000,
              tariNsMin: 25000,
              tariNsMax: 25000,
              tariNsStep: 0,
            },
          ],
          surveyKhz: { from: 864000, to: 928000 },
        },
        custom: [{ vendorId: 25882, subtype: 22, payload: new Uint8Array(0) }],
      },
      custom: [],
    },
  ],
  [
    'GET_READER_CONFIG with a vendor part',
    '0402{ 00000007 0001 08 0002 0003 03FF 0010 0000651A 00000015 000007D0 }',
    {
      kind: 'get-reader-config',
      ...V1,
      requested: 'keepalive',
      antennaId: 1,
      gpiPort: 2,
      gpoPort: 3,
      custom: [{ vendorId: 25882, subtype: 21, payload: Uint8Array.of(0, 0, 7, 0xd0) }],
    },
  ],
  [
    'SET_READER_CONFIG: keepalive, events, hold',
    `0403{ 00000007 80 00F4( 00F5 0007 0006 80 00F5 0007 0008 80 ) 00DC 0009 01 00002710 00E2 0005 80 }`,
    {
      kind: 'set-reader-config',
      ...V1,
      resetToFactory: true,
      config: {
        ...NO_CONFIG,
        events: [
          { eventType: 6, enabled: true },
          { eventType: 8, enabled: true },
        ],
        keepalive: { kind: 'periodic', periodMs: 10000 },
        holdOnReconnect: true,
      },
    },
  ],
  [
    'GET_READER_CONFIG_RESPONSE with all settings',
    `040C{ 00000007 011F 0008 0000 0000
     00DA 000F 00 0008 001625FFFF10BA47   00DD 0009 80 0001 0258
     00DE( 0002 00DF 0006 0005 00E0 000A 0001 0000 0051 014A( 80
         014B( 40 014C( 40 0020 000C ABC0 ) 014D 0006 03 01 014E 0005 02 )
         014F 0008 03E8 0000 0150( 80 0020 000001F4 0151 0005 C0 ) 03FF 000E 0000651A 00000017 0002 ) )
     00F4( 00F5 0007 0000 00 )
     00ED( 02 0001 00EE( 5EC0 015C 0005 E0 03FF 000C 0000651A 00000032 ) 03FF 000C 0000651A 00000033 )
     00EF 0005 01   00D9 0008 78579937   00DC 0009 00 00000000
     00E1 0008 0001 80 02   00DB 0007 0004 80   00E2 0005 00   03FF 000C 0000651A 00000024 }`,
    {
      kind: 'get-reader-config-response',
      ...V1,
      status: OK,
      config: {
        identification: { kind: 'mac-eui64', id: Uint8Array.of(0, 0x16, 0x25, 0xff, 0xff, 0x10, 0xba, 0x47) },
        antennaProperties: [{ antennaId: 1, connected: true, gainDbi: 6 }],
        antennaConfigurations: [
          {
            antennaId: 2,
            receiverSensitivityIndex: 5,
            transmitter: { hopTableId: 1, channelIndex: 0, powerIndex: 81 },
            inventory: {
              stateAware: true,
              filters: [
                {
                  truncate: 1,
                  memoryBank: 1,
                  firstBit: 32,
                  maskBits: 12,
                  mask: 'ABC0',
                  stateAware: { target: 3, action: 1 },
                  stateUnawareAction: 2,
                },
              ],
              rfControl: { modeId: 1000, tariNs: 0 },
              singulation: { session: 2, population: 32, transitMs: 500, stateFlags: 0xc0 },
              custom: [{ vendorId: 25882, subtype: 23, payload: Uint8Array.of(0, 2) }],
            },
            custom: [],
          },
        ],
        events: [{ eventType: 0, enabled: false }],
        roReport: {
          trigger: 'n-tags-or-rospec-end',
          n: 1,
          content: {
            rospecId: false,
            specIndex: true,
            inventoryParameterSpecId: false,
            antennaId: true,
            channelIndex: true,
            peakRssi: true,
            firstSeen: true,
            lastSeen: false,
            seenCount: true,
            accessSpecId: true,
            c1g2: { crc: true, pc: true, xpc: true },
            custom: [{ vendorId: 25882, subtype: 50, payload: new Uint8Array(0) }],
          },
          custom: [{ vendorId: 25882, subtype: 51, payload: new Uint8Array(0) }],
        },
        accessReportTrigger: 'end-of-access-spec',
        configurationState: 0x78579937,
        keepalive: { kind: 'none', periodMs: 0 },
        gpis: [{ port: 1, enabled: true, state: 'unknown' }],
        gpos: [{ port: 4, high: true }],
        holdOnReconnect: false,
        custom: [{ vendorId: 25882, subtype: 36, payload: new Uint8Array(0) }],
      },
    },
  ],
  [
    'ADD_ROSPEC: one AISpec for each of two antennas',
    `0414{ 00000007 00B1( 00000001 00 00
       00B2( 00B3 0005 01 00B6 0009 00 00000000 )
       00B7( 0001 0001 00B8 0009 01 000001F4 00BA( 0001 01 00DE 0006 0001 ) 03FF 000C 0000651A 00000001 )
       00B7( 0002 0002 0003 00B8( 03 00000000 00B9 0010 01 00 0000 0000 0064 000003E8 ) 00BA( 0001 01 03FF 000C 0000651A 00000002 ) )
       0163 0008 00000000
       00ED( 01 0000 00EE 0006 5FC0 ) ) }`,
    {
      kind: 'add-rospec',
      ...V1,
      rospec: {
        id: 1,
        priority: 0,
        state: 'disabled',
        boundary: { start: { kind: 'immediate' }, stop: { kind: 'null' } },
        specs: [
          {
            kind: 'aispec',
            antennaIds: [1],
            stop: { kind: 'duration', durationMs: 500 },
            inventories: [{ id: 1, airProtocol: 1, antennas: [{ antennaId: 1, custom: [] }], custom: [] }],
            custom: [{ vendorId: 25882, subtype: 1, payload: new Uint8Array(0) }],
          },
          {
            kind: 'aispec',
            antennaIds: [2, 3],
            stop: {
              kind: 'tag-observation',
              observation: 'no-new-tags-for-t-or-timeout',
              tags: 0,
              attempts: 0,
              quietMs: 100,
              timeoutMs: 1000,
            },
            inventories: [
              {
                id: 1,
                airProtocol: 1,
                antennas: [],
                custom: [{ vendorId: 25882, subtype: 2, payload: new Uint8Array(0) }],
              },
            ],
            custom: [],
          },
          { kind: 'loop', count: 0 },
        ],
        report: {
          trigger: 'n-tags-or-aispec-end',
          n: 0,
          content: {
            rospecId: false,
            specIndex: true,
            inventoryParameterSpecId: false,
            antennaId: true,
            channelIndex: true,
            peakRssi: true,
            firstSeen: true,
            lastSeen: true,
            seenCount: true,
            accessSpecId: true,
            custom: [],
          },
          custom: [],
        },
      },
    },
  ],
  [
    'GET_ROSPECS_RESPONSE: every trigger',
    `0424{ 00000007 011F 0008 0000 0000
     00B1( 00000001 07 02 00B2( 00B3( 02 00B4( 00000000 0000EA60 0080 000C 0005A9E7D2C3B1A0 ) ) 00B6 0009 01 00001388 ) 00BB( 0001 000D2F00 000E2900 00BC 000D 01 000003E8 00000000 ) )
     00B1( 00000002 01 01 00B2( 00B3( 03 00B5 000B 0001 80 00000000 ) 00B6( 02 00000000 00B5 000B 0001 00 000003E8 ) ) )
     00B1( 00000003 01 00 00B2( 00B3( 02 00B4 000C 00000001 000003E8 ) 00B6 0009 00 00000000 )
       00B7( 0001 0000 00B8( 02 00000000 00B5 000B 0002 80 00000000 ) )
       00B7( 0000 00B8 0009 00 00000000 ) ) }`,
    {
      kind: 'get-rospecs-response',
      ...V1,
      status: OK,
      rospecs: [
        {
          id: 1,
          priority: 7,
          state: 'active',
          boundary: {
            start: { kind: 'periodic', offsetMs: 0, periodMs: 60000, utcUs: 1594188022133152 },
            stop: { kind: 'duration', durationMs: 5000 },
          },
          specs: [
            { kind: 'other', type: 187, bytes: bytesOf('0001 000D2F00 000E2900 00BC 000D 01 000003E8 00000000') },
          ],
        },
        {
          id: 2,
          priority: 1,
          state: 'inactive',
          boundary: {
            start: { kind: 'gpi', port: 1, event: true, timeoutMs: 0 },
            stop: { kind: 'gpi', port: 1, event: false, timeoutMs: 1000 },
          },
          specs: [],
        },
        {
          id: 3,
          priority: 1,
          state: 'disabled',
          boundary: { start: { kind: 'periodic', offsetMs: 1, periodMs: 1000 }, stop: { kind: 'null' } },
          specs: [
            {
              kind: 'aispec',
              antennaIds: [0],
              stop: { kind: 'gpi', port: 2, event: true, timeoutMs: 0 },
              inventories: [],
              custom: [],
            },
            { kind: 'aispec', antennaIds: [], stop: { kind: 'null' }, inventories: [], custom: [] },
          ],
        },
      ],
    },
  ],
  [
    'ADD_ACCESSSPEC: read the TID, write a word, lock raw',
    `0428{ 00000007 00CF( 00000005 0001 01 00 00000000 00D0 0007 01 0001
       00D1( 0152( 0153( 60 0020 000C FFF0 000C ABC0 ) )
         0155 000F 0001 00000000 80 0000 0006  0156 0013 0002 DEADBEEF 40 0001 0002 3400 C207  0158 0010 0003 00000000 0159 0006 00 02 )
       00EF 0005 01  03FF 000C 0000651A 00000009 ) }`,
    {
      kind: 'add-access-spec',
      ...V1,
      accessSpec: {
        id: 5,
        antennaId: 1,
        airProtocol: 1,
        active: false,
        rospecId: 0,
        operationsMax: 1,
        targets: [{ memoryBank: 1, match: true, firstBit: 32, bits: 12, mask: 'FFF0', data: 'ABC0' }],
        ops: [
          { kind: 'read', opSpecId: 1, accessPassword: 0, memoryBank: 2, firstWord: 0, words: 6 },
          { kind: 'write', opSpecId: 2, accessPassword: 0xdeadbeef, memoryBank: 1, firstWord: 1, words: '3400C207' },
          { kind: 'other', type: 344, bytes: bytesOf('0003 00000000 0159 0006 00 02') },
        ],
        reportTrigger: 1,
        custom: [{ vendorId: 25882, subtype: 9, payload: new Uint8Array(0) }],
      },
    },
  ],
  [
    'GET_ACCESSSPECS_RESPONSE',
    `0436{ 00000007 011F 0008 0000 0000 00CF( 00000005 0000 01 80 00000001 00D0 0007 00 0000 00D1( 0152 0004 ) ) }`,
    {
      kind: 'get-access-specs-response',
      ...V1,
      status: OK,
      accessSpecs: [
        {
          id: 5,
          antennaId: 0,
          airProtocol: 1,
          active: true,
          rospecId: 1,
          operationsMax: 0,
          targets: [],
          ops: [],
          custom: [],
        },
      ],
    },
  ],
  [
    'RO_ACCESS_REPORT with an EPC-96 (captured)',
    '043D 0000002C 4095892F 00F0 0022 8D 3005FB63AC1F3841EC880467 81 0001 86 CE 82 0004EC2EA8354C09 88 0001',
    {
      kind: 'ro-access-report',
      version: 1,
      messageId: 1083541807,
      tags: [
        {
          epc: '3005FB63AC1F3841EC880467',
          epcBits: 96,
          antennaId: 1,
          peakRssiDbm: -50,
          firstSeenUtcUs: 1385585041558537,
          seenCount: 1,
        },
      ],
      custom: [],
    },
  ],
  [
    'RO_ACCESS_REPORT with an EPC of 144 bits (captured)',
    `043D 00000037 40958941 00F0 002D 00F1 0018 0090 1FB41F712AC9C37AB79D618173188324001A
     81 0001 86 EF 82 0004EC2EA8381F57 88 0001`,
    {
      kind: 'ro-access-report',
      version: 1,
      messageId: 1083541825,
      tags: [
        {
          epc: '1FB41F712AC9C37AB79D618173188324001A',
          epcBits: 144,
          antennaId: 1,
          peakRssiDbm: -17,
          firstSeenUtcUs: 1385585041743703,
          seenCount: 1,
        },
      ],
      custom: [],
    },
  ],
  [
    'RO_ACCESS_REPORT with everything',
    `043D{ 00000007 00F0( 00F1( 000C ABC0 ) 89 00000001 8E 0002 8A 0003 81 0004 86 80 87 0005
       82 0000000000000001 83 0000000000000002 84 0000000000000003 85 001FFFFFFFFFFFFF 88 FFFF
       8C 3000 93 0001 94 0002 8B BEEF 90 0000000A
       015D( 00 0001 0002 E2801160 ) 015E 0009 00 0002 0001  0162 0009 01 0003 0000  8F 0001
       03FF 000E 0000651A 00000039 E890  03FF 000E 0000651A 00000038 0400 )
       03FF 000C 0000651A 00000027 }`,
    {
      kind: 'ro-access-report',
      ...V1,
      tags: [
        {
          epc: 'ABC0',
          epcBits: 12,
          rospecId: 1,
          specIndex: 2,
          inventoryParameterSpecId: 3,
          antennaId: 4,
          peakRssiDbm: -128,
          channelIndex: 5,
          firstSeenUtcUs: 1,
          firstSeenUptimeUs: 2,
          lastSeenUtcUs: 3,
          lastSeenUptimeUs: Number.MAX_SAFE_INTEGER,
          seenCount: 65535,
          pc: 0x3000,
          xpcW1: 1,
          xpcW2: 2,
          crc: 0xbeef,
          accessSpecId: 10,
          opResults: [
            { kind: 'read', result: 0, opSpecId: 1, words: 'E2801160' },
            { kind: 'write', result: 0, opSpecId: 2, wordsWritten: 1 },
            { kind: 'block-write', result: 1, opSpecId: 3, wordsWritten: 0 },
          ],
          clientRequestOpSpecResult: 1,
          custom: [
            { vendorId: 25882, subtype: 57, payload: Uint8Array.of(0xe8, 0x90) },
            { vendorId: 25882, subtype: 56, payload: Uint8Array.of(4, 0) },
          ],
        },
      ],
      custom: [{ vendorId: 25882, subtype: 39, payload: new Uint8Array(0) }],
    },
  ],
];
