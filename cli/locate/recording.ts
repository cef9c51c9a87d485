/** One line of a recording: a read, or what is wrong with the line. */
import { err, ok, type Result } from '#contract/result.ts';

export interface RecordedRead {
  readonly timeMs: number;
  readonly reader: string;
  readonly antenna: string;
  readonly tag: string;
  readonly rssiDbm: number | undefined;
}

export const RECORDING_COLUMNS = ['time_ms', 'reader', 'antenna', 'tag', 'rssi_dbm'] as const;
export type RecordingColumn = (typeof RECORDING_COLUMNS)[number];

/** Where each column stands; a recording without RSSI has none. */
export type RecordingHeader = ReadonlyMap<RecordingColumn, number>;

export interface LineFault {
  readonly field: RecordingColumn | 'line';
  readonly detail: string;
}

const RSSI_DBM_MIN = -130;
const RSSI_DBM_MAX = 30;
/** Beyond this a Date is none. */
const TIME_MS_MAX = 7e15;

/** Errors: a column is missing. */
export function parseHeader(text: string): Result<RecordingHeader, LineFault> {
  const cells = splitCells(text.replace(/^\uFEFF/, '')).map((cell) => cell.toLowerCase());
  const header = new Map<RecordingColumn, number>();
  for (const column of RECORDING_COLUMNS) {
    const at = cells.indexOf(column);
    if (at >= 0) header.set(column, at);
    else if (column !== 'rssi_dbm') {
      return err({ field: column, detail: `the header line names no column ${column}: "${text.slice(0, 200)}"` });
    }
  }
  return ok(header);
}

export function parseRead(text: string, header: RecordingHeader): Result<RecordedRead, LineFault> {
  const cells = splitCells(text);
  const cell = (column: RecordingColumn): string => cells[header.get(column) ?? -1] ?? '';
  const timeMs = toNumber(cell('time_ms'));
  if (timeMs === undefined || Math.abs(timeMs) > TIME_MS_MAX) {
    return err({ field: 'time_ms', detail: `"${cell('time_ms')}" is no time in milliseconds` });
  }
  for (const column of ['reader', 'antenna', 'tag'] as const) {
    if (cell(column) === '') return err({ field: column, detail: 'nothing stands here' });
  }
  const rssi = cell('rssi_dbm');
  const rssiDbm = rssi === '' ? undefined : toNumber(rssi);
  if (rssi !== '' && (rssiDbm === undefined || rssiDbm < RSSI_DBM_MIN || rssiDbm > RSSI_DBM_MAX)) {
    return err({ field: 'rssi_dbm', detail: `"${rssi}" is no power in dBm` });
  }
  return ok({ timeMs, reader: cell('reader'), antenna: cell('antenna'), tag: cell('tag'), rssiDbm });
}

function toNumber(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Cells between commas; one in double quotes may hold commas, and quotes written twice. */
function splitCells(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push(match[1] === undefined ? (match[2] ?? '').trim() : match[1].replaceAll('""', '"').trim());
  }
  return cells;
}
