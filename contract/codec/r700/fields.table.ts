/**
 * Fields of the R700's events and their plain names. Power in dBm instead of hundredths; times as the reader writes them,
 * ISO 8601 in UTC with up to nine decimals of a second.
 *
 * Source: Impinj IoT device interface, OpenAPI 1.7 (TagInventoryEvent, AntennaConnectedEvent, AntennaActivationEvent,
 * InventoryStatusEvent, GpiTransitionEvent, OverflowEvent); `inventoryTerminated`, `diagnostic` and the three `tagLocation`
 * events from the interface's older versions.
 */
import { hexField, hundredths, numberField, textField, type PlainTable } from '#contract/codec/plain-fields.ts';

export const EVENT_FIELDS: PlainTable = [
  numberField('antennaPort', 'antenna'),
  textField('antennaName', 'antennaName'),
  hundredths('peakRssiCdbm', 'rssiDbm'),
  hundredths('transmitPowerCdbm', 'txDbm'),
  numberField('frequency', 'frequencyKhz'),
  numberField('phaseAngle', 'phaseDegrees'),
  textField('lastSeenTime', 'lastSeenAt'),
  hexField('pc', 'pc'),
  hexField('xpcHex', 'xpc'),
  // `inventoryStatus` is what the first versions called it.
  textField('status', 'status'),
  textField('inventoryStatus', 'inventoryStatus'),
  numberField('gpi', 'gpi'),
  textField('transition', 'transition'),
  textField('firstEventTimestamp', 'firstLostAt'),
  textField('lastEventTimestamp', 'lastLostAt'),
  numberField('eventsPurged', 'lost'),
  numberField('eventsRemaining', 'kept'),
];
