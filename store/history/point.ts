/**
 * What both histories hold a point to before they store it. InfluxDB refuses a whole line for one bad value, takes a line
 * break in a tag for a new line, and lets a later point of the same series and time overwrite an earlier one without a
 * word; so values are checked here, and the time carries what tells two events of one millisecond apart.
 */
import type { HistoryPoint, Measurement } from './history.ts';

export const DAY_MS = 86_400_000;

/** Raw evidence for a month; what was concluded from it for two years. */
const RETENTION_DAYS = { raw: 30, facts: 730 } as const;
export type Retention = keyof typeof RETENTION_DAYS;

export function retentionOf(measurement: Measurement): Retention {
  return measurement === 'sighting' || measurement === 'scan' ? 'raw' : 'facts';
}

export function retentionMs(retention: Retention): number {
  return RETENTION_DAYS[retention] * DAY_MS;
}

/** The tags of a series, in the order in which every store writes them. */
export const TAG_NAMES = ['library', 'branch', 'floor', 'zone', 'subject', 'kind'] as const;
/** InfluxDB drops a tag without a value. */
const NO_VALUE = '-';

/** A gateway's clock may run ahead a little; a point from next week would hide the present. */
const AHEAD_MS_MAX = DAY_MS;
const TAG_CHARS_MAX = 128;
const TEXT_CHARS_MAX = 1024;
const FIELDS_MAX = 64;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** Names a field may not have: they are the series, or the time. */
const TAKEN_NAMES: ReadonlySet<string> = new Set([...TAG_NAMES, 'time']);
const UNSTORABLE = /[\p{Cc}\p{Surrogate}]/u;
const LOW_DIGITS = 1_000_000;

export type CheckedPoint = { readonly point: HistoryPoint } | { readonly reason: string };

/** The point as it is stored (whole milliseconds, no empty tag), or why it never can be. */
export function checkPoint(point: HistoryPoint, nowMs: number): CheckedPoint {
  const reason = tagFault(point) ?? fieldsFault(point.fields) ?? timeFault(point, nowMs);
  if (reason !== undefined) return { reason };
  const tags = Object.fromEntries(TAG_NAMES.map((name) => [name, point[name] === '' ? NO_VALUE : point[name]]));
  return { point: { ...point, ...tags, atMs: Math.round(point.atMs) } };
}

function tagFault(point: HistoryPoint): string | undefined {
  if (point.library === '') return 'no library';
  for (const name of TAG_NAMES) {
    const value = point[name];
    if (value.length > TAG_CHARS_MAX) return `${name} is longer than ${TAG_CHARS_MAX} characters`;
    if (UNSTORABLE.test(value) || value.includes('\\')) return `${name} holds a control character or a backslash`;
  }
  return undefined;
}

function fieldsFault(fields: HistoryPoint['fields']): string | undefined {
  const entries = Object.entries(fields);
  if (entries.length === 0) return 'no field';
  if (entries.length > FIELDS_MAX) return `more than ${FIELDS_MAX} fields`;
  for (const [name, value] of entries) {
    if (!FIELD_NAME.test(name) || TAKEN_NAMES.has(name)) return `a field cannot be called ${JSON.stringify(name)}`;
    const reason = valueFault(value);
    if (reason !== undefined) return `field ${name} ${reason}`;
  }
  return undefined;
}

function valueFault(value: unknown): string | undefined {
  if (typeof value === 'boolean') return undefined;
  if (typeof value === 'number') {
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : 'is no number below 2^53';
  }
  if (typeof value !== 'string') return `is ${value === null ? 'null' : typeof value}`;
  if (value.length > TEXT_CHARS_MAX) return `is longer than ${TEXT_CHARS_MAX} characters`;
  if (value.endsWith('\\')) return 'ends in a backslash';
  return UNSTORABLE.test(value) ? 'holds a control character' : undefined;
}

function timeFault({ atMs, eventId, measurement }: HistoryPoint, nowMs: number): string | undefined {
  if (eventId === '') return 'no event id';
  if (!Number.isFinite(atMs)) return 'no time';
  if (atMs > nowMs + AHEAD_MS_MAX) return 'more than a day in the future';
  return atMs < nowMs - retentionMs(retentionOf(measurement)) ? 'older than its retention' : undefined;
}

/**
 * The six digits below the millisecond, from the event's id (FNV-1a): the same event always has the same time, and two
 * events of one series in one millisecond have different ones but for one chance in a million.
 */
export function lowDigits(eventId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < eventId.length; index += 1) {
    hash = Math.imul(hash ^ eventId.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % LOW_DIGITS;
}

/** Nanoseconds as text, since they do not fit a number. */
export function pointTimeNs(point: HistoryPoint): string {
  return `${Math.round(point.atMs)}${String(lowDigits(point.eventId)).padStart(6, '0')}`;
}
