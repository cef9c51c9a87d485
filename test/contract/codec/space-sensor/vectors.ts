/**
 * Payloads and what they say, as the makers' documents draw them: the README of each device in Milesight SensorDecoders, the
 * examples of the device repository of The Things Network, the documentation of Butlr. Enum texts are given as their codes.
 */
import type { SensorDecoder } from '#contract/codec/space-sensor/decoder-names.table.ts';

export type Vector = readonly [decoder: SensorDecoder, hex: string, values: object, port?: number];

const LINES_133 = {
  line_1_total_in: 72,
  line_1_total_out: 200,
  line_2_total_in: 0,
  line_2_total_out: 0,
  line_3_total_in: 0,
  line_3_total_out: 0,
  line_4_total_in: 5300,
  line_4_total_out: 6797,
};
const TOTALS =
  '03D248000000 04D2C8000000 06D200000000 07D200000000 09D200000000 0AD200000000 0CD2B4140000 0DD28D1A0000';
const AIR_307 = '0367EE00 04687C 050001 06CB02 077DA803 087D2500 09736627';
const AIR_307_VALUES = {
  temperature: 23.8,
  humidity: 62,
  pir: 1,
  light_level: 2,
  co2: 936,
  tvoc: 0.37,
  pressure: 1008.6,
};
const HISTORY_350 = [
  { timestamp: 1693530747, period_in: 11, period_out: 4 },
  { timestamp: 1693531647, period_in: 7, period_out: 2, total_in: 29, total_out: 8 },
];

export const VECTORS: readonly Vector[] = [
  ['milesight-vs133', TOTALS, LINES_133],
  ['milesight-vs135', TOTALS, LINES_133],
  ['milesight-vs133', '0FE302100709', { region_1_count: 2, region_2_count: 16, region_3_count: 7, region_4_count: 9 }],
  ['milesight-vs133', '10E40381212389', { region_3_avg_dwell: 8577, region_3_max_dwell: 35107 }],
  [
    'milesight-vs133',
    '11D205000000 13CC01000200',
    { line_1_child_total_in: 5, line_1_child_period_in: 1, line_1_child_period_out: 2 },
  ],
  ['milesight-vs133', '50FC000001 50FC000200', { master_occlusion_alarm: 1, node_2_occlusion_alarm: 0 }],
  [
    'milesight-vs133',
    '20CE7B3AF16403FFFFFFFF 20CE7B3AF16410010900',
    {
      history: [
        { timestamp: 1693530747, line_1_total_in: 4294967295 },
        { timestamp: 1693530747, region_1_avg_dwell: 9 },
      ],
    },
  ],
  [
    'milesight-vs132',
    'FF0101 FF166614C39694870000 FF090102 FF1F84010001 03D2BE000000 04D231010000 05CC00000000',
    {
      protocol_version: 1,
      sn: '6614c39694870000',
      hardware_version: '1.2',
      firmware_version: '132.1.0.1',
      total_counter_in: 190,
      total_counter_out: 305,
      periodic_counter_in: 0,
      periodic_counter_out: 0,
    },
  ],
  [
    'milesight-vs121',
    'FF0101 FF086600B0940976 FF090100 FF1F1F07004B',
    { protocol_version: 1, sn: '6600b0940976', hardware_version: '1.0', firmware_version: '31.7.0.75' },
  ],
  [
    'milesight-vs121',
    '04C9030800A1 06CD05',
    {
      people_count_all: 3,
      region_count: 8,
      region_1: 1,
      region_2: 0,
      region_3: 0,
      region_4: 0,
      region_5: 0,
      region_6: 1,
      region_7: 0,
      region_8: 1,
      people_count_max: 5,
    },
  ],
  // A published decoder marks regions 1 and 2 for this mask.
  ['milesight-vs121', '04C901020002', { people_count_all: 1, region_count: 2, region_1: 0, region_2: 1 }],
  ['milesight-vs121', '05CC02000100', { people_in: 2, people_out: 1 }],
  ['milesight-vs121', '0DCCFFFF0100', { people_total_in: 65535, people_total_out: 1 }],
  ['milesight-vs121', '0BDA0000000000000012', { c_to_a: 0, c_to_b: 0, c_to_c: 0, c_to_d: 4608 }],
  ['milesight-vs350', '017564 03670C01', { battery: 100, temperature: 26.8 }],
  ['milesight-vs351', '04CC12001600 05CC13001400', { total_in: 18, total_out: 22, period_in: 19, period_out: 20 }],
  [
    'milesight-vs350',
    '84CC0111081101 85CCE803E90301',
    { total_in: 4353, total_out: 4360, total_count_alarm: 1, period_in: 1000, period_out: 1001, period_count_alarm: 1 },
  ],
  ['milesight-vs350', '83673E0104', { temperature: 31.8, temperature_alarm: 4 }],
  ['milesight-vs360', '20CE7B3AF164000B000400 20CEFF3DF16401070002001D000800', { history: HISTORY_350 }],
  ['milesight-vs360', '017564 02755F', { battery_main: 100, battery_node: 95 }],
  [
    'milesight-vs360',
    '03F40001 03F40200',
    {
      event: [
        { type: 0, status: 1 },
        { type: 2, status: 0 },
      ],
    },
  ],
  ['milesight-vs341', '017564 030001', { battery: 100, occupancy: 1 }],
  ['milesight-vs370', '017564 030001 040000', { battery: 100, occupancy: 1, illuminance: 0 }],
  ['milesight-ws202', '017510 030001 040000', { battery: 16, pir: 1, daylight: 0 }],
  [
    'milesight-ws203',
    '017564 03673401 046865 050000',
    { battery: 100, temperature: 30.8, humidity: 50.5, occupancy: 0 },
  ],
  [
    'milesight-ws203',
    '20CEAE5BA6640400240165',
    { history: [{ timestamp: 1688624046, report_type: 4, occupancy: 0, temperature: 29.2, humidity: 50.5 }] },
  ],
  ['milesight-am103', '017564 03671801 04686D 077DC501', { battery: 100, temperature: 28, humidity: 54.5, co2: 453 }],
  ['milesight-am307', AIR_307, AIR_307_VALUES],
  [
    'milesight-am319-hcho',
    `${AIR_307} 0A7D0700 0B7D2000 0C7D3000`,
    { ...AIR_307_VALUES, hcho: 0.07, pm2_5: 32, pm10: 48 },
  ],
  ['browan-tbms', '01BB340400DC7801', { status: 1, battery: 3.6, temperatureBoard: 20, time: 4, count: 96476 }, 102],
  [
    'browan-tbhv',
    '610B351EBF030100510036',
    {
      status: 1,
      tempHumidChanged: 0,
      iaqChanged: 1,
      battery: 3.6,
      temperatureBoard: 21,
      humidity: 30,
      eco2: 959,
      voc: 1,
      iaq: 81,
      temperature: 22,
    },
    103,
  ],
  ['elsys', '0100E2 0229 040027 0506 1101', { temperature: 22.6, humidity: 41, light: 39, motion: 6, occupancy: 1 }],
  ['elsys', '0100E2 0229 03012705 1102', { temperature: 22.6, humidity: 41, x: 1, y: 39, z: 5, occupancy: 2 }],
  ['elsys', '01FFF6 0B80000001 19000A 190014', { temperature: -1, pulseAbs: 2147483649, externalTemperature2: [1, 2] }],
  ['terabee', '000000C8000001C800', { count_in: 200, count_out: 456, flags: {} }, 1],
  [
    'terabee',
    'FFFFFFFF0000000005',
    { count_in: 4294967295, count_out: 0, flags: { TPC_STOPPED: 1, MULTI_DEV_ISSUE: 1 } },
  ],
  [
    'terabee',
    '0105DC',
    { cmd: { name: 'CMD_GET_HEIGHT', id: 1, success: true, value: { mounting_height: 1500 } } },
    100,
  ],
  [
    'terabee',
    '03020001',
    { cmd: { name: 'CMD_GET_VER_LORA_AGENT', id: 3, success: true, value: { software_version: '2.0.1' } } },
    4,
  ],
  ['terabee', 'FF02FF', { cmd: { name: 'CMD_TPC_RST', id: 2, success: false } }, 3],
];
