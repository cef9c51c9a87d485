/**
 * The names of the decoders, as a plan and the command line write them. By themselves, since screens check plans too and
 * need none of the decoders for it.
 *
 * Source: none; each decoder names its own.
 */
export const MILESIGHT_DEVICES = [
  'vs121',
  'vs132',
  'vs133',
  'vs135',
  'vs340',
  'vs341',
  'vs350',
  'vs351',
  'vs360',
  'vs370',
  'ws202',
  'ws203',
  'am103',
  'am307',
  'am307-v2',
  'am308',
  'am319-hcho',
  'am319-o3',
] as const;
export type MilesightDevice = (typeof MILESIGHT_DEVICES)[number];

export const SENSOR_FAMILIES = [
  'milesight',
  'browan-tbms',
  'browan-tbhv',
  'elsys',
  'terabee',
  'xovis',
  'butlr',
] as const;
export type SensorFamily = (typeof SENSOR_FAMILIES)[number];

/** `milesight-vs133`, …, `elsys`, `xovis`, …: as a sensor of the plan names its decoder. */
export type SensorDecoder = `milesight-${MilesightDevice}` | Exclude<SensorFamily, 'milesight'>;

export const SENSOR_DECODERS: readonly SensorDecoder[] = [
  ...MILESIGHT_DEVICES.map((device) => `milesight-${device}` as const),
  ...SENSOR_FAMILIES.filter((family) => family !== 'milesight'),
];
