/**
 * The channels of the Milesight sensors: channel id and type in hex, then the layout of what follows (`fields.ts`).
 * Under `rr` the answers to settings behind FE or FF, under `ee` those behind F8 or F9. A layout that ends in `?` goes on
 * by the next byte, the kind of the history row: `20ce.01`. Numbers are little-endian, except the region mask of the VS121.
 *
 * Source: Milesight SensorDecoders, README and decoder of each device (vs-series, ws-series, am-series).
 * Where the two differ in a number the README holds; where they differ in a name both are given (`uplink.ts`).
 */
import type { MilesightDevice } from '#contract/codec/space-sensor/decoder-names.table.ts';

type Channels = Readonly<Record<string, string>>;

const DEVICE: Channels = {
  ff01: 'ipso_version:ipso',
  ff0b: 'device_status:on',
  ff0f: 'lorawan_class:u8',
  ff16: 'sn:hex8',
  fffe: 'reset_event:on',
  ffff: 'tsl_version:v2',
};
/** Versions of the newer counters are decimal, those of the older sensors hex digits. */
const DECIMAL_VERSIONS: Channels = { ff09: 'hardware_version:vhw', ff0a: 'firmware_version:v2' };
const HEX_VERSIONS: Channels = { ff09: 'hardware_version:vhwx', ff0a: 'firmware_version:vx' };
const BATTERY: Channels = { '0175': 'battery:u8' };
const RESPONSES: Channels = {
  rr03: 'report_interval:u16',
  rr04: 'confirm_mode_enable:u8',
  rr10: 'reboot:on',
  rr27: 'clear_history:on',
  rr28: 'query_device_status:on',
  rr35: 'd2d_key:hex8',
  rr40: 'adr_enable:u8',
  rr42: 'wifi_enable:u8',
  rr43: 'periodic_report_enable:u8',
  rr4a: 'sync_time:on',
  rr51: 'clear_total_count:on',
  rr68: 'history_enable:u8',
  rr69: 'retransmit_enable:u8',
  rr6a: '?',
  'rr6a.00': 'retransmit_interval:u16',
  'rr6a.01': 'resend_interval:u16',
  rr6d: 'stop_transmit:on',
  rr84: 'd2d_enable:u8',
  rr8e: '_:skip1 report_interval:u16',
  ee85: 'rejoin_config.enable:u8 rejoin_config.max_count:u8',
  ee86: 'data_rate:u8',
  ee87: 'tx_power_level:u8',
};
const MASTER_CONFIG =
  '@d2d_master_config mode:u8 enable:u8 lora_uplink_enable:u8 d2d_cmd:turned2 time:u16 time_enable:u8';

const LINES = [1, 2, 3, 4] as const;
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Three channels a line: total in, total out, both of the last period. */
function lineChannels(first: number, child: '' | '_child', history: boolean): Channels {
  return Object.fromEntries(
    LINES.flatMap((line) => {
      const id = first + 3 * (line - 1);
      const name = `line_${line}${child}`;
      const key = (at: number, type: string): string => (history ? `20ce.${hex(at)}` : hex(at) + type);
      return [
        [key(id, 'd2'), `${name}_total_in:u32`],
        [key(id + 1, 'd2'), `${name}_total_out:u32`],
        [key(id + 2, 'cc'), `${name}_period_in:u16 ${name}_period_out:u16`],
      ] as const;
    }),
  );
}

const regions = (first: number, count: number, end = ''): string =>
  Array.from({ length: count }, (_, i) => `region_${first + i}${end}_count:u8`).join(' ');

const VS133: Channels = {
  ...BATTERY,
  ...RESPONSES,
  ff01: 'ipso_version:ipso',
  ff09: 'hardware_version:v2',
  ff0a: 'firmware_version:v2',
  ff0b: 'device_status:on',
  ff0f: 'lorawan_class:u8',
  ff16: 'sn:hex8',
  ff1f: 'firmware_version:v4',
  fffe: 'reset_event:on',
  ffff: 'tsl_version:v2',
  ...lineChannels(0x03, '', false),
  ...lineChannels(0x11, '_child', false),
  '0fe3': regions(1, 4),
  '1de3': regions(1, 4, '_child'),
  '10e4': '#:u8 region_#_avg_dwell:u16 region_#_max_dwell:u16',
  '1ee4': '#:u8 region_#_child_avg_dwell:u16 region_#_child_max_dwell:u16',
  '50fc': '_:skip1 #:node #_occlusion_alarm:u8',
  '20ce': '@history timestamp:u32 ?',
  ...lineChannels(0x03, '', true),
  ...lineChannels(0x11, '_child', true),
  '20ce.0f': regions(1, 4),
  '20ce.1d': regions(1, 4, '_child'),
  '20ce.10': '#:u8 region_#_avg_dwell:u16',
  '20ce.20': '#:u8 region_#_max_dwell:u16',
  '20ce.1e': '#:u8 region_#_child_avg_dwell:u16',
  '20ce.3c': '#:u8 region_#_child_max_dwell:u16',
  rr11: 'timestamp:u32',
  rr44: 'trigger_report_enable:u8',
  ee84: 'sync_time_from_gateway_config.enable:u8 sync_time_from_gateway_config.period:u16',
  ee88: 'log_config.console_log_level:u8 log_config.file_log_level:u8',
};

const VS132: Channels = {
  ...RESPONSES,
  ff01: 'protocol_version:u8',
  ff09: 'hardware_version:dot2',
  ff0a: 'firmware_version:dot2',
  ff0b: 'device_status:on',
  ff0f: 'lorawan_class:u8',
  ff16: 'sn:hex8',
  ff1f: 'firmware_version:dot4',
  fffe: 'reset_event:on',
  ffff: 'tsl_version:v2',
  '03d2': 'total_counter_in:u32',
  '04d2': 'total_counter_out:u32',
  '05cc': 'periodic_counter_in:u16 periodic_counter_out:u16',
};

const FLOWS = ['a', 'b', 'c', 'd'] as const;
const flow = (from: string, to: string): string => `${from}_to_${to}:u16`;

const VS121: Channels = {
  ...RESPONSES,
  ff01: 'protocol_version:u8',
  ff08: 'sn:serial',
  ff09: 'hardware_version:dot2',
  ff0a: 'firmware_version:dot2',
  ff0b: 'device_status:on',
  ff0f: 'lorawan_class:u8',
  ff1f: 'firmware_version:dot4',
  fffe: 'reset_event:on',
  ffff: 'tsl_version:v2',
  '04c9': 'people_count_all:u8 region_count:u8 region_mask:U16',
  '05cc': 'people_in:i16 people_out:i16',
  '06cd': 'people_count_max:u8',
  '07d5': regions(1, 8),
  '08d5': regions(9, 8),
  ...Object.fromEntries(FLOWS.map((from, i) => [`${hex(9 + i)}da`, FLOWS.map((to) => flow(from, to)).join(' ')])),
  '0dcc': 'people_total_in:u16 people_total_out:u16',
  '0ee4': '_:skip1 dwell_time_avg:u16 dwell_time_max:u16',
  '0f85': 'timestamp:u32',
  '10f7': 'line_in:u16 line_out:u16',
  '20ce': '@history timestamp:u32 ?',
  '20ce.01': 'people_count_all:u8 region_count:u8 region_mask:U16',
  '20ce.02': 'people_in:u16 people_out:u16',
  '20ce.03': 'people_count_max:u8',
  ...Object.fromEntries([0, 1, 2, 3].map((i) => [`20ce.${hex(4 + i)}`, regions(1 + 4 * i, 4)])),
  ...Object.fromEntries(
    FLOWS.flatMap((from, i) => [
      [`20ce.${hex(8 + 2 * i)}`, `${flow(from, 'a')} ${flow(from, 'b')}`],
      [`20ce.${hex(9 + 2 * i)}`, `${flow(from, 'c')} ${flow(from, 'd')}`],
    ]),
  ),
  '20ce.10': 'people_total_in:u16 people_total_out:u16',
  '20ce.11': '_:skip1 dwell_time_avg:u16 dwell_time_max:u16',
  '20ce.12': 'line_in:u16 line_out:u16',
  rr03: 'from_now_on_report_interval:u16',
  rr43: 'report_regularly_enable:u8',
  rr44: 'people_count_change_report_enable:u8',
  rr45: 'people_counting_report_mode:u8',
  rr46: 'people_count_jitter_config.enable:u8 people_count_jitter_config.time:u16',
  rr48: 'line_detect_enable:u8',
  rr50: 'region_people_counting_enable:u8',
  rr51: 'clear_cumulative_count:on',
  ee10: 'periodic_report_scheme:u8',
  ee11: 'on_the_dot_report_interval:u8',
  ee3d: 'line_detect_report_enable:u8',
};

const PASSAGE: Channels = {
  ...DEVICE,
  ...DECIMAL_VERSIONS,
  ...RESPONSES,
  '04cc': 'total_in:u16 total_out:u16',
  '05cc': 'period_in:u16 period_out:u16',
  '0aef': 'timestamp:u32',
  '84cc': 'total_in:u16 total_out:u16 total_count_alarm:u8',
  '85cc': 'period_in:u16 period_out:u16 period_count_alarm:u8',
  '20ce': '@history timestamp:u32 ?',
  '20ce.00': 'period_in:u16 period_out:u16',
  '20ce.01': 'period_in:u16 period_out:u16 total_in:u16 total_out:u16',
  rr96: MASTER_CONFIG,
  rra6: 'clear_cumulative_enable:u8',
  rra8: '?',
  'rra8.01': 'clear_cumulative_in:yes',
  'rra8.02': 'clear_cumulative_out:yes',
  rra9: 'cumulative_enable:u8',
};
const PASSAGE_WARM: Channels = {
  ...PASSAGE,
  ...BATTERY,
  ffcc: 'power_status:u8',
  '0367': 'temperature:i16/10',
  '8367': 'temperature:i16/10 temperature_alarm:u8',
  rraa: 'temperature_enable:u8',
  rrab: 'temperature_calibration.enable:u8 temperature_calibration.calibration_value:i16/10',
  ee10: 'report_type:u8',
};
const VS360: Channels = {
  ...PASSAGE,
  '0175': 'battery_main:u8',
  '0275': 'battery_node:u8',
  '03f4': '@event type:u8 status:u8',
  rrfc: 'counting_mode:u8',
  rrfd: 'led_enable:u8',
};

const SENSOR: Channels = { ...DEVICE, ...HEX_VERSIONS, ...BATTERY, ...RESPONSES };
const VS341: Channels = { ...SENSOR, '0300': 'occupancy:u8', rr2f: 'led_indicator_enable:u8' };
const VS370: Channels = {
  ...SENSOR,
  ...DECIMAL_VERSIONS,
  '0300': 'occupancy:u8',
  '0400': 'illuminance:u8',
  rr8f: 'bluetooth_enable:u8',
  ee3e: 'pir_sensitivity:u8',
  ee3f: 'radar_sensitivity:u8',
  ee40: 'pir_idle_interval:u8',
};
const WS202: Channels = { ...SENSOR, ff08: 'sn:hex6', '0300': 'pir:u8', '0400': 'daylight:u8' };
const WS203: Channels = {
  ...SENSOR,
  '0367': 'temperature:i16/10',
  '0468': 'humidity:u8/2',
  '0500': 'occupancy:u8',
  '8367': 'temperature:i16/10 temperature_abnormal:u8',
  '20ce': '@history timestamp:u32 report_type:u8 occupancy:u8 temperature:i16/10 humidity:u8/2',
  rr02: 'collection_interval:u16',
  rr95: 'vacant_reporting_interval:u16',
};

const AIR: Channels = { ...SENSOR, '0367': 'temperature:i16/10', '0468': 'humidity:u8/2', '077d': 'co2:u16' };
const AM103: Channels = { ...AIR, '20ce': '@history timestamp:u32 temperature:i16/10 humidity:u8/2 co2:u16' };
const AIR_HISTORY = '@history timestamp:u32 temperature:i16/10 humidity:u16/2 pir:u8 light_level:u8 co2:u16';

/** The second history channel carries TVOC as µg/m³; everything else is the same. */
function ambience(more: string): Channels {
  return {
    ...AIR,
    '0500': 'pir:u8',
    '06cb': 'light_level:u8',
    '0694': 'illuminance:u32',
    '087d': 'tvoc:u16/100',
    '08e6': 'tvoc:u16',
    '0973': 'pressure:u16/10',
    '0a7d': 'hcho:u16/100',
    '0b7d': 'pm2_5:u16',
    '0c7d': 'pm10:u16',
    '0d7d': 'o3:u16/100',
    '0e01': 'buzzer_status:u8',
    '20ce': `${AIR_HISTORY} tvoc:u16/100 pressure:u16/10${more}`,
    '21ce': `${AIR_HISTORY} tvoc:u16 pressure:u16/10${more}`,
    rreb: 'tvoc_unit:u8',
  };
}

/** By the name behind `--device`, and of the decoder `milesight-…` of a sensor in the plan. */
export const MILESIGHT_CHANNELS = {
  vs121: VS121,
  vs132: VS132,
  vs133: VS133,
  vs135: VS133,
  vs350: PASSAGE_WARM,
  vs351: PASSAGE_WARM,
  vs360: VS360,
  vs340: VS341,
  vs341: VS341,
  vs370: VS370,
  ws202: WS202,
  ws203: WS203,
  am103: AM103,
  am307: ambience(''),
  'am307-v2': ambience(' illuminance:u32'),
  am308: ambience(' pm2_5:u16 pm10:u16'),
  'am319-hcho': ambience(' pm2_5:u16 pm10:u16 hcho:u16/100'),
  'am319-o3': ambience(' pm2_5:u16 pm10:u16 o3:u16/100'),
} as const satisfies Record<MilesightDevice, Channels>;
